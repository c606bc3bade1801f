"""The way out: writes to the terminal, and knows how much of it is still under way."""

import os
from collections.abc import Callable
from contextlib import suppress
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
        self._unwaiting: int | None = None
        self._rest = b""
        self.is_broken = False
        """Whether the terminal is gone; what is written then is dropped."""

    def open(self) -> None:
        """Open the terminal once more, for writing without waiting; a file that is none stays."""
        self.close()
        # The file itself is shared with whoever started this: its ways are not ours to change.
        with suppress(OSError):
            name = os.ttyname(self._file.fileno())
            self._unwaiting = os.open(name, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)

    def close(self) -> None:
        if self._unwaiting is not None:
            os.close(self._unwaiting)
            self._unwaiting = None

    @property
    def is_drained(self) -> bool:
        """Whether everything that was announced has been taken by the terminal's line."""
        return not self._waiting

    def offer(self, text: str) -> str | None:
        """Write what the line takes without waiting; give what is left to `write`, None if nothing.

        A frame that is handed to a thread is late by as long as the loop goes on with other things.
        """
        if self._unwaiting is None or self._waiting or self.is_broken:
            return text
        content = text.encode(self._encoding, errors="replace")
        try:
            self._rest = content[os.write(self._unwaiting, content) :]
        except OSError:
            return text
        return "" if self._rest else None

    def announce(self) -> None:
        """Take note that one `write` will follow."""
        with self._lock:
            self._waiting += 1

    def write(self, text: str) -> int:
        """Write one text completely, for as long as that takes."""
        content, self._rest = self._rest + text.encode(self._encoding, errors="replace"), b""
        self._write(content)
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
