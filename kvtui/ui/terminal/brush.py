"""Writes the cells that changed, with as few bytes as it takes."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import compress, count, groupby, pairwise
from operator import ne
from typing import Final, NamedTuple

from kvtui.ui.terminal.cells import REST, are_doubtful, is_doubtful
from kvtui.ui.terminal.grid import Row
from kvtui.ui.terminal.palette import PLAIN, Palette

MOST_REWRITTEN: Final = 4
"""A gap of so many cells is cheaper written again than jumped over."""
LEAST_ERASED: Final = 10
"""So many spaces before other text are cheaper erased and jumped over."""
LEAST_ERASED_LAST: Final = 5
"""The same where nothing follows."""
NEVER_ERASED: Final = 1 << 16
"""The same where that would cut a wide character, whose other half tmux then blanks too late."""
MOST_BACK: Final = 4
MOST_DOWN: Final = 3
"""So far the cursor goes cell by cell, as the barrier has it."""
MOST_COVERED: Final = 4
"""So many cells, its own among them, may be covered by a character of doubtful width."""
USUAL_JUMP: Final = 5
"""So many bytes take the cursor elsewhere, as a rule."""


class Stroke(NamedTuple):
    """Cells of one row and one pen, to be written."""

    pen: int
    y: int
    start: int
    stop: int
    row: Row
    least_erased: int
    """From so many spaces at its end on these are erased."""


class Brush:
    """Knows where the cursor is and which pen is set; None where it does not.

    What is asked for is written when it is taken: from row to row, or from pen to pen where columns
    of different looks change side by side and that takes less.
    """

    def __init__(self, palette: Palette, *, has_background_erase: bool) -> None:
        self._palette = palette
        self._has_background_erase = has_background_erase
        self._strokes: list[Stroke] = []
        self._has_doubtful = False
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
        if not self._has_doubtful and (place := self._by_pen(strokes)):
            strokes.sort(key=place)
        self._has_doubtful = False
        for stroke in strokes:
            self._draw(stroke)
        if self._end is not None:
            self._go(*self._end)
            self._end = None
        if self._parts:
            self._use(PLAIN)
        written = "".join(self._parts)
        self._parts.clear()
        return written

    def row(self, y: int, wanted: Row, shown: Row) -> None:
        """Ask for the difference between two rows; `wanted` must stay as it is until then."""
        self._columns = len(wanted.texts)
        start = stop = -1
        for begin, end in self._changes(wanted, shown):
            if begin > stop and (start < 0 or not _is_cheap_gap(wanted, stop, begin)):
                if start >= 0:
                    self._run(y, start, stop, wanted, shown)
                start = begin
            stop = end
            while stop < self._columns and wanted.texts[stop] == REST:
                stop += 1
        if start >= 0:
            self._run(y, start, stop, wanted, shown)

    def move(self, x: int, y: int) -> None:
        """Ask for the cursor to be somewhere in the end."""
        self._end = x, y

    def _by_pen(self, strokes: list[Stroke]) -> Callable[[Stroke], int] | None:
        """Give the order from pen to pen, if that is likely to take less than from row to row."""
        places = {pen: at for at, (pen, *_) in reversed([*enumerate(strokes)])}
        changes = [self._change_size(a.pen, b.pen) for a, b in pairwise(strokes) if a.pen != b.pen]
        if len(changes) < len(places):
            return None
        used = sorted(places, key=places.__getitem__)
        saved = sum(changes) - sum(self._change_size(*pens) for pens in pairwise(used))
        joined = sum(a.stop == b.start and a.y == b.y for a, b in pairwise(strokes))
        return (lambda stroke: places[stroke.pen]) if saved > joined * USUAL_JUMP else None

    def _change_size(self, before: int, after: int) -> int:
        return len(self._palette.change(before, after))

    def _go(self, x: int, y: int) -> None:
        """Put the cursor somewhere, by the shortest way."""
        if self._place != (x, y):
            self._parts.append(_way(self._place, x, y))
            self._place = (x, y)

    def _changes(self, wanted: Row, shown: Row) -> Iterator[tuple[int, int]]:
        """Give from where to where cells look different; no step of Python for each of them."""
        differs = bytearray(map(ne, wanted.texts, shown.texts))
        if wanted.pens != shown.pens:
            looks = self._palette.blank_looks
            pens = [*map(ne, wanted.pens, shown.pens)]
            for x in compress(count(), pens):
                if wanted.texts[x] != " " or looks[wanted.pens[x]] != looks[shown.pens[x]]:
                    differs[x] = 1
        start = differs.find(1)
        while start >= 0:
            stop = differs.find(0, start)
            stop = self._columns if stop < 0 else stop
            yield start, stop
            start = differs.find(1, stop)

    def _run(self, y: int, start: int, stop: int, row: Row, shown: Row) -> None:
        """Ask for the cells from `start` to before `stop`, where no character is cut."""
        while start and row.texts[start] == REST:
            start -= 1
        if are_doubtful(row.texts[start:stop]):
            self._has_doubtful = True
            stop = _past_covered(row.texts, start, stop)
        strokes, looks, x = self._strokes, self._palette.blank_looks, start
        for pen, group in groupby(row.pens[start:stop]):
            end = x + len([*group])
            least_erased = LEAST_ERASED_LAST if end == stop else LEAST_ERASED
            if end < self._columns and shown.texts[end] == REST:
                least_erased = NEVER_ERASED
            if x > start and looks[pen] == looks[strokes[-1].pen] and _is_blank(row, x, end):
                before = strokes[-1]
                strokes[-1] = Stroke(before.pen, y, before.start, end, row, least_erased)
            else:
                strokes.append(Stroke(pen, y, x, end, row, least_erased))
            x = end

    def _draw(self, stroke: Stroke) -> None:
        """Write cells of one pen."""
        pen, y, x, end, row, least_erased = stroke
        texts = row.texts[x:end]
        text = "".join(texts)
        body = text.rstrip(" ")
        blanks = len(text) - len(body)
        if blanks < least_erased or not self._can_erase(pen):
            body, blanks = text, 0
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
        if text.isascii() or not are_doubtful(texts):
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


def _is_blank(row: Row, start: int, stop: int) -> bool:
    return row.texts[start:stop].count(" ") == stop - start


def _is_cheap_gap(row: Row, start: int, stop: int) -> bool:
    """Tell whether it is cheaper to write what stands between two changes than to jump over it."""
    length = stop - start
    if length > MOST_REWRITTEN or row.pens[start - 1 : stop + 1].count(row.pens[stop]) < length + 2:
        return False
    text = "".join(row.texts[start:stop])
    return text.isascii() and len(text) == length


def _past_covered(texts: list[str], start: int, stop: int) -> int:
    """Give where to stop writing, for cells to be whole that doubtful ones may have covered."""
    x = start
    while x < stop:
        if is_doubtful(texts[x]):
            stop = max(stop, min(x + MOST_COVERED, len(texts)))
        x += 1
    while stop < len(texts) and texts[stop] == REST:
        stop += 1
    return stop


@lru_cache(maxsize=4096)
def _way(here: tuple[int, int] | None, x: int, y: int) -> str:
    """Give the shortest way to a place; the same ways are gone with every frame."""
    ways = [_absolute(x, y)]
    if here is not None:
        here_x, here_y = here
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
