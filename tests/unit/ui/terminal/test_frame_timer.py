"""Frames come at once after a rest, and keep their distance otherwise."""

import asyncio

from textual.app import App
from textual.screen import UPDATE_PERIOD

from kvtui.ui.terminal.frame_timer import FrameTimer

TURNS = 3


async def test_a_frame_after_a_rest_waits_for_nothing_and_the_next_for_one_frame() -> None:
    async with App[None]().run_test() as pilot:
        clock = asyncio.get_running_loop().time
        drawn: list[float] = []
        is_drawn = asyncio.Event()

        def draw() -> None:
            drawn.append(clock())
            timer.pause()
            is_drawn.set()

        timer = FrameTimer(pilot.app.screen, draw)
        timer.start()
        await asyncio.sleep(0)
        assert not drawn

        timer.resume()
        for _ in range(TURNS):
            await asyncio.sleep(0)
        assert len(drawn) == 1

        is_drawn.clear()
        timer.resume()
        await is_drawn.wait()
        assert drawn[1] - drawn[0] >= UPDATE_PERIOD * 0.9
        timer.stop()
