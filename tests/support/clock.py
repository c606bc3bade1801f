"""A clock that stands still until it is told, or until everybody waits for it."""

import asyncio
import heapq
import itertools
from collections.abc import Callable


class VirtualTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback = callback
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True

    def fire(self) -> None:
        if not self.is_cancelled:
            self._callback()


class VirtualClock:
    """Satisfies `kvtui.api.clock.Clock` without waiting.

    By default time stands still and `advance` moves it. With `is_automatic` it jumps to the next
    timer as soon as the loop has nothing else to do for a moment.
    """

    def __init__(self, *, is_automatic: bool = False, fraction: float = 0.5) -> None:
        self._now = 1000.0
        self._is_automatic = is_automatic
        self._fraction = fraction
        self._timers: list[tuple[float, int, VirtualTimer]] = []
        self._order = itertools.count()
        self.sleeps: list[float] = []

    def now(self) -> float:
        return self._now

    def epoch(self) -> float:
        return 1_800_000_000.0 + self._now

    def fraction(self) -> float:
        return self._fraction

    def call_later(self, seconds: float, callback: Callable[[], None]) -> VirtualTimer:
        timer = VirtualTimer(callback)
        heapq.heappush(self._timers, (self._now + seconds, next(self._order), timer))
        if self._is_automatic:
            asyncio.get_running_loop().call_later(0.001, self._jump)
        return timer

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        woken = asyncio.get_running_loop().create_future()
        self.call_later(seconds, lambda: None if woken.done() else woken.set_result(None))
        await woken

    def advance(self, seconds: float) -> None:
        """Let time pass, firing what falls due on the way."""
        until = self._now + seconds
        while self._timers and self._timers[0][0] <= until:
            self._fire_next()
        self._now = until

    @property
    def is_waited_for(self) -> bool:
        return any(not timer.is_cancelled for _, _, timer in self._timers)

    def _jump(self) -> None:
        while self._timers and self._timers[0][2].is_cancelled:
            heapq.heappop(self._timers)
        if self._timers:
            self._fire_next()

    def _fire_next(self) -> None:
        due_at, _, timer = heapq.heappop(self._timers)
        self._now = max(self._now, due_at)
        timer.fire()
