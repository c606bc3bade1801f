"""What the screen should show and what the terminal shows: gives the difference as one frame."""

from collections.abc import Iterable, Iterator
from typing import Final

from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from kvtui.ui.terminal.brush import Brush
from kvtui.ui.terminal.cells import REST, ascii_cells, cells
from kvtui.ui.terminal.grid import UNKNOWN, Grid, Row
from kvtui.ui.terminal.palette import PLAIN, Palette
from kvtui.ui.terminal.strips import Strips

CLEAR: Final = "\x1b[0m\x1b[2J"


class Canvas:
    """Takes what the compositor drew; `frame` brings the terminal up to date.

    Nothing is scrolled by the terminal: it moves whole lines, with the panes and frames beside what
    scrolls, which would have to be drawn again; margins at the sides are known to few terminals.
    """

    def __init__(
        self, palette: Palette, *, has_background_erase: bool, is_ascii: bool = False
    ) -> None:
        self._palette = palette
        self._brush = Brush(palette, has_background_erase=has_background_erase)
        self._cells = ascii_cells if is_ascii else cells
        self._wanted = Grid(0, 0)
        self._shown = Grid(0, 0)
        self._touched: set[int] = set()
        self._is_cleared = False
        self.strips: Strips | None = None
        """Draws images row by row, where the terminal wants them so."""

    def fit(self, columns: int, lines: int) -> None:
        """Take the size of the screen; another size makes everything unknown."""
        if (self._wanted.columns, self._wanted.lines) != (columns, lines):
            self._wanted = Grid(columns, lines)
            self._shown = Grid(columns, lines)
            self._touched.clear()
            self.forget()

    def forget(self, *, is_clearing: bool = False) -> None:
        """Trust nothing about what the terminal shows; begin with a clean one if told so."""
        self._shown.fill(UNKNOWN)
        self._touched.update(range(self._wanted.lines))
        self._brush.forget()
        self._is_cleared = self._is_cleared or is_clearing

    def take(self, update: LayoutUpdate | ChopsUpdate) -> None:
        """Take what should be on the screen from now on."""
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                self._lay(update.region.x, y, strips)
        else:
            for y, left, right in update.spans:
                self._lay_chops(update, y, left, right)

    def frame(self, cursor: tuple[int, int] | None = None) -> str:
        """Give what brings the terminal up to date, and take it for done."""
        written = [self._clear() if self._is_cleared else ""]
        for y in sorted(self._touched):
            wanted, shown = self._wanted.rows[y], self._shown.rows[y]
            if wanted != shown:
                if self.strips is None:
                    self._brush.row(y, wanted, shown)
                else:
                    written += self._with_images(y, wanted, shown, self.strips)
                shown.copy(wanted)
        self._touched.clear()
        if cursor is not None:
            self._brush.move(*cursor)
        return "".join((*written, self._brush.take()))

    def _with_images(self, y: int, wanted: Row, shown: Row, strips: Strips) -> Iterator[str]:
        """Write a row with the images in it, after which nobody knows where the cursor is."""
        self._brush.row(y, strips.without(wanted, shown), shown)
        for x, sequence in strips.to_draw(wanted, shown):
            self._brush.move(x, y)
            yield self._brush.take() + sequence
            self._brush.forget()

    def _clear(self) -> str:
        self._is_cleared = False
        self._shown.fill(" ")
        return CLEAR

    def _lay_chops(self, update: ChopsUpdate, y: int, left: int, right: int) -> None:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > right or end <= left:
                continue
            is_whole = right > x >= left and end <= right
            self._lay(x, y, (strip if is_whole else strip.crop(0, min(end, right) - x),))

    def _lay(self, x: int, y: int, strips: Iterable[Strip]) -> None:
        """Lay strips on a row, from a column on."""
        if not 0 <= y < self._wanted.lines:
            return
        texts: list[str] = []
        pens: list[int] = []
        for strip in strips:
            for text, style, _ in strip:
                before = len(texts)
                texts += self._cells(text)
                pen = PLAIN if style is None else self._palette.pen(style)
                pens += [pen] * (len(texts) - before)
        self._touched.add(y)
        row, end = self._wanted.rows[y], min(x + len(texts), self._wanted.columns)
        if x < end:
            _uncover(row.texts, x, end)
            row.texts[x:end] = texts[: end - x]
            row.pens[x:end] = pens[: end - x]


def _uncover(texts: list[str], start: int, end: int) -> None:
    """Blank the halves that are left of wide characters cut at `start` and `end`."""
    if start and texts[start] == REST:
        texts[start - 1] = " "
    if end < len(texts) and texts[end] == REST:
        texts[end] = " "
