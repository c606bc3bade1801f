"""The watchdog of the event loop."""

import asyncio
import time

from tests.support.watchdog import Watchdog


def hold_up() -> None:
    """Keep the loop busy, as a parser that does not yield would."""
    end = time.monotonic() + 0.15
    while time.monotonic() < end:
        pass


async def test_a_step_that_holds_the_loop_up_is_reported_with_its_stack() -> None:
    with Watchdog() as watchdog:
        await asyncio.sleep(0.02)
        hold_up()
        await asyncio.sleep(0.02)
    longest = max(watchdog.steps, key=lambda step: step.seconds)
    assert longest.seconds > 0.1
    assert "hold_up" in longest.stack
    assert watchdog.report().startswith(f"{longest.seconds * 1000:.0f} ms in")
