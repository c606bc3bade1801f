"""An app whose frames go out as the cells that changed, where Textual is built as that expects."""

from contextlib import suppress
from typing import Any

from textual import constants
from textual.app import App
from textual.driver import Driver

from kvtui.ui.terminal.cell_driver import CellDriver


class CellDisplay(App[None]):
    """Textual's app with the output layer in the place of its own."""

    wants_cells = True
    """Whether to use the output layer at all."""
    is_ascii = False
    """Whether only ASCII may be drawn."""

    def get_driver_class(self) -> type[Driver]:
        if constants.DRIVER is None:
            with suppress(ImportError, AttributeError):
                from kvtui.ui.terminal.capability import is_textual_known
                from kvtui.ui.terminal.driver import TerminalDriver

                if is_textual_known():
                    return TerminalDriver
        return super().get_driver_class()

    def copy_to_clipboard(self, text: str) -> None:
        driver = self._driver
        if isinstance(driver, CellDriver):
            self._clipboard = text
            driver.copy(text)
        else:
            super().copy_to_clipboard(text)

    @property
    def is_line_slow(self) -> bool:
        """Whether frames have had to wait for the line lately."""
        return isinstance(self._driver, CellDriver) and self._driver.is_line_slow

    @property
    def is_holding_frames(self) -> bool:
        """Whether frames that are drawn now are thrown away, because more is to come at once."""
        return bool(self._batch_count)

    def on_resize(self) -> None:
        """Terminals differ in what they do with what was there."""
        self.forget_screen(is_clearing=False)

    def forget_screen(self, *, is_clearing: bool) -> None:
        """Draw everything again with the next frame, on a cleared screen if told so."""
        if isinstance(self._driver, CellDriver):
            self._driver.forget(is_clearing=is_clearing)

    def _build_driver(self, *arguments: Any, **options: Any) -> Driver:
        driver = super()._build_driver(*arguments, **options)
        if self.wants_cells and isinstance(driver, CellDriver):
            driver.open_output(self.console.color_system, is_ascii=self.is_ascii)
        return driver

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
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        return driver.draw(update, self.size, cursor, is_synchronized=self._sync_available)
