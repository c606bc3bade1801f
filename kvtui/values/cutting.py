"""Where a line that is not plain ASCII is cut so that each row fits into a width in cells."""

import re
from array import array
from bisect import bisect_right
from collections.abc import MutableSequence, Sequence
from itertools import accumulate, islice
from typing import Final

from kvtui.values.glyphs import Piece, glyph, pieces

TAB_STOP: Final = 4

_DEPENDENT: Final = 9
"""The cells of this character depend on its place: a tab, or a control character under marks."""
# Marks that have no character to stand on, or stand on more than may be stacked.
_IRREGULAR: Final = re.compile(rb"\A\0|[\x03-\x08]\0|\0{4}|\x09")
_TABLE_LIMIT: Final = 1 << 16
_SAMPLE: Final = 4096
_SHORT: Final = 256
"""In so few characters long runs save nothing."""


class _Widths(dict[int, int]):
    """Cells by code point, filled as characters are met."""

    def __missing__(self, code: int) -> int:
        if len(self) > _TABLE_LIMIT:
            self.clear()
        cells = _DEPENDENT if code < 0x20 or code == 0x7F else glyph(chr(code)).cells
        self[code] = cells
        return cells


_WIDTHS: Final = _Widths()


def row_starts(text: str, width: int, *, is_by_words: bool = False) -> Sequence[int]:
    """Give where the rows of one line begin, the first at 0; between words where that is cheap."""
    if len(text) > _SHORT and not is_by_words and _is_of_long_runs(text):
        return _starts_by_piece(text, width)
    widths = text.translate(_WIDTHS).encode("latin-1")
    if is_by_words and widths.count(_DEPENDENT) == text.count("\t"):
        widths = widths.replace(bytes([_DEPENDENT]), bytes([TAB_STOP]))
    if _IRREGULAR.search(widths):
        return _starts_by_piece(text, width)
    columns = array("L", accumulate(widths, initial=0))
    starts = array("I", [0])
    while (start := bisect_right(columns, columns[starts[-1]] + width) - 1) < len(text):
        starts.append(_word_start(text, starts[-1], start) if is_by_words else start)
    return starts


def plain_row_starts(text: str, width: int) -> Sequence[int]:
    """Do as `row_starts` by words, for text of which every character takes one cell."""
    starts = array("I", [0])
    start = 0
    while start + width < len(text):
        start = _word_start(text, start, start + width)
        starts.append(start)
    return starts


def _word_start(text: str, start: int, end: int) -> int:
    """Give where to cut `text[start:]` that must be cut at `end` or before.

    A row that would be left half empty is filled instead.
    """
    return text.rfind(" ", (start + end) // 2, end) + 1 or end


def _is_of_long_runs(text: str) -> bool:
    sample = text[:_SAMPLE]
    few = len(sample) // 12
    return sum(1 for _ in islice(pieces(sample), few)) < few


def tab_cells(column: int, width: int) -> int:
    """Count the cells of a tab at `column`: up to the next stop or the end of the row."""
    return min(TAB_STOP - column % TAB_STOP, width - column)


def _starts_by_piece(text: str, width: int) -> Sequence[int]:
    """Do as `row_starts`, for any text: fast where the pieces are long."""
    starts = array("I", [0])
    column = 0
    for piece in pieces(text):
        if piece.is_run:
            column = _add_run(starts, column, piece, width)
            continue
        cells = tab_cells(column, width) if piece.is_tab else piece.cells
        if column and (column + cells > width or not cells):
            starts.append(piece.start)
            column, cells = 0, tab_cells(0, width) if piece.is_tab else cells
        column += cells
    return starts


def _add_run(starts: MutableSequence[int], column: int, run: Piece, width: int) -> int:
    unit = run.cells // (run.end - run.start)
    at = run.start
    while (run.end - at) * unit > width - column:
        at += (width - column) // unit
        starts.append(at)
        column = 0
    return column + (run.end - at) * unit
