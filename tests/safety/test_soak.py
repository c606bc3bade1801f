"""The program used for long: it takes no more memory, files, tasks or time than at the start."""

import asyncio
import gc
import os
import random
import statistics
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual._styles_cache import StylesCache

from kvtui.records import StoredValue
from kvtui.server.store import NamespaceState
from tests.support.dose import Dose
from tests.support.driver import AppDriver, driving
from tests.support.server import LocalServer, local_server
from tests.support.stored import put_many

KEYS = (
    *("j", "k", "down", "up", "pagedown", "pageup", "g", "G", "ctrl+d", "ctrl+u") * 6,
    *("l", "h", "enter", "escape", "tab", "1", "2", "3", "]", "[", "r", "space") * 3,
    *("slash", "n", "s", "question_mark", "at", "i", "p", "o", "y", "x", "f1") * 2,
    *("e", "D", "ctrl+s", "a", "b", "u", "c", "S", "m", "0", "7", "ctrl+l"),
)
BLOCK_ACTIONS = 500
BURST = 10
WARM_UP_BLOCKS = 2
MOST_GROWTH_BYTES = 20 * 1024 * 1024
LATE_FILES = 5
"""What the first draft and the first write open, and keep open: journal and locks."""
LATE_TASKS = 8
"""Of parts of the browser that come when they are first needed: search bars, scrollbars."""
SLOWER = 2.0


@dataclass(frozen=True)
class Sample:
    """What the process holds at rest, and how long the slowest actions before took."""

    memory_bytes: int
    file_count: int
    task_count: int
    thread_count: int
    slow_seconds: float
    """Slower was one burst in twenty."""


class Soak:
    """Random keys in blocks; between them everything is closed and measured."""

    def __init__(
        self, app: AppDriver, server: LocalServer, state: NamespaceState, actions: int
    ) -> None:
        self._app = app
        self._server = server
        self._state = state
        self._bursts = actions // BURST
        self._random = random.Random(time.monotonic_ns())

    async def block(self) -> Sample:
        seconds = []
        for _ in range(self._bursts):
            began_at = time.thread_time()
            await self._app.burst(*self._random.choices(KEYS, k=BURST))
            seconds.append(time.thread_time() - began_at)
        await self._go_home()
        self._server.store.put(self._state, "k/00000", StoredValue(b"as it was"))
        return _sample(sorted(seconds)[-1 - len(seconds) // 20])

    async def _go_home(self) -> None:
        """Close whatever is open, and come back to the keys."""
        for _ in range(20):
            if self._app.app.screen is self._app.browser:
                break
            await self._app.begin("escape")
        await self._app.press("escape", "escape", "2", "g")
        assert self._app.browser.is_current


def _sample(slow_seconds: float) -> Sample:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Sample(
        pages * os.sysconf("SC_PAGE_SIZE"),
        len(list(Path("/proc/self/fd").iterdir())),
        len(asyncio.all_tasks()),
        threading.active_count(),
        slow_seconds,
    )


@pytest.fixture
def full_server() -> Iterator[tuple[LocalServer, NamespaceState]]:
    with local_server() as server:
        state = server.namespace("my-cache")
        put_many(server, state, [f"k{number % 50}/{number:05}" for number in range(100_000)])
        yield server, state


async def use(
    app: AppDriver,
    full_server: tuple[LocalServer, NamespaceState],
    blocks: Iterable[int],
    actions: int,
) -> None:
    """Use the program for so many blocks; raise as soon as it takes more than at the start."""
    await app.press("g", "L")
    soak = Soak(app, *full_server, actions)
    samples: list[Sample] = []
    for _ in blocks:
        samples.append(await soak.block())
        check(samples[WARM_UP_BLOCKS:])


def check(samples: list[Sample]) -> None:
    if not samples:
        return
    first, last = samples[0], samples[-1]
    assert last.memory_bytes - first.memory_bytes < MOST_GROWTH_BYTES
    assert last.file_count <= first.file_count + LATE_FILES
    assert last.task_count <= first.task_count + LATE_TASKS
    assert last.thread_count <= first.thread_count + 1
    if len(samples) >= 20:
        early, late = samples[:10], samples[-10:]
        assert slowness(late) < SLOWER * slowness(early)


def slowness(samples: list[Sample]) -> float:
    return statistics.median(sample.slow_seconds for sample in samples)


@pytest.mark.timeout(300)
async def test_use_takes_no_more_after_a_while_than_at_the_start(
    full_server: tuple[LocalServer, NamespaceState],
) -> None:
    async with driving(full_server[0], namespace="my-cache") as app:
        await use(app, full_server, range(4), 100)


@pytest.mark.full
@pytest.mark.timeout(0)
async def test_a_hundred_thousand_actions_take_no_more_than_the_first(
    full_server: tuple[LocalServer, NamespaceState],
) -> None:
    dose = Dose("soak", 200)

    def blocks() -> Iterator[int]:
        for number in dose.rounds_left():
            yield number
            dose.add(actions=BLOCK_ACTIONS)

    async with driving(full_server[0], namespace="my-cache") as app:
        await use(app, full_server, blocks(), BLOCK_ACTIONS)


async def test_what_was_drawn_of_closed_screens_is_let_go(server: LocalServer) -> None:
    server.namespace("my-cache")

    def drawn() -> int:
        gc.collect()
        return sum(type(found) is StylesCache for found in gc.get_objects())

    async with driving(server, namespace="my-cache") as app:
        await app.press("question_mark", "escape")
        before = drawn()
        for _ in range(10):
            await app.press("question_mark", "escape")

        assert drawn() <= before
