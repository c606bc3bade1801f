"""When a screen draws: at once after a rest, and never sooner than a frame's time after a frame."""

import asyncio
from collections.abc import Callable
from math import inf
from typing import Any

from textual.screen import UPDATE_PERIOD, Screen
from textual.timer import EventTargetGone, Timer


class FrameTimer(Timer):
    """Counts the time from the last frame, from `resume` to `pause`.

    Textual's own keeps to a grid, and leaves one place of it out after each rest: what came right
    after a frame, such as the rows after the key that asked for them, waited for up to two.
    """

    def __init__(self, screen: Screen[Any], draw: Callable[[], None]) -> None:
        super().__init__(screen, UPDATE_PERIOD, name="frames", callback=draw)
        self._wanted = asyncio.Event()

    def start(self) -> None:
        self._start()

    def pause(self) -> None:
        self._wanted.clear()

    def resume(self) -> None:
        self._wanted.set()

    async def _run(self) -> None:
        drawn_at = -inf
        clock = asyncio.get_running_loop().time
        while True:
            await self._wanted.wait()
            left_seconds = drawn_at + self._interval - clock()
            if left_seconds > 0:  # else not even a turn for others: what they begin is drawn after
                await asyncio.sleep(left_seconds)
            drawn_at = clock()
            try:
                await self._tick(next_timer=drawn_at, count=0)
            except EventTargetGone:
                return
