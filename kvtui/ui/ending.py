"""Ends the app when the process is told to end, or when its terminal is gone."""

import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Final, Self

LOOK_SECONDS: Final = 1.0
"""How often the terminal is looked at."""
PATIENCE_SECONDS: Final = 4.0
"""How long the app may take to end by itself."""
PATIENCE_WITHOUT_TERMINAL_SECONDS: Final = 2.0
_SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
_STATUS_OF_SIGNALS: Final = 128
_RESET: Final = (
    b"\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[0m"
)


class Ending:
    """Watches, from a thread of its own, because the event loop may stand still.

    `end` asks the app to end with a status, from any thread; `flush` writes what must not be lost;
    `is_lent` tells whether another program has the terminal. Where the app does not end in time,
    or the process does not once the app has, it is made to.
    """

    def __init__(
        self,
        end: Callable[[int], None],
        flush: Callable[[], None],
        *,
        is_lent: Callable[[], bool],
        terminal: int | None = None,
    ) -> None:
        self._end = end
        self._flush = flush
        self._is_lent = is_lent
        self._terminal = sys.__stdin__.fileno() if terminal is None and sys.__stdin__ else terminal
        self._told = threading.Event()
        self._number = 0
        self._is_over = threading.Event()
        self._before: dict[int, Any] = {}
        self._modes: list[Any] | None = None

    def __enter__(self) -> Self:
        if self._terminal is not None:
            with suppress(termios.error):
                self._modes = termios.tcgetattr(self._terminal)
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._tell)
        threading.Thread(target=self._watch, name="ending", daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._is_over.set()
        self._told.set()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _tell(self, number: int, _frame: FrameType | None) -> None:
        """Take note of a signal; ctrl+c in a program that has the terminal is meant for that."""
        if number == signal.SIGINT and self._is_lent():
            return
        self._number = self._number or number
        self._told.set()

    def _watch(self) -> None:
        while not self._told.wait(LOOK_SECONDS):
            if self._is_terminal_gone():
                self._number = signal.SIGHUP
                break
        if self._is_over.is_set():
            return
        status = _STATUS_OF_SIGNALS + self._number
        self._flush()
        self._end(status)
        is_gone = self._is_terminal_gone()
        patience = PATIENCE_WITHOUT_TERMINAL_SECONDS if is_gone else PATIENCE_SECONDS
        is_over = self._is_over.wait(patience)
        self._flush()
        if not is_over:
            self._restore_terminal()
        threading.Event().wait(0.0 if not is_over else patience)
        os._exit(status)

    def _is_terminal_gone(self) -> bool:
        if self._terminal is None:
            return False
        poll = select.poll()
        poll.register(self._terminal, 0)
        return any(event & (select.POLLHUP | select.POLLNVAL) for _, event in poll.poll(0))

    def _restore_terminal(self) -> None:
        """Leave the terminal as it was, as far as that takes no waiting."""
        if self._terminal is None or self._modes is None:
            return
        with suppress(OSError, termios.error):
            os.set_blocking(self._terminal, False)
            os.write(self._terminal, _RESET)
        with suppress(OSError, termios.error):
            termios.tcsetattr(self._terminal, termios.TCSANOW, self._modes)
