"""Whether a text that is being edited is JSON, and where it stops being that."""

import re
from json import JSONDecodeError, JSONDecoder
from typing import Final, NoReturn

CHECKED: Final = frozenset({"json", "jsonl"})
"""The syntaxes that can be checked."""
TOO_DEEP: Final = "nested too deeply to check"
"""What is said in place of a problem where none was looked for."""
_CONSTANT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<constant>NaN|-?Infinity)', re.DOTALL)


def json_problem(text: str, syntax: str) -> str | None:
    """Say where and why `text` is not JSON, None where it is."""
    if syntax == "json":
        return _problem(text, first_line=1)
    for number, line in enumerate(text.split("\n"), 1):
        problem = _problem(line, first_line=number) if line.strip() else None
        if problem:
            return problem
    return None


def _problem(text: str, *, first_line: int) -> str | None:
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    try:
        _DECODER.decode(text)
    except JSONDecodeError as error:
        return f"line {error.lineno + first_line - 1}, column {error.colno}: {error.msg}"
    except _NotJsonError as error:
        at = _first_constant(text)
        line, column = text.count("\n", 0, at) + first_line, at - text.rfind("\n", 0, at)
        return f"line {line}, column {column}: {error.args[0]}"
    except RecursionError:
        return TOO_DEEP
    return None


def _first_constant(text: str) -> int:
    places = (found.start() for found in _CONSTANT.finditer(text) if found["constant"])
    return next(places, 0)


class _NotJsonError(Exception):
    """A constant that Python reads and JSON does not know."""


def _refuse(constant: str) -> NoReturn:
    raise _NotJsonError(constant)


_DECODER: Final = JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=len
)
"""Reads the grammar and keeps nothing: no number is too long, no object is built."""
