"""Time and chance, as a seam: tests bring a clock of their own."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Protocol

_CHANCE = random.SystemRandom()


class Timer(Protocol):
    """Something that was put off and can be called off."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """What the client asks of the world besides the network."""

    def now(self) -> float:
        """Seconds on a clock that only goes forward."""
        ...

    def epoch(self) -> float:
        """Seconds since 1970."""
        ...

    def fraction(self) -> float:
        """Return a random number from 0 up to, but not including, 1."""
        ...

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer: ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's own time and chance."""

    def now(self) -> float:
        return time.monotonic()

    def epoch(self) -> float:
        return time.time()

    def fraction(self) -> float:
        return _CHANCE.random()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(seconds, callback)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
