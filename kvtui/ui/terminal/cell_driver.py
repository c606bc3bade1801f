"""What the app asks of a driver that draws by itself."""

from abc import abstractmethod
from collections.abc import Callable

import msgspec
from textual.driver import Driver

from kvtui.ui.terminal.graphics import BLOCKS, Graphics


class Look(msgspec.Struct, frozen=True):
    """How to draw, as it was chosen."""

    is_ascii: bool = False
    is_low_bandwidth: bool | None = None
    """Whether to draw seldom; None while the line is slow."""
    images: str = BLOCKS
    """How to draw images: a protocol, `auto` for what the terminal is known to have, or blocks."""


class CellDriver(Driver):
    """A driver with an output layer."""

    graphics: Graphics | None = None
    """Draws images; None where the terminal cannot, or shall not."""

    @abstractmethod
    def open_output(
        self, colours: str | None, look: Look, *, on_slow: Callable[[bool], None]
    ) -> None:
        """Draw from now on, with so many colours; tell when the line gets slow and recovers."""

    @abstractmethod
    def draw(
        self,
        update: object,
        size: tuple[int, int],
        cursor: tuple[int, int],
        *,
        is_synchronized: bool,
    ) -> bool:
        """Draw an update of the screen; tell whether it could be."""

    @abstractmethod
    def forget(self, *, is_clearing: bool) -> None:
        """Trust nothing about what the terminal shows."""

    @property
    @abstractmethod
    def has_mouse(self) -> bool:
        """Whether the terminal is asked for what the mouse does."""

    @abstractmethod
    def use_mouse(self, is_used: bool) -> None:
        """Ask for what the mouse does, or leave it to the terminal."""

    @abstractmethod
    def use_mouse_in_tmux(self) -> None:
        """Ask the terminal once it is open what kind it is, and use the mouse if it is tmux."""

    @abstractmethod
    def copy(self, text: str) -> None:
        """Send text to the terminal's clipboard."""
