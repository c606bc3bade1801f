"""One row of raw text and the kinds of its parts, made into spans that are safe to show."""

from collections.abc import Iterable, Iterator

from kvtui.values.cutting import tab_cells
from kvtui.values.display import merged, piece_spans
from kvtui.values.glyphs import Piece, is_plain, pieces
from kvtui.values.lines import Kind, Span

Run = tuple[int, Kind]
"""Where a run of one kind ends, and the kind."""


def paint(text: str, runs: Iterable[Run], width: int) -> list[Span]:
    """Colour `text`, the row of a layout of `width` cells, by runs that end at offsets of it.

    Runs that end before it begins are passed over.
    """
    if is_plain(text):
        return merged(_plainly_painted(text, runs))
    return merged(_painted(text, _Brush(runs), width))


def _plainly_painted(text: str, runs: Iterable[Run]) -> Iterator[Span]:
    at = 0
    for end, kind in runs:
        if end > at and (part := text[at:end]):
            yield Span(part, kind)
            at = end


class _Brush:
    """The kind at an offset that only grows."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = iter(runs)
        self._end, self._kind = 0, Kind.TEXT

    def kind_at(self, offset: int) -> Kind:
        while self._end <= offset and (following := next(self._runs, None)):
            self._end, self._kind = following
        return self._kind

    def divided(self, piece: Piece) -> Iterator[tuple[str, Kind]]:
        """Give the parts of a piece that may be cut between any two characters."""
        at = piece.start
        while at < piece.end:
            kind = self.kind_at(at)
            end = min(self._end, piece.end) if self._end > at else piece.end
            yield piece.text[at - piece.start : end - piece.start], kind
            at = end


def _painted(text: str, brush: _Brush, width: int) -> Iterator[Span]:
    column = 0
    for piece in pieces(text):
        if piece.is_run:
            yield from (Span(part, kind) for part, kind in brush.divided(piece))
            column += piece.cells
        elif piece.is_tab:
            cells = tab_cells(column, width)
            yield Span(" " * cells, brush.kind_at(piece.start))
            column += cells
        else:
            yield from piece_spans(piece, brush.kind_at(piece.start))
            column += piece.cells
