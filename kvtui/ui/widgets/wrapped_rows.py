"""Lines cut into rows of the editor's width, at a cost that does not grow with the text."""

from bisect import bisect_right
from itertools import accumulate, pairwise

from rich.cells import cell_len
from textual._cells import cell_width_to_column_index
from textual.document._document import DocumentBase, Location
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Offset

from kvtui.values.display import show_in_place


def shown(line: str) -> str:
    """Give `line` with one harmless character for each of its own; tabs stay tabs."""
    if line.isascii() and line.isprintable():
        return line
    return "\t".join(map(show_in_place, line.split("\t")))


def cuts(line: str, width: int, tab_width: int) -> list[int]:
    """Give the places at which `line` is cut into rows of `width` cells (0: never)."""
    if not width:
        return []
    if line.isascii() and line.isprintable():
        return list(range(width, len(line), width))
    places: list[int] = []
    used = 0
    for place, character in enumerate(shown(line)):
        cells = tab_width - used % tab_width if character == "\t" else cell_len(character)
        if used and used + cells > width:
            places.append(place)
            used = 0
            cells = min(tab_width, width) if character == "\t" else cells
        used += cells
    return places


class WrappedRows(WrappedDocument):
    """Which row shows which part of which line.

    The stock class adds up all lines for each row it draws, and cuts between words, which takes
    seconds where a value is one long line.
    """

    def __init__(self, document: DocumentBase, width: int = 0, tab_width: int = 4) -> None:
        self._extra_rows: list[int] = [0]
        """How many rows the lines before a line take beyond one each, by line."""
        super().__init__(document, width, tab_width)

    @property
    def height(self) -> int:
        return len(self._wrap_offsets) + self._extra_rows[-1]

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        self._width = width
        self._tab_width = tab_width or self._tab_width
        self._wrap_offsets = [cuts(line, width, self._tab_width) for line in self.document.lines]
        self._count_rows()

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        first, old_last = sorted((start[0], old_end[0]))
        new_last = max(first, new_end[0])
        old = self._wrap_offsets[first : old_last + 1]
        new = [
            cuts(line, self._width, self._tab_width)
            for line in self.document.lines[first : new_last + 1]
        ]
        self._wrap_offsets[first : old_last + 1] = new
        if len(self._wrap_offsets) != self.document.line_count:
            self.wrap(self._width)
        elif list(map(len, old)) != list(map(len, new)):
            self._count_rows()

    def _count_rows(self) -> None:
        self._extra_rows = list(accumulate(map(len, self._wrap_offsets), initial=0))

    def place_of(self, row: int) -> tuple[int, int]:
        """Give the line that `row` shows, and which of the line's rows it is."""
        lines = range(len(self._wrap_offsets))
        line = max(0, bisect_right(lines, row, key=self._first_row) - 1)
        return line, min(row - self._first_row(line), len(self._wrap_offsets[line]))

    def _first_row(self, line: int) -> int:
        return line + self._extra_rows[line]

    def bounds(self, line: int, section: int) -> tuple[int, int]:
        """Give where in `line` one of its rows begins and ends."""
        places = self._wrap_offsets[line]
        start = places[section - 1] if section else 0
        end = places[section] if section < len(places) else len(self.document[line])
        return start, end

    def get_sections(self, line_index: int) -> list[str]:
        line = shown(self.document.get_line(line_index))
        places = [0, *self._wrap_offsets[line_index], len(line)]
        return [line[start:end] for start, end in pairwise(places)]

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        section = range(len(self._wrap_offsets[line_index]) + 1)[y_offset]
        start, end = self.bounds(line_index, section)
        row = shown(self.document.get_line(line_index)[start:end])
        column = start + cell_width_to_column_index(row, x_offset, self._tab_width)
        is_last = section == len(self._wrap_offsets[line_index])
        return column if is_last else min(column, end - 1)

    def offset_to_location(self, offset: Offset) -> Location:
        x, y = offset
        line, section = self.place_of(max(0, min(y, self.height - 1)))
        return line, self.get_target_document_column(line, max(0, x), section)

    def location_to_offset(self, location: Location) -> Offset:
        line = max(0, min(location[0], len(self._wrap_offsets) - 1))
        section = bisect_right(self._wrap_offsets[line], location[1])
        start, _ = self.bounds(line, section)
        before = shown(self.document.get_line(line)[start : location[1]])
        x = cell_len(expand_tabs_inline(before, self._tab_width))
        return Offset(x, self._first_row(line) + section)
