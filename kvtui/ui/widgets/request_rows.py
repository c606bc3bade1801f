"""Requests as rows, newest last."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from kvtui.protocol import NAMESPACES_PATH
from kvtui.records import TraceEntry
from kvtui.ui.formatting import shorten_left
from kvtui.ui.text import line
from kvtui.ui.widgets.row_view import RowView

_COLUMNS: Final = {"time": -8, "method": -6, "answer": 6, "ms": 6, "out": 7, "in": 7, "try": 3}
"""Widths in cells; below zero the column is left-aligned."""
_FIXED_CELLS: Final = sum(abs(cells) + 1 for cells in _COLUMNS.values()) + 1
_ID: Final = re.compile(r"([0-9a-f]{8})-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def _cell(column: str, text: str) -> str:
    cells = _COLUMNS[column]
    return f" {text:>{cells}}" if cells > 0 else f" {text:<{-cells}}"


class RequestRows(RowView):
    """Follows the newest request until the cursor is moved away from it."""

    HEADING = "".join(_cell(column, column) for column in _COLUMNS) + " target"
    COMPONENT_CLASSES = {
        "log--time",
        "log--write",
        "log--ok",
        "log--client-error",
        "log--server-error",
        "log--waiting",
    }
    DEFAULT_CSS = """
    RequestRows > .log--time { color: $text-muted; }
    RequestRows > .log--write { color: $text-warning; text-style: bold; }
    RequestRows > .log--ok { color: $text-success; }
    RequestRows > .log--client-error { color: $text-warning; }
    RequestRows > .log--server-error { color: $text-error; }
    RequestRows > .log--waiting { color: $text-muted; }
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._shown: Sequence[TraceEntry] | None = None

    @property
    def row_count(self) -> int:
        return len(self._shown or ())

    @property
    def highlighted(self) -> TraceEntry | None:
        """The request under the cursor."""
        return self._shown[self.cursor] if self._shown else None

    def show_entries(self, entries: Sequence[TraceEntry]) -> bool:
        """Show other entries, the cursor on the same request; tell whether anything changed."""
        if self._shown is not None and list(self._shown) == list(entries):
            return False
        before = self.highlighted
        is_following = self.cursor >= self.row_count - 1
        self._shown = list(entries)
        self.rows_changed()
        if is_following or before is None:
            self.cursor = self.row_count - 1
        else:
            self.cursor = _row_of(self._shown, before.number)
        return True

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        if self._shown is None:
            return []
        entry = self._shown[row]
        room = width - _FIXED_CELLS
        return [
            (
                _cell("time", f"{datetime.fromtimestamp(entry.started_at).astimezone():%H:%M:%S}"),
                "log--time",
            ),
            (_cell("method", line(entry.method)), "log--write" if entry.is_write else ""),
            (_cell("answer", _answer(entry)), _answer_class(entry)),
            (_cell("ms", _milliseconds(entry)), ""),
            (_cell("out", _count(entry.sent_bytes)), ""),
            (_cell("in", _count(entry.received_bytes)), ""),
            (_cell("try", str(entry.attempt) if entry.attempt > 1 else ""), "log--client-error"),
            (f" {_short_target(entry.target, room)}", ""),
        ]


def _row_of(entries: Sequence[TraceEntry], number: int) -> int:
    """Give the row of a request, or of the first one after it where it is not shown any more."""
    return next((row for row, entry in enumerate(entries) if entry.number >= number), 0)


def _short_target(target: str, room: int) -> str:
    """Give what tells requests apart: of the path a part of the id and the end, then the query."""
    path, mark, query = line(_ID.sub(r"\1…", target)).partition("?")
    if len(path) + len(mark) + len(query) > room:
        path = "…" + path.rpartition(NAMESPACES_PATH)[2]
    path = shorten_left(path, room)
    left = room - len(path)
    query = mark + query
    return path + (query if len(query) <= left else query[: max(0, left - 1)] + "…"[:left])


def _answer(entry: TraceEntry) -> str:
    if entry.status is not None:
        return str(entry.status)
    return "none" if entry.error else "…"


def _answer_class(entry: TraceEntry) -> str:
    if entry.status is None:
        return "log--server-error" if entry.error else "log--waiting"
    if entry.status < 400:
        return "log--ok"
    return "log--client-error" if entry.status < 500 else "log--server-error"


def _milliseconds(entry: TraceEntry) -> str:
    return "" if entry.duration_seconds is None else f"{entry.duration_seconds * 1000:.0f}"


def _count(number: int) -> str:
    return str(number) if number else ""
