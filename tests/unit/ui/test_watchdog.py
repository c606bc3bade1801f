"""The watchdog of the event loop."""

import asyncio
import time
from collections.abc import Coroutine

from kvtui.ui.watchdog import Watchdog


def hold_up(seconds: float) -> None:
    """Keep the loop busy, as a parser that does not yield would."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def watched(work: Coroutine[None, None, None]) -> Watchdog:
    watchdog = Watchdog()
    with asyncio.Runner(loop_factory=watchdog.loop) as runner:
        runner.run(work)
    return watchdog


def test_a_step_that_holds_the_loop_up_is_reported_with_its_stack() -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        hold_up(0.12)

    watchdog = watched(work())
    longest = max(watchdog.steps, key=lambda step: step.seconds)
    assert longest.seconds >= 0.1
    assert "hold_up" in longest.stack[-1]
    assert watchdog.report().startswith(f"{longest.seconds * 1000:.0f} ms in")


def test_a_callback_and_a_timer_are_watched_as_well() -> None:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(hold_up, 0.05)
        loop.call_later(0.001, hold_up, 0.05)
        loop.call_soon_threadsafe(hold_up, 0.05)
        await asyncio.sleep(0.01)

    assert sum(step.seconds >= 0.05 for step in watched(work()).steps) == 3


def test_waiting_and_work_in_threads_hold_nothing_up() -> None:
    async def work() -> None:
        await asyncio.gather(asyncio.sleep(0.1), asyncio.to_thread(time.sleep, 0.1))

    assert [step for step in watched(work()).steps if step.seconds >= 0.05] == []
