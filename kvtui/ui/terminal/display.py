"""An app whose frames go out as the cells that changed, where Textual is built as that expects."""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from textual import constants
from textual._compositor import Compositor
from textual.app import App
from textual.driver import Driver
from textual.filter import Monochrome
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget

from kvtui.ui.terminal.cell_driver import CellDriver, Look
from kvtui.ui.terminal.graphics import BLOCKS, Graphics

if TYPE_CHECKING:
    from kvtui.ui.terminal.frame_timer import FrameTimer

LOW_BANDWIDTH: Final = "-low-bandwidth"
"""The class of an app that draws seldom and without decorations."""


class CellDisplay(App[None]):
    """Textual's app with the output layer in the place of its own."""

    wants_cells = True
    """Whether to use the output layer at all."""
    is_ascii = False
    """Whether only ASCII may be drawn."""
    is_low_bandwidth: bool | None = None
    """Whether to draw seldom and without decorations; None while the line is slow."""
    images = BLOCKS
    """How to draw images; see `Look`."""
    uses_mouse_in_tmux = False
    """Whether to use the mouse after all where the terminal says that it is tmux."""
    is_line_slow = var(False)
    """Whether frames have had to wait for the line lately."""

    def __init__(self) -> None:
        super().__init__()
        # Textual has greys for whoever asks for no colours, also where the answer is left empty.
        self.no_color = bool(os.environ.get("NO_COLOR"))
        self._filters = [each for each in self._filters if not isinstance(each, Monochrome)]
        if self.no_color:
            from kvtui.ui.terminal.colourless import Colourless

            self._filters.append(Colourless())

    def get_driver_class(self) -> type[Driver]:
        if constants.DRIVER is None:
            with suppress(ImportError, AttributeError):
                from kvtui.ui.terminal.capability import is_textual_known
                from kvtui.ui.terminal.driver import TerminalDriver

                if is_textual_known():
                    return TerminalDriver
        return super().get_driver_class()

    def compositor(self) -> Compositor:
        """Give what a screen with many rows is drawn by."""
        if self._is_ours:
            from kvtui.ui.terminal.front import FrontCompositor

            return FrontCompositor()
        return Compositor()

    def frame_timer(self, screen: Screen[Any], draw: Callable[[], None]) -> "FrameTimer | None":
        """Give what tells a screen when to draw; None where it is to be told as Textual does."""
        if not self._is_ours:
            return None
        from kvtui.ui.terminal.frame_timer import FrameTimer

        return FrameTimer(screen, draw)

    @cached_property
    def _is_ours(self) -> bool:
        """Whether to draw in our own way, with Textual built as that expects."""
        if self.wants_cells:
            with suppress(ImportError, AttributeError):
                from kvtui.ui.terminal.capability import is_textual_known

                return is_textual_known()
        return False

    def copy_to_clipboard(self, text: str) -> None:
        driver = self._driver
        if isinstance(driver, CellDriver):
            self._clipboard = text
            driver.copy(text)
        else:
            super().copy_to_clipboard(text)

    def toggle_mouse(self) -> bool | None:
        """Use the mouse, or leave it to the terminal; tell whether it is used, if that is ours."""
        if not isinstance(self._driver, CellDriver):
            return None
        self._driver.use_mouse(not self._driver.has_mouse)
        return self._driver.has_mouse

    def watch_is_line_slow(self, is_slow: bool) -> None:
        is_plain = is_slow if self.is_low_bandwidth is None else self.is_low_bandwidth
        self.set_class(is_plain, LOW_BANDWIDTH)

    def start_part(self, whole: Widget, part: Widget) -> None:
        """Begin to run a part of a widget that stands in for one of Textual's."""
        self._start_widget(whole, part)

    @property
    def graphics(self) -> Graphics | None:
        """Draws images; None where the terminal cannot, or shall not."""
        return self._driver.graphics if isinstance(self._driver, CellDriver) else None

    @property
    def is_holding_frames(self) -> bool:
        """Whether frames that are drawn now are thrown away, because more is to come at once."""
        return bool(self._batch_count)

    def on_resize(self) -> None:
        """Draw everything: terminals differ in what they do with what was there.

        Whoever takes the terminal back is told its size as well, though it may be as before.
        """
        self.forget_screen(is_clearing=False)
        self.refresh()

    def forget_screen(self, *, is_clearing: bool) -> None:
        """Draw everything again with the next frame, on a cleared screen if told so."""
        if isinstance(self._driver, CellDriver):
            self._driver.forget(is_clearing=is_clearing)

    def _build_driver(self, *arguments: Any, **options: Any) -> Driver:
        driver = super()._build_driver(*arguments, **options)
        if self.wants_cells and isinstance(driver, CellDriver):
            look = Look(self.is_ascii, self.is_low_bandwidth, self.images)
            driver.open_output(self.console.color_system, look, on_slow=self._line_changed)
            if self.uses_mouse_in_tmux:
                driver.use_mouse_in_tmux()
        return driver

    def _line_changed(self, is_slow: bool) -> None:
        self.call_later(setattr, self, "is_line_slow", is_slow)

    def _display(self, *arguments: Any) -> None:
        if self._draws(*arguments):
            self.post_display_hook()
        else:
            super()._display(*arguments)

    def _draws(self, _screen: object, update: object) -> bool:
        """Draw an update through the output layer; tell whether that was possible."""
        driver = self._driver
        if not isinstance(driver, CellDriver) or self.is_holding_frames:
            return False
        if update is None or not self._running or self._closed:
            return False
        return driver.draw(
            update, self.size, self._text_cursor, is_synchronized=self._sync_available
        )

    @property
    def _text_cursor(self) -> tuple[int, int]:
        """Where text is typed, which input methods look at; the corner where none is."""
        if not hasattr(self.focused, "cursor_screen_offset"):
            return 0, 0
        return self.screen.outer_size.clamp_offset(self.cursor_position)
