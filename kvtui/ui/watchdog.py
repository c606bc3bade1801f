"""Finds the steps of the event loop that hold up all others: for development and for tests."""

import asyncio
import gc
import signal
import time
import traceback
from asyncio.events import AbstractEventLoop
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from types import FrameType
from typing import Final, TypeVarTuple

Ts = TypeVarTuple("Ts")

MOST_SECONDS: Final = 0.02
"""Of processor time: how busy the machine is with other things makes no difference."""
_LOOK_AT: Final = 0.7
"""Of the time allowed: the clock that looks is coarse."""
_STACK_DEPTH: Final = 24


@dataclass(frozen=True, slots=True)
class LongStep:
    """One step of the loop that took too long."""

    seconds: float
    """Of processor time, without the collection of garbage."""
    stack: tuple[str, ...]
    """Where it was when it had just become too long: frames of the step, the outermost first."""


class Watchdog:
    """Looks at every step of the loops it makes; they must run in the main thread."""

    def __init__(self, most_seconds: float = MOST_SECONDS) -> None:
        self._most_seconds = most_seconds
        self._stacks: list[tuple[str, ...]] = []
        self._collecting_since = self._collecting_seconds = 0.0
        self.steps: list[LongStep] = []
        gc.callbacks.append(self._note_collection)

    def loop(self) -> AbstractEventLoop:
        """Make an event loop that is watched, until another watchdog makes one."""
        signal.signal(signal.SIGPROF, self._look)
        return _WatchedLoop(self)

    def report(self) -> str:
        """Give the long steps, the longest first."""
        ordered = sorted(self.steps, key=lambda step: -step.seconds)
        return "\n".join(f"{it.seconds * 1000:.0f} ms in\n{''.join(it.stack)}" for it in ordered)

    def run(self, callback: Callable[[*Ts], object], *arguments: *Ts) -> None:
        """Run one step, and take note of it if it was long."""
        self._stacks.clear()
        self._collecting_seconds = 0.0
        began = time.thread_time()
        signal.setitimer(signal.ITIMER_PROF, self._most_seconds * _LOOK_AT)
        try:
            callback(*arguments)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            took = time.thread_time() - began - self._collecting_seconds
            if took > self._most_seconds:
                where = self._stacks[0] if self._stacks else (f"{callback}\n",)
                self.steps.append(LongStep(took, where))

    def _look(self, _number: int, frame: FrameType | None) -> None:
        whole = traceback.extract_stack(frame)
        start = max(at for at, place in enumerate(whole) if place.filename == __file__)
        if step := traceback.format_list(whole[start + 1 :]):
            self._stacks.append(tuple(step[-_STACK_DEPTH:]))

    def _note_collection(self, phase: str, _details: dict[str, int]) -> None:
        now = time.thread_time()
        if phase == "start":
            self._collecting_since = now
        else:
            self._collecting_seconds += now - self._collecting_since


class _WatchedLoop(asyncio.SelectorEventLoop):
    """Asyncio's loop, in which somebody else runs the steps."""

    def __init__(self, watchdog: Watchdog) -> None:
        super().__init__()
        self._watchdog = watchdog

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        return super().call_soon(self._watchdog.run, callback, *args, context=context)

    def call_soon_threadsafe(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        return super().call_soon_threadsafe(self._watchdog.run, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return super().call_at(when, self._watchdog.run, callback, *args, context=context)
