"""JSON as text: pretty or as stored, every token as it is in the value."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from kvtui.values.formats.json_tokens import JsonLine
from kvtui.values.painting import Run
from kvtui.values.text_lines import Document
from kvtui.values.wrapping import LineIndex, Row

_BLANKS: Final = "\ufeff \t\r\n"
TOO_DEEP: Final = "nested too deep"

_LINES_KEPT: Final = 8


def problem(text: str) -> str | None:
    """Say why `text` is not JSON, or None."""
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except msgspec.DecodeError as error:
        return str(error).removeprefix("JSON is malformed: ")
    except RecursionError:
        return TOO_DEEP
    return None


def pretty(text: str) -> str | None:
    """Lay out JSON over lines, or None where it is not strictly JSON.

    Works on tokens: numbers, escapes, repeated names and their order stay as they are.
    """
    try:
        return msgspec.json.format(text, indent=2)
    except (msgspec.DecodeError, RecursionError):
        return None


def laid_out(text: str) -> str | None:
    """Lay out JSON over lines and keep its byte order mark and the blanks at its ends."""
    body = text.strip(_BLANKS)
    pretty_body = pretty(body)
    if pretty_body is None:
        return None
    start = text.index(body)
    return text[:start] + pretty_body + text[start + len(body) :]


def document_count(text: str) -> int:
    """Count the JSON documents that follow each other, 0 where there is anything else."""
    return len(_documents(text))


def pretty_documents(text: str) -> str | None:
    """Lay out each of several documents over lines, or None where there is anything else."""
    parts = [msgspec.json.format(bytes(raw), indent=2) for raw in _documents(text)]
    return b"\n".join(parts).decode() if parts else None


def documents(text: str) -> list[str]:
    """Give the JSON documents that follow each other, none where there is anything else."""
    return [bytes(raw).decode() for raw in _documents(text)]


def _documents(text: str) -> list[msgspec.Raw]:
    try:
        return msgspec.json.Decoder(msgspec.Raw).decode_lines(text)
    except (msgspec.DecodeError, RecursionError):
        return []


class JsonColouring:
    """Colours the rows of JSON text, or of text written like it."""

    def __init__(self, index: LineIndex) -> None:
        self._index = index
        self._line = lru_cache(_LINES_KEPT)(self._read_line)

    def runs(self, row: Row) -> Iterable[Run]:
        start, _ = self._index.span(row.line)
        return self._line(row.line).runs(row.start - start, row.end - start)

    def _read_line(self, line: int) -> JsonLine:
        start, end = self._index.span(line)
        return JsonLine(self._index.text[start:end])


def document(text: str) -> Document:
    """Prepare JSON text, or text written like it, for showing."""
    index = LineIndex(text)
    return Document(index, JsonColouring(index))
