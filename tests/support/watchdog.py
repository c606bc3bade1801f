"""Watches an event loop from outside: which step held it up, for how long, and where it was."""

import asyncio
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from typing import Self

MOST_SECONDS = 0.02
LOOK_EVERY_SECONDS = 0.004


@dataclass(frozen=True, slots=True)
class LongStep:
    """One step of the loop that took too long."""

    seconds: float
    stack: str
    """Where it was when it had just become too long."""


@dataclass
class Watchdog:
    """Asks the loop for a sign of life over and over; use it around the code to be watched."""

    most_seconds: float = MOST_SECONDS
    steps: list[LongStep] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._is_over.set()
        self._thread.join()

    def report(self) -> str:
        """Give the long steps, the longest first."""
        ordered = sorted(self.steps, key=lambda step: -step.seconds)
        return "\n".join(f"{step.seconds * 1000:.0f} ms in\n{step.stack}" for step in ordered)

    def _watch(self) -> None:
        while not self._is_over.wait(LOOK_EVERY_SECONDS):
            sign = threading.Event()
            asked = time.monotonic()
            self._loop.call_soon_threadsafe(sign.set)
            if not sign.wait(self.most_seconds):
                stack = self._stack()
                while not sign.wait(0.001) and not self._is_over.is_set():
                    pass
                self.steps.append(LongStep(time.monotonic() - asked, stack))

    def _stack(self) -> str:
        frame = dict(sys._current_frames()).get(self._loop_thread)  # noqa: SLF001
        return "".join(traceback.format_stack(frame)[-12:])
