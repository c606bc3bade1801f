"""Works on several items at once, and gives each result as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import Final, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

AT_ONCE: Final = 6


async def side_by_side(
    items: Iterable[Item],
    work: Callable[[Item], Awaitable[Outcome]],
    *,
    at_once: int = AT_ONCE,
) -> AsyncGenerator[Outcome, None]:
    """Await `work` for every item, beginning in their order.

    Whatever ends it early, also the first error that `work` raises, cancels what is under way.
    """
    waiting = iter(items)
    running: set[asyncio.Future[Outcome]] = set()
    try:
        while True:
            for item in waiting:
                running.add(asyncio.ensure_future(work(item)))
                if len(running) >= at_once:
                    break
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for finished in done:
                yield finished.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
