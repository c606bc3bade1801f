"""Tells when an app has come to rest, by what its event loop still has to do.

Textual's Pilot waits for the clock instead, 20 ms at a time, several times for each key.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from textual import events
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot

SOON_SECONDS: Final = 0.03
"""What is put off for so short a time belongs to what put it off."""
LOOK_SECONDS: Final = 0.002
PATIENCE_SECONDS: Final = 30.0
QUIET_ROUNDS: Final = 2
MOST_TURNS: Final = 10_000


def key_event(key: str) -> events.Key:
    """Make what the terminal sends for a key, given by its name or its character."""
    if len(key) == 1:
        return events.Key(_character_to_key(key), key)
    return events.Key(key, key_to_character(key))


async def come_to_rest(pilot: Pilot[None], is_busy: Callable[[], bool] = bool) -> None:
    """Wait until every message is handled and drawn, and nothing is under way or due soon.

    `is_busy` tells what else there is to wait for.
    """
    loop: Any = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    quiet = 0
    while quiet < QUIET_ROUNDS:
        if loop.time() > deadline:
            raise AssertionError("the app does not come to rest")
        await pilot._wait_for_screen()
        pilot.app.screen._on_timer_update()
        await _take_turns(loop)
        seconds = LOOK_SECONDS if is_busy() or _has_threads(loop) else _next_seconds(loop)
        quiet = 0 if seconds < SOON_SECONDS else quiet + 1
        if not quiet:
            await asyncio.sleep(seconds)


async def _take_turns(loop: Any) -> None:
    """Let the others run as long as any can without waiting."""
    for _ in range(MOST_TURNS):
        await asyncio.sleep(0)
        if not loop._ready:
            return


def _next_seconds(loop: Any) -> float:
    """Give how long nothing will happen by itself."""
    now: float = loop.time()
    due = [timer.when() for timer in loop._scheduled if not timer.cancelled() and _acts(timer)]
    return max(min(due, default=now + PATIENCE_SECONDS) - now, 0.0)


def _acts(timer: Any) -> bool:
    """Tell whether a timer does something itself, rather than end a sleep.

    Whoever sleeps is a worker, which tells that it is under way, or Textual between two frames.
    """
    called = (timer._callback, *timer._args)  # the watchdog's loop is handed what it is to call
    return not any(getattr(it, "__module__", "") == "asyncio.futures" for it in called)


def _has_threads(loop: Any) -> bool:
    """Tell whether anything runs beside the loop that it was asked to wait for."""
    executor = loop._default_executor
    if not isinstance(executor, ThreadPoolExecutor):
        return False
    return len(executor._threads) > executor._idle_semaphore._value
