"""JMESPath over JSON: what an expression finds, with numbers as they are stored."""

import json
import re
from typing import Final

from kvtui.values.detection import Detection, Format
from kvtui.values.formats import json_text
from kvtui.values.formats.json_tree import JsonTree
from kvtui.values.formats.notation import notation

MAX_BYTES: Final = 8 * 1024 * 1024
"""Larger values are not read into objects."""
_COLUMN: Final = re.compile(r": Parse error at column (\d+)")
_PREAMBLE: Final = re.compile(r"(?:Invalid|Bad) jmespath expression: ")
_LONGEST_INTEGER: Final = 4000
"""Python refuses to read integers of more digits."""


class QueryError(Exception):
    """An expression that cannot be carried out, or a value that cannot be asked; says why."""


class _StoredNumber(float):
    """A number that is shown as it is stored."""

    text: str

    def __new__(cls, text: str) -> "_StoredNumber":
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self) -> str:
        return self.text


# JMESPath tells the types of arguments by the names of their classes.
_StoredNumber.__name__ = "float"


class JsonQuery:
    """A value ready to be asked, again and again."""

    def __init__(self, detection: Detection) -> None:
        """Read the value; raise QueryError where it is no JSON or too large."""
        text = detection.text
        if text is None or detection.format not in {Format.JSON, Format.JSON_LINES}:
            raise QueryError(f"the value is not JSON ({detection.format})")
        if len(text) > MAX_BYTES:
            raise QueryError(f"the value has more than {MAX_BYTES:,} characters")
        try:
            if detection.format is Format.JSON_LINES:
                self._data: object = [_read(document) for document in json_text.documents(text)]
            else:
                self._data = _read(text)
        except (ValueError, RecursionError) as error:
            raise QueryError("the value cannot be read as JSON") from error

    def find(self, expression: str) -> JsonTree:
        """Give what `expression` finds; raise QueryError where it means nothing."""
        import jmespath
        from jmespath.exceptions import JMESPathError

        try:
            found = jmespath.search(expression, self._data)
        except JMESPathError as error:
            raise QueryError(_words(error)) from error
        except (ArithmeticError, TypeError, ValueError, RecursionError) as error:
            raise QueryError("this cannot be computed") from error
        return JsonTree(notation(found), is_notation=True)


def _read(text: str) -> object:
    value: object = json.loads(text, parse_float=_StoredNumber, parse_int=_integer, strict=False)
    return value


def _integer(text: str) -> int | _StoredNumber:
    if text == "-0" or len(text) > _LONGEST_INTEGER:
        return _StoredNumber(text)
    return int(text)


def _words(error: Exception) -> str:
    """Give what is wrong without what everyone knows: that it is an expression, and which."""
    first = str(error).partition("\n")[0]
    if column := _COLUMN.search(first):
        first = f"{first[: column.start()]}, column {column[1]}"
    return _PREAMBLE.sub("", first).rstrip(": ") or "the expression means nothing"
