"""The way out: writes to the terminal, and knows how much of it is still under way."""

import os
from collections.abc import Callable
from threading import Lock
from typing import TextIO


class Outlet:
    """Stands for a file in Textual's writing thread; `on_drained` is called in that thread."""

    def __init__(self, file: TextIO, on_drained: Callable[[], None]) -> None:
        self._file = file
        self._encoding = file.encoding or "utf-8"
        self._on_drained = on_drained
        self._lock = Lock()
        self._waiting = 0
        self.is_broken = False
        """Whether the terminal is gone; what is written then is dropped."""

    @property
    def is_drained(self) -> bool:
        """Whether everything that was announced has been taken by the terminal's line."""
        return not self._waiting

    def announce(self) -> None:
        """Take note that one `write` will follow."""
        with self._lock:
            self._waiting += 1

    def write(self, text: str) -> int:
        """Write one text completely, for as long as that takes."""
        self._write(text.encode(self._encoding, errors="replace"))
        with self._lock:
            self._waiting -= 1
            is_drained = not self._waiting
        if is_drained:
            self._on_drained()
        return len(text)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def fileno(self) -> int:
        return self._file.fileno()

    def isatty(self) -> bool:
        return self._file.isatty()

    def _write(self, content: bytes) -> None:
        descriptor = self._file.fileno()
        try:
            while content and not self.is_broken:
                content = content[os.write(descriptor, content) :]
        except OSError:
            self.is_broken = True
