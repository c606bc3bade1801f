"""What one row of the keys looks like: its text, and the style of each part."""

from typing import TYPE_CHECKING, Final

from kvtui.keyspace.row import Mark, RowKind
from kvtui.protocol import dot_segment_problem
from kvtui.ui.formatting import age, count, fit, size
from kvtui.ui.text import line

if TYPE_CHECKING:
    from kvtui.keyspace.row import Row

SIZE_CELLS: Final = 9
AGE_CELLS: Final = 11
LEAST_CELLS_WITH_AGE: Final = 40
EMPTY_LABEL: Final = "∅"
"""Stands for an empty part between two separators."""
ASCII_EMPTY_LABEL: Final = '""'
"""The same, of characters that no key has."""

_SIGNS: Final[dict[Mark | None, tuple[str, str]]] = {
    Mark.WRITTEN: ("*", "key--written"),
    Mark.NEW: ("+", "key--new"),
    Mark.CHANGED: ("~", "key--changed"),
    Mark.GONE: ("-", "key--gone"),
}
"""What a marked row shows beside its colour."""


class KeyRowDrawing:
    """Draws folders, keys and what stands for more of them; styles are the key explorer's."""

    def __init__(self, *, is_ascii: bool) -> None:
        self._is_ascii = is_ascii
        self._empty_label = ASCII_EMPTY_LABEL if is_ascii else EMPTY_LABEL

    def runs(self, row: "Row", width: int, now: float, *, is_marked: bool) -> list[tuple[str, str]]:
        """Give the parts of a row of `width` cells; ages are counted from `now`."""
        runs = self._unmarked_runs(row, width, now)
        if not is_marked:
            return runs
        sign = "#" if self._is_ascii else "✓"
        [(text, style), *others] = runs
        return [(sign, "key--marked"), (text[1:], style), *others]

    def _unmarked_runs(self, row: "Row", width: int, now: float) -> list[tuple[str, str]]:
        indent = "  " * row.depth
        if row.kind is RowKind.MORE:
            return [(f" {indent}… more: Enter continues", "key--more")]
        if row.kind is RowKind.FOLDER:
            return self._folder_runs(row, indent, width)
        return self._key_runs(row, indent, width, now)

    def _folder_runs(self, row: "Row", indent: str, width: int) -> list[tuple[str, str]]:
        closed, opened = ("+", "-") if self._is_ascii else ("▸", "▾")
        sign = opened if row.is_expanded else closed
        detail = "" if row.count is None else count(row.count, is_exact=row.is_count_exact)
        label = f" {indent}{sign} {line(row.label) or self._empty_label}/"
        room = max(1, width - len(detail) - 2)
        return [(fit(label, room).ljust(room), "key--folder"), (f" {detail} ", "key--detail")]

    def _key_runs(self, row: "Row", indent: str, width: int, now: float) -> list[tuple[str, str]]:
        label = f" {indent}  {line(row.label) or self._empty_label}"
        entry = row.entry
        details = ""
        if entry is not None:
            details = size(entry.size_bytes).rjust(SIZE_CELLS)
            if width >= max(LEAST_CELLS_WITH_AGE, len(label) + SIZE_CELLS + AGE_CELLS + 2):
                details += age(entry.updated_at, now).rjust(AGE_CELLS)
        mark, style = _SIGNS.get(row.mark, (" ", ""))
        if dot_segment_problem(row.path) is not None:
            style, details = "key--refused", "cannot be addressed"
        room = max(1, width - len(details) - 2)
        return [
            (fit(label, room).ljust(room), style),
            (mark, style),
            (f"{details} ", "key--detail"),
        ]
