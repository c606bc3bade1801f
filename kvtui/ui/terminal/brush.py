"""Writes the cells that changed, with as few bytes as it takes."""

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from kvtui.ui.terminal.cells import REST, is_doubtful
from kvtui.ui.terminal.grid import Row
from kvtui.ui.terminal.palette import PLAIN, Palette

MOST_REWRITTEN: Final = 4
"""A gap of so many cells is cheaper written again than jumped over."""
LEAST_ERASED: Final = 10
"""So many spaces before other text are cheaper erased and jumped over."""
LEAST_ERASED_LAST: Final = 5
"""The same where nothing follows."""
MOST_BACK: Final = 4
MOST_DOWN: Final = 3
"""So far the cursor goes cell by cell, as the barrier has it."""


class Stroke(NamedTuple):
    """Cells of one row and one pen, to be written."""

    pen: int
    y: int
    start: int
    stop: int
    row: Row
    is_last: bool
    """Whether what follows in the row stays as it is."""


class Brush:
    """Knows where the cursor is and which pen is set; None where it does not.

    What is asked for is written when it is taken: from row to row, or from pen to pen where columns
    of different looks change side by side and that takes less.
    """

    def __init__(self, palette: Palette, *, has_background_erase: bool) -> None:
        self._palette = palette
        self._has_background_erase = has_background_erase
        self._strokes: list[Stroke] = []
        self._end: tuple[int, int] | None = None
        self._parts: list[str] = []
        self._place: tuple[int, int] | None = None
        self._columns = 0
        self._pen: int | None = None

    def forget(self) -> None:
        """Trust nothing about cursor and pen."""
        self._place = self._pen = None

    def take(self) -> str:
        """Give what was written, with the pen laid down; the brush goes on from there."""
        strokes, self._strokes = self._strokes, []
        before = self._place, self._pen
        written = self._written(strokes)
        places = {pen: at for at, (pen, *_) in reversed([*enumerate(strokes)])}
        if sum(pen != other for (pen, *_), (other, *_) in pairwise(strokes)) >= len(places):
            after = self._place, self._pen
            self._place, self._pen = before
            by_pen = self._written(sorted(strokes, key=lambda stroke: places[stroke.pen]))
            if len(by_pen) < len(written):
                written = by_pen
            else:
                self._place, self._pen = after
        self._end = None
        return written

    def row(self, y: int, wanted: Row, shown: Row) -> None:
        """Ask for the difference between two rows; `wanted` must stay as it is until then."""
        self._columns = len(wanted.texts)
        start = stop = -1
        for x in self._changed(wanted, shown):
            if x > stop:
                if start >= 0:
                    self._run(y, start, stop, wanted)
                start = x
            stop = x + 1
            while stop < self._columns and wanted.texts[stop] == REST:
                stop += 1
        if start >= 0:
            self._run(y, start, stop, wanted)

    def move(self, x: int, y: int) -> None:
        """Ask for the cursor to be somewhere in the end."""
        self._end = x, y

    def _written(self, strokes: Iterable[Stroke]) -> str:
        for stroke in strokes:
            self._draw(stroke)
        if self._end is not None:
            self._go(*self._end)
        if self._parts:
            self._use(PLAIN)
        written = "".join(self._parts)
        self._parts.clear()
        return written

    def _go(self, x: int, y: int) -> None:
        """Put the cursor somewhere, by the shortest way."""
        if self._place != (x, y):
            self._parts.append(self._way(x, y))
            self._place = (x, y)

    def _changed(self, wanted: Row, shown: Row) -> list[int]:
        looks = self._palette.blank_looks
        together = zip(wanted.texts, shown.texts, wanted.pens, shown.pens, strict=True)
        return [
            x
            for x, (new, old, pen, old_pen) in enumerate(together)
            if new != old or (pen != old_pen and not (new == " " and looks[pen] == looks[old_pen]))
        ]

    def _run(self, y: int, start: int, stop: int, row: Row) -> None:
        """Ask for the cells from `start` to before `stop`, where no character is cut."""
        while start and row.texts[start] == REST:
            start -= 1
        x = start
        for pen, group in groupby(row.pens[start:stop]):
            end = x + sum(1 for _ in group)
            self._strokes.append(Stroke(pen, y, x, end, row, end == stop))
            x = end

    def _rewrite_gap(self, y: int, start: int, row: Row) -> bool:
        """Reach `start` by writing what stands before it, where that takes no other pen."""
        if self._place is None or self._place[1] != y:
            return False
        x = self._place[0]
        if not 0 <= start - x <= MOST_REWRITTEN:
            return False
        text = "".join(row.texts[x:start])
        if not text.isascii() or len(text) != start - x or set(row.pens[x:start]) - {self._pen}:
            return False
        self._parts.append(text)
        self._place = (start, y)
        return True

    def _draw(self, stroke: Stroke) -> None:
        """Write cells of one pen."""
        pen, y, x, end, row, is_last = stroke
        texts = row.texts[x:end]
        text = "".join(texts)
        body = text.rstrip(" ")
        blanks = len(text) - len(body)
        if blanks < (LEAST_ERASED_LAST if is_last else LEAST_ERASED) or not self._can_erase(pen):
            body, blanks = text, 0
        if not self._rewrite_gap(y, x, row):
            self._go(x, y)
        if body:
            self._write(body, texts, end - blanks, pen)
        if blanks:
            self._erase(end - blanks, y, end, pen)

    def _write(self, text: str, texts: list[str], end: int, pen: int) -> None:
        if text.isspace():
            self._use_blank(pen)
        else:
            self._use(pen)
        if text.isascii() or not any(map(is_doubtful, texts)):
            self._parts.append(text)
            self._advance(end)
        else:
            self._write_apart(texts, end)

    def _write_apart(self, texts: list[str], end: int) -> None:
        """Write what terminals may find wider or narrower: find the place again after each."""
        if self._place is None:
            return
        start, y = self._place
        for x, cell in enumerate(texts[: end - start], start):
            if cell != REST:
                self._go(x, y)
                self._parts.append(cell)
                self._place = None if is_doubtful(cell) else (x + 1, y)
            elif self._place is not None:
                self._place = (x + 1, y)
        if self._place is not None:
            self._advance(end)

    def _advance(self, x: int) -> None:
        """Take note of where writing left the cursor; terminals differ at the end of a line."""
        if self._place is not None:
            self._place = (x, self._place[1]) if x < self._columns else None

    def _can_erase(self, pen: int) -> bool:
        palette = self._palette
        if not palette.is_erasable[pen]:
            return False
        return self._has_background_erase or not palette.has_background[pen]

    def _erase(self, x: int, y: int, end: int, pen: int) -> None:
        self._go(x, y)
        self._use_blank(pen)
        self._parts.append("\x1b[K" if end == self._columns else f"\x1b[{end - x}X")

    def _use(self, pen: int) -> None:
        if self._pen != pen:
            self._parts.append(self._palette.change(self._pen, pen))
            self._pen = pen

    def _use_blank(self, pen: int) -> None:
        """Set a pen for spaces: one that makes the same of them will do."""
        looks = self._palette.blank_looks
        if self._pen is None or looks[self._pen] != looks[pen]:
            self._use(pen)

    def _way(self, x: int, y: int) -> str:
        ways = [_absolute(x, y)]
        if self._place is not None:
            here_x, here_y = self._place
            if here_y == y and x > here_x:
                ways.append(_steps(x - here_x, "C"))
            elif y > here_y:
                ways.append(_steps(y - here_y, "B") + _aside(x - here_x))
                ways += _back_and_down(here_x - x, y - here_y)
        return min(ways, key=len)


def _absolute(x: int, y: int) -> str:
    if not x:
        return f"\x1b[{y + 1}H" if y else "\x1b[H"
    return f"\x1b[{y + 1};{x + 1}H"


def _aside(columns: int) -> str:
    """Go to the left or to the right."""
    if not columns:
        return ""
    return _steps(columns, "C") if columns > 0 else _steps(-columns, "D")


def _back_and_down(columns: int, lines: int) -> Iterator[str]:
    """Go to the left and down in the few steps that the barrier lets pass.

    A vertical tab is a line feed that no line discipline makes a new line of.
    """
    if 0 < columns <= MOST_BACK and lines <= MOST_DOWN:
        yield "\v" * lines + "\b" * columns


def _steps(count: int, letter: str) -> str:
    return f"\x1b[{count}{letter}" if count > 1 else f"\x1b[{letter}"
