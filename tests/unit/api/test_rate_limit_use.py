"""The gate before a server with a rate limit, in virtual time: what is used, what is refused."""

import asyncio
import itertools

import httpx
import pytest

from kvtui.api.rate_limit import RateLimit
from kvtui.api.throttle import Throttle
from kvtui.records import Priority
from kvtui.server.options import RateLimit as ServerLimit
from kvtui.server.rate_limit import RateWindows
from tests.support.clock import VirtualClock

STEP_SECONDS, LATENCY_SECONDS = 0.002, 0.08
AT_ONCE, CLICK_EVERY_SECONDS = 16, 2.7


class Line:
    """Sixteen loops that never have enough, and a click now and then."""

    def __init__(self, limit: ServerLimit, counted_after: float, jitter_seconds: float) -> None:
        self.clock = VirtualClock()
        self.gate = Throttle(self.clock)
        self.windows = RateWindows(limit, self.clock.now)
        self.counted_after = counted_after
        self.jitters = itertools.cycle([0.0, jitter_seconds, jitter_seconds / 2])
        self.answered, self.refused = 0, 0
        self.click_seconds: list[float] = []

    async def request(self, priority: Priority) -> None:
        turn = await self.gate.acquire(priority, self.gate.ticket())
        latency = LATENCY_SECONDS + next(self.jitters)
        await self.clock.sleep(latency * self.counted_after)
        is_answered, headers = self.windows.take(), httpx.Headers(self.windows.headers())
        await self.clock.sleep(latency * (1 - self.counted_after))
        limit = RateLimit.of(headers)
        self.gate.learn(limit, turn, is_success=is_answered)
        if not is_answered:
            self.gate.pause(limit.reset_seconds or 1.0)
        self.answered += is_answered
        self.refused += not is_answered
        self.gate.release()

    async def scan(self) -> None:
        while True:
            await self.request(Priority.BACKGROUND)

    async def click(self) -> None:
        while True:
            await self.clock.sleep(CLICK_EVERY_SECONDS)
            began = self.clock.now()
            await self.request(Priority.INTERACTIVE)
            self.click_seconds.append(self.clock.now() - began)

    async def run(self, seconds: float) -> None:
        tasks = [asyncio.create_task(self.scan()) for _ in range(AT_ONCE)]
        tasks.append(asyncio.create_task(self.click()))
        for _ in range(round(seconds / STEP_SECONDS)):
            for _ in range(6):
                await asyncio.sleep(0)
            self.clock.advance(STEP_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("counted_after", [0.5, 1.0], ids=["on arrival", "when answered"])
@pytest.mark.parametrize("jitter_seconds", [0.0, 0.03])
@pytest.mark.parametrize(
    ("count", "window_seconds", "windows"),
    [(20, 1.0, 20), (50, 1.0, 12), (100, 1.0, 12), (50, 10.0, 3), (200, 10.0, 3)],
)
async def test_a_limit_is_used_without_refusals_and_a_click_hardly_waits(
    count: int, window_seconds: float, windows: int, jitter_seconds: float, counted_after: float
) -> None:
    limit = ServerLimit(count, window_seconds)
    line = Line(limit, counted_after, jitter_seconds)

    await line.run(windows * window_seconds)

    assert line.answered >= 0.9 * count * windows
    assert line.refused <= 0.005 * line.answered
    slow = sorted(line.click_seconds)[int(0.95 * len(line.click_seconds)) - 1]
    assert slow <= LATENCY_SECONDS + jitter_seconds + 0.05
