"""What the app asks of a driver that draws by itself."""

from abc import abstractmethod

from textual.driver import Driver


class CellDriver(Driver):
    """A driver with an output layer."""

    @abstractmethod
    def open_output(self, colours: str | None, *, is_ascii: bool) -> None:
        """Draw from now on, with so many colours."""

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

    @abstractmethod
    def copy(self, text: str) -> None:
        """Send text to the terminal's clipboard."""

    @property
    @abstractmethod
    def is_line_slow(self) -> bool:
        """Whether frames have had to wait for the line lately."""
