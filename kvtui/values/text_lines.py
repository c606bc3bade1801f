"""The rows of a text with a margin and colours: what most views are made of."""

from collections.abc import Iterable
from typing import Final, Protocol

from kvtui.values.cutting import row_starts
from kvtui.values.lines import Kind, Span
from kvtui.values.looks import TextStyle
from kvtui.values.painting import Run, paint
from kvtui.values.search import find
from kvtui.values.wrapping import LineIndex, Row, WrappedText

_NARROW: Final = 24
"""A margin that leaves fewer cells than this is left out."""


_ENDING_CELLS: Final = 2
_PICTURES: Final = str.maketrans({" ": "·", "\t": "→"})


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


_AS_EVER: Final = TextStyle()


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
        style: TextStyle = _AS_EVER,
    ) -> None:
        self._margin = margin
        self._style = style
        self._colouring = colouring or Plain()
        self._text = index.text
        endings = _ENDING_CELLS if style.shows_hidden else 0
        margins = self._margin.width if self._margin else 0
        self.rows = WrappedText(index, width - margins - endings)

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, number: int) -> list[Span]:
        row = self.rows.row(number)
        text = self._text[row.start : row.end]
        spans = self._margin.spans(row) if self._margin else []
        if self._style.shows_hidden:
            ending = _ending(self._text, row.end)
            text = text.translate(_PICTURES)
            spans += paint(text, self._colouring.runs(row), self.rows.width)
            return [*spans, Span(ending, Kind.HIDDEN)] if ending else spans
        return spans + paint(text, self._colouring.runs(row), self.rows.width)

    def line_of(self, row: int) -> int:
        """Give the line that a row is a part of."""
        return self.rows.row(row).line

    def row_of(self, line: int) -> int:
        """Give the first row of a line."""
        return self.rows.first_row(line)

    def find(self, needle: str, start: int, *, is_backward: bool = False) -> int | None:
        if not 0 <= start < len(self):
            return None
        row = self.rows.row(start)
        limit = max(row.start, row.end - 1) if is_backward else row.start
        at = find(self._text, needle, limit, is_backward=is_backward)
        return None if at is None else self.rows.row_at(at)


class LongLines:
    """A text of which each line is one row, seen from some column on; implements `Lines`."""

    def __init__(
        self,
        index: LineIndex,
        width: int,
        *,
        colouring: Colouring | None = None,
        margin: LineNumbers | None = None,
        style: TextStyle = _AS_EVER,
    ) -> None:
        self.index = index
        self.style = style
        self.width = max(1, width - (margin.width if margin else 0))
        self.found_column: int | None = None
        """In which column of its line stands what was found last."""
        self._margin = margin
        self._colouring = colouring or Plain()

    def __len__(self) -> int:
        return len(self.index)

    def line_of(self, row: int) -> int:
        """Give the line of a row: they are the same."""
        return row

    def row_of(self, line: int) -> int:
        """Give the row of a line: they are the same."""
        return line

    def row(self, number: int) -> list[Span]:
        begin, stop = self.index.span(number)
        start = min(begin + self.style.column, stop)
        text = self.index.text[start : min(stop, start + self.width)]
        hidden = self.style.shows_hidden
        if hidden:
            is_whole = start + len(text) == stop
            ending = _ending(self.index.text, stop) if is_whole else ""
            text = text.translate(_PICTURES) + ending
        cuts = row_starts(text, self.width)
        text = text[: cuts[1]] if len(cuts) > 1 else text
        row = Row(number, 0, start, start + len(text))
        spans = self._margin.spans(row) if self._margin else []
        return spans + paint(text, self._colouring.runs(row), self.width)

    def find(self, needle: str, start: int, *, is_backward: bool = False) -> int | None:
        if not 0 <= start < len(self):
            return None
        begin, end = self.index.span(start)
        at = find(self.index.text, needle, end if is_backward else begin, is_backward=is_backward)
        if at is None:
            return None
        line, self.found_column = self.place(at)
        return line

    def place(self, offset: int) -> tuple[int, int]:
        """Give the line and the column of a character of the text."""
        line = self.index.line_at(offset)
        return line, offset - self.index.span(line)[0]

    def find_offset(self, needle: str, start: int, *, is_backward: bool = False) -> int | None:
        """Give where in the text `needle` is, from an offset on and around the ends."""
        text = self.index.text
        at = find(text, needle, start, is_backward=is_backward) if start >= 0 else None
        if at is None:
            at = find(text, needle, len(text) if is_backward else 0, is_backward=is_backward)
        return at


def _ending(text: str, end: int) -> str:
    """Draw how a line ends that ends at `end`; nothing where it goes on, or the text ends."""
    if text.startswith("\r\n", end):
        return "␍␊"
    return "␊" if text.startswith("\n", end) else ""


class Document:
    """A text with its colouring, ready to be laid out at any width."""

    def __init__(self, index: LineIndex, colouring: Colouring | None = None) -> None:
        self._index = index
        self._colouring = colouring
        self._margin = LineNumbers(len(index))

    def lines(self, width: int, style: TextStyle = _AS_EVER) -> TextLines | LongLines:
        margin = margin_for(self._margin, width)
        kind = TextLines if style.is_wrapped else LongLines
        return kind(self._index, width, colouring=self._colouring, margin=margin, style=style)
