"""A wait for input that somebody else can end at once."""

import os
import select


class Wake:
    """A pipe that is readable from `set` to `clear`."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()

    def set(self) -> None:
        os.write(self._writer, b"!")

    def clear(self) -> None:
        os.read(self._reader, 1)

    def wait(self, descriptor: int, seconds: float | None) -> bool:
        """Wait until `descriptor` has input, somebody calls `set`, or the time is over."""
        ready, _, _ = select.select([descriptor, self._reader], [], [], seconds)
        return descriptor in ready
