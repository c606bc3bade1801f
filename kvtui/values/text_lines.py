"""The rows of a text with a margin and colours: what most views are made of."""

from collections.abc import Iterable
from typing import Final, Protocol

from kvtui.values.lines import Kind, Span
from kvtui.values.painting import Run, paint
from kvtui.values.search import find
from kvtui.values.wrapping import LineIndex, Row, WrappedText

_NARROW: Final = 24
"""A margin that leaves fewer cells than this is left out."""


class Colouring(Protocol):
    """Decides what each part of a text is, asked for visible rows only."""

    def runs(self, row: Row) -> Iterable[Run]:
        """Give the kinds of one row, by runs that end at offsets from the row's start."""
        ...


class Margin(Protocol):
    """What stands before the text of each row."""

    @property
    def width(self) -> int:
        """Count the cells that it takes in every row."""
        ...

    def spans(self, row: Row) -> list[Span]: ...


class Plain:
    """A colouring of one kind."""

    def runs(self, row: Row) -> Iterable[Run]:
        return [(row.end - row.start, Kind.TEXT)]


class LineNumbers:
    """A margin of line numbers, blank where a line goes on."""

    def __init__(self, line_count: int) -> None:
        self._digits = max(2, len(str(line_count)))
        self.width = self._digits + 2

    def spans(self, row: Row) -> list[Span]:
        number = "" if row.part else str(row.line + 1)
        return [Span(f" {number:>{self._digits}} ", Kind.LINE_NUMBER)]


def margin_for(margin: LineNumbers, width: int) -> LineNumbers | None:
    """Give the margin where there is room for it."""
    return margin if width - margin.width >= _NARROW else None


class TextLines:
    """A text laid out for a width; implements `Lines`."""

    def __init__(
        self,
        index: LineIndex,
        width: int,
        *,
        colouring: Colouring | None = None,
        margin: Margin | None = None,
    ) -> None:
        self._margin = margin
        self._colouring = colouring or Plain()
        self._text = index.text
        self.rows = WrappedText(index, width - (self._margin.width if self._margin else 0))

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, number: int) -> list[Span]:
        row = self.rows.row(number)
        text = self._text[row.start : row.end]
        spans = self._margin.spans(row) if self._margin else []
        return spans + paint(text, self._colouring.runs(row), self.rows.width)

    def find(self, needle: str, start: int, *, is_backward: bool = False) -> int | None:
        if not 0 <= start < len(self):
            return None
        row = self.rows.row(start)
        limit = max(row.start, row.end - 1) if is_backward else row.start
        at = find(self._text, needle, limit, is_backward=is_backward)
        return None if at is None else self.rows.row_at(at)


class Document:
    """A text with its colouring, ready to be laid out at any width."""

    def __init__(self, index: LineIndex, colouring: Colouring | None = None) -> None:
        self._index = index
        self._colouring = colouring
        self._margin = LineNumbers(len(index))

    def lines(self, width: int) -> TextLines:
        margin = margin_for(self._margin, width)
        return TextLines(self._index, width, colouring=self._colouring, margin=margin)
