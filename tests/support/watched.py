"""An app whose every frame is drawn twice: as Textual writes it, and as the output layer does."""

import random
from pathlib import Path
from typing import Any

from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from kvtui import ui
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening
from kvtui.ui.terminal.canvas import Canvas
from kvtui.ui.terminal.capability import sgr_parameters
from kvtui.ui.terminal.palette import Palette
from tests.support.emulator import Emulator


class WatchedApp(KvtuiApp):
    """Compares the two after each frame; some frames are merged, as on a slow line."""

    CSS_PATH = str(Path(ui.__file__).with_name("app.tcss"))

    def __init__(self, opening: Opening, *, seed: int = 0) -> None:
        super().__init__(opening)
        self._dice = random.Random(seed)
        self._whole = self._changed = Emulator(1, 1)
        self._canvas = Canvas(
            Palette(sgr_parameters(self.console.color_system)), has_background_erase=True
        )
        self._watched_size = (0, 0)
        self.checkpoints = 0
        self.differences: list[str] = []
        self.whole_bytes = self.changed_bytes = 0

    def _display(self, *arguments: Any) -> None:
        update = arguments[1]
        if self._running and isinstance(update, LayoutUpdate | ChopsUpdate):
            self._watch(update)
        super()._display(*arguments)

    def _watch(self, update: LayoutUpdate | ChopsUpdate) -> None:
        if self.size != self._watched_size:
            # A frame laid out for the size before is still on its way: it fits neither.
            if not isinstance(update, LayoutUpdate) or update.region.size != self.size:
                return
            self._watched_size = self.size
            self._whole, self._changed = Emulator(*self.size), Emulator(*self.size)
            self._changed.soil()
            self._canvas.fit(*self.size)
        whole = afresh(update).render_segments(self.console)
        self._whole.feed(whole)
        self._canvas.take(update)
        if self._dice.random() < 0.8:
            self._compare(len(whole.encode()))

    def _compare(self, whole_bytes: int) -> None:
        changes = self._canvas.frame()
        self._changed.feed(changes)
        self.whole_bytes += whole_bytes
        self.changed_bytes += len(changes.encode())
        self.checkpoints += 1
        for y in self._changed.differences(self._whole):
            self.differences.append(
                f"{self.checkpoints}, line {y}: {self._changed.row(y)} for {self._whole.row(y)}"
            )


def afresh(update: LayoutUpdate | ChopsUpdate) -> LayoutUpdate | ChopsUpdate:
    """Forget how styles were written for tests with other colours: Textual keeps that with them."""
    if isinstance(update, LayoutUpdate):
        return LayoutUpdate([list(map(_afresh, row)) for row in update.strips], update.region)
    chops = [
        {x: None if strip is None else _afresh(strip) for x, strip in row.items()}
        for row in update.chops
    ]
    return ChopsUpdate(chops, update.spans, update.chop_ends)


def _afresh(strip: Strip) -> Strip:
    return Strip(
        Segment(text, style and style.update_link(style.link), control)
        for text, style, control in strip
    )
