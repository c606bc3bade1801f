"""Where the lines of a text begin, and how they are cut into rows of a width.

Opening a large text must cost little, so lines of plain ASCII are cut by arithmetic and only the
lines that may be too long are looked at again when the width changes.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from typing import Final, NamedTuple

from kvtui.values.cutting import row_starts
from kvtui.values.glyphs import glyph, is_plain

MIN_WIDTH: Final = 8
"""The widest picture of a single character, less than which nothing can be laid out."""
_MAX_CELLS: Final = 8
_BLOCK: Final = 1 << 16


class LineIndex:
    """The lines of a text, found once whatever the width."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_crlf = "\r\n" in text and text.count("\r\n") == text.count("\n")
        self._max_cells = 1
        # How many characters stand before each line, newlines apart: there is one for each line.
        self._before = array("I", [0])
        self._blocks: list[_Block] = []
        position = 0
        while position < len(text):
            position = self._read_block(position)
        if not len(self):
            self._before.append(0)
            self._blocks.append(_Block(0, 1, 0))

    def _read_block(self, position: int) -> int:
        """Note where the lines of one block begin, so that no second copy of the text piles up."""
        stop = self.text.find("\n", position + _BLOCK) + 1 or len(self.text)
        block = self.text[position:stop]
        lines = block.split("\n")
        if not lines[-1]:
            lines.pop()
        self._max_cells = max(self._max_cells, _max_cells(block))
        first = len(self)
        before = accumulate(map(len, lines), initial=self._before[-1])
        self._before.extend(islice(before, 1, None))
        self._blocks.append(_Block(first, first + len(lines), max(map(len, lines))))
        return stop

    def __len__(self) -> int:
        return len(self._before) - 1

    def span(self, line: int) -> tuple[int, int]:
        """Give where `line` begins and ends, its newline not included."""
        start, end = self._before[line] + line, self._before[line + 1] + line
        is_carried = self.is_crlf and self.text[end - 1 : end + 1] == "\r\n"
        return start, end - 1 if is_carried else end

    def line_at(self, offset: int) -> int:
        """Give the line that holds the character at `offset`."""
        lines = range(len(self))
        return bisect_right(lines, offset, key=lambda line: self._before[line] + line) - 1

    def possibly_wider(self, width: int) -> Iterator[int]:
        """Give the lines that could take more than `width` cells."""
        length = width // self._max_cells
        before = self._before
        for block in self._blocks:
            if block.longest > length:
                for line in range(block.first, block.end):
                    if before[line + 1] - before[line] > length:
                        yield line


class _Block(NamedTuple):
    """Lines from `first` up to `end`, of which the longest has so many characters."""

    first: int
    end: int
    longest: int


def _max_cells(text: str) -> int:
    """Give how many cells one character of `text` can take at most, newlines apart."""
    if text.isascii() and "\t" not in text:
        return 1
    glyphs = [glyph(character) for character in set(text) - {"\r", "\n"}]
    return max(each.cells if each.cells and not each.is_hidden else _MAX_CELLS for each in glyphs)


class Row(NamedTuple):
    """One row of a wrapped text: `text[start:end]`."""

    line: int
    part: int
    """0 for the first row of a line."""
    start: int
    end: int


class WrappedText:
    """The rows of a text at a width in cells."""

    def __init__(self, index: LineIndex, width: int) -> None:
        self.index = index
        self.width = max(width, MIN_WIDTH)
        # The lines of more than one row, their first rows and the rows after them, all ascending.
        self._lines = array("I")
        self._first_rows = array("I")
        self._next_rows = array("I")
        self._cuts: dict[int, Sequence[int]] = {}
        for line in index.possibly_wider(self.width):
            self._wrap(line)
        self._row_count = self._first_row(len(index))

    def _wrap(self, line: int) -> None:
        start, end = self.index.span(line)
        text = self.index.text[start:end]
        if is_plain(text):
            part_count = -(-len(text) // self.width)
        else:
            cuts = row_starts(text, self.width)
            part_count = len(cuts)
            if part_count > 1:
                self._cuts[line] = cuts
        if part_count > 1:
            first = self._first_row(line)
            self._lines.append(line)
            self._first_rows.append(first)
            self._next_rows.append(first + part_count)

    def _first_row(self, line: int) -> int:
        place = bisect_left(self._lines, line)
        if place == 0:
            return line
        return self._next_rows[place - 1] + line - self._lines[place - 1] - 1

    def __len__(self) -> int:
        return self._row_count

    def row(self, number: int) -> Row:
        """Give row `number`."""
        place = bisect_right(self._first_rows, number) - 1
        if place < 0:
            return Row(number, 0, *self.index.span(number))
        line = self._lines[place]
        if number >= self._next_rows[place]:
            line += 1 + number - self._next_rows[place]
            return Row(line, 0, *self.index.span(line))
        part = number - self._first_rows[place]
        start, end = self.index.span(line)
        return Row(
            line, part, start + self._cut(line, part), min(start + self._cut(line, part + 1), end)
        )

    def _cut(self, line: int, part: int) -> int:
        """Give where a row of a line begins, counted from the line's start."""
        cuts = self._cuts.get(line)
        if cuts is None:
            return part * self.width
        return cuts[part] if part < len(cuts) else len(self.index.text)

    def row_at(self, offset: int) -> int:
        """Give the number of the row that shows the character at `offset`."""
        line = self.index.line_at(offset)
        first, following = self._first_row(line), self._first_row(line + 1)
        column = offset - self.index.span(line)[0]
        cuts = self._cuts.get(line)
        part = column // self.width if cuts is None else bisect_right(cuts, column) - 1
        return min(first + part, following - 1)
