"""Where the lines of a text begin, and how they are cut into rows of a width.

Opening a large text must cost little, so lines of plain ASCII are cut by arithmetic and only the
lines that may be too long are looked at again when the width changes.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from kvtui.values.cutting import plain_row_starts, row_starts
from kvtui.values.glyphs import glyph, is_plain

MIN_WIDTH: Final = 8
"""The widest picture of a single character, less than which nothing can be laid out."""
_MAX_CELLS: Final = 8
_WIDE: Final = 2
_BLOCK: Final = 1 << 14
_BLOCKS_KEPT: Final = 16
_LINES_KEPT: Final = 256
_LONG: Final = 2_000
"""The cuts of longer lines are kept: finding them again would hold up a frame."""
_MAX_BY_WORDS: Final = 256 * 1024
"""A longer text is cut wherever a row is full, which arithmetic can tell."""


Cuts = Sequence[int] | None
"""Where the rows of a line begin; None where each of them takes as many characters as cells."""


class Line(NamedTuple):
    """A line by its number: `text[start:end]`."""

    number: int
    start: int
    end: int


class LineIndex:
    """The lines of a text, whatever the width: counted by blocks, found when they are asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        # Looking for one character takes a tenth of the time that looking for two does.
        self.is_crlf = "\r" in text and 0 < text.count("\r\n") == text.count("\n")
        self._starts = array("Q")
        self._first_lines = array("Q")
        self._line_count = 0
        position = 0
        while position < len(text):
            position = self._count_block(position)
        if not self._line_count:
            self._note_block(0, 1)
        self._line_starts = lru_cache(_BLOCKS_KEPT)(self._read_block)

    def _count_block(self, position: int) -> int:
        stop = self.text.find("\n", position + _BLOCK) + 1 or len(self.text)
        is_last_open = stop == len(self.text) and not self.text.endswith("\n")
        self._note_block(position, self.text.count("\n", position, stop) + is_last_open)
        return stop

    def _note_block(self, position: int, line_count: int) -> None:
        self._starts.append(position)
        self._first_lines.append(self._line_count)
        self._line_count += line_count

    def _read_block(self, block: int) -> Sequence[int]:
        """Find where the lines of a block begin, and where the line after them would."""
        start = self._starts[block]
        lines = self.text[start : self._block_end(block)].split("\n")
        if len(lines) > 1 and not lines[-1]:
            lines.pop()
        lengths = (len(line) + 1 for line in lines)
        return array("Q", accumulate(lengths, initial=start))

    def _block_end(self, block: int) -> int:
        is_last = block + 1 == len(self._starts)
        return len(self.text) if is_last else self._starts[block + 1]

    def __len__(self) -> int:
        return self._line_count

    def span(self, line: int) -> tuple[int, int]:
        """Give where `line` begins and ends, its newline not included."""
        block = bisect_right(self._first_lines, line) - 1
        starts = self._line_starts(block)
        place = line - self._first_lines[block]
        return starts[place], self._line_end(starts[place + 1] - 1)

    def _line_end(self, end: int) -> int:
        """Leave a carriage return out where every line ends with one."""
        return end - 1 if self.is_crlf and self.text[end - 1 : end + 1] == "\r\n" else end

    def line_at(self, offset: int) -> int:
        """Give the line that holds the character at `offset`."""
        block = bisect_right(self._starts, offset) - 1
        starts = self._line_starts(block)
        place = min(bisect_right(starts, offset), len(starts) - 1) - 1
        return self._first_lines[block] + place

    def possibly_wider(self, width: int) -> Iterator[Line]:
        """Give the lines that could take more than `width` cells."""
        for block, start in enumerate(self._starts):
            end = self._block_end(block)
            cells = 1 if self._is_simple else _max_cells(self.text[start:end])
            line, at = self._first_lines[block], start
            for begin, stop in _longer(self.text, start, end, width // cells):
                if cells == _WIDE and _byte_count(self.text[begin:stop]) <= width:
                    continue
                line += self.text.count("\n", at, begin)
                at = begin
                yield Line(line, begin, self._line_end(stop))

    @cached_property
    def _is_simple(self) -> bool:
        return self.text.isascii() and "\t" not in self.text


def _byte_count(text: str) -> int:
    """Count the bytes of UTF-8: never less than the cells, where no character takes over two."""
    return len(text.encode("utf-8", "surrogatepass"))


def _longer(text: str, start: int, end: int, length: int) -> Iterator[tuple[int, int]]:
    """Give the lines of more than `length` characters."""
    short_lines = _short_lines(length)
    at = start
    while at + length < end:
        if skipped := short_lines.match(text, at, end):
            at = skipped.end()
            continue
        newline = text.find("\n", at + length, end)
        newline = end if newline < 0 else newline
        yield at, newline
        at = newline + 1


@lru_cache
def _short_lines(length: int) -> re.Pattern[str]:
    """Match lines of at most `length` characters, from newline to newline in jumps of as many."""
    return re.compile(f"(?:.{{0,{length}}}\n)++", re.DOTALL)


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
        self._long_cuts: dict[int, Cuts] = {}
        self._short_cuts = lru_cache(_LINES_KEPT)(self._cuts_again)
        self._is_by_words = len(index.text) <= _MAX_BY_WORDS
        for line in index.possibly_wider(self.width):
            self._wrap(line.number, index.text[line.start : line.end])
        self._row_count = self.first_row(len(index))

    def _wrap(self, line: int, text: str) -> None:
        cuts = self._find_cuts(text)
        part_count = -(-len(text) // self.width) if cuts is None else len(cuts)
        if part_count > 1:
            if len(text) > _LONG:
                self._long_cuts[line] = cuts
            first = self.first_row(line)
            self._lines.append(line)
            self._first_rows.append(first)
            self._next_rows.append(first + part_count)

    def _find_cuts(self, text: str) -> Cuts:
        if not is_plain(text):
            return row_starts(text, self.width, is_by_words=self._is_by_words)
        return plain_row_starts(text, self.width) if self._is_by_words else None

    def _cuts_again(self, line: int) -> Cuts:
        """Find the cuts of a line that is short enough for not having them kept."""
        start, end = self.index.span(line)
        return self._find_cuts(self.index.text[start:end])

    def _cuts(self, line: int) -> Cuts:
        is_long = line in self._long_cuts
        return self._long_cuts[line] if is_long else self._short_cuts(line)

    def first_row(self, line: int) -> int:
        """Give the row that `line` begins with; for the line after the last, how many there are."""
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
        cuts = self._cuts(line)
        if cuts is None:
            return part * self.width
        return cuts[part] if part < len(cuts) else len(self.index.text)

    def row_at(self, offset: int) -> int:
        """Give the number of the row that shows the character at `offset`."""
        line = self.index.line_at(offset)
        first, following = self.first_row(line), self.first_row(line + 1)
        if following == first + 1:
            return first
        column = offset - self.index.span(line)[0]
        cuts = self._cuts(line)
        part = column // self.width if cuts is None else bisect_right(cuts, column) - 1
        return min(first + part, following - 1)
