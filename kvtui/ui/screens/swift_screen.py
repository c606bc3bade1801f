"""The ground of screens that are drawn for every key."""

from typing import TYPE_CHECKING

from textual.screen import Screen, ScreenResultType
from textual.timer import Timer

from kvtui.ui.terminal.display import CellDisplay

if TYPE_CHECKING:
    from kvtui.ui.terminal.frame_timer import FrameTimer


class SwiftScreen(Screen[ScreenResultType]):
    """Draws as little and as soon as the output layer can, where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self._frames: FrameTimer | None = None
        if isinstance(self.app, CellDisplay):
            self._compositor = self.app.compositor()

    @property
    def _update_timer(self) -> Timer:
        if self._frames is None and isinstance(self.app, CellDisplay):
            self._frames = self.app.frame_timer(self, self._on_timer_update)
            if self._frames is not None:
                self._timers.add(self._frames)
                self._frames.start()
        return super()._update_timer if self._frames is None else self._frames
