"""Makes the requests that a plan wants, side by side, and gives it the answers."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final, Protocol

from kvtui.errors import KeyNotAddressableError, NotFoundError
from kvtui.keyspace.request import Request
from kvtui.protocol import MAX_KEYS_LIMIT
from kvtui.records import KeyEntry, KeyPage, Priority
from kvtui.session.client import Client
from kvtui.session.listing import KeyPager, refuse_strangers

AT_ONCE: Final = 16


class Plan(Protocol):
    """Decides what to ask next; see `keyspace.discovery` and `keyspace.scan`."""

    def poll(self, limit: int) -> list[Request]: ...

    def feed(self, request: Request, page: KeyPage) -> None: ...

    def give_back(self, request: Request) -> None: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer."""

    request: Request
    page: KeyPage

    @property
    def is_last(self) -> bool:
        """Whether a listing came to its end with it."""
        return not self.page.has_more and not self.request.is_exact

    @property
    def is_whole(self) -> bool:
        """Whether it holds everything there is below its prefix."""
        return self.is_last and self.request.cursor is None


class PlanRunner:
    """Runs plans for one namespace."""

    def __init__(self, client: Client, namespace_id: str) -> None:
        self._client = client
        self._namespace_id = namespace_id

    async def run(
        self, plan: Plan, priority: Priority, budget: int | None = None
    ) -> AsyncGenerator[Answered, None]:
        """Give every answer after the plan has seen it, until the plan wants nothing more.

        It also ends with the last answer to `budget` requests. Whatever ends the run early, the
        questions still open go back to the plan, so that it can be run again later.
        """
        asked: dict[asyncio.Task[KeyPage], Request] = {}
        try:
            while True:
                room = AT_ONCE - len(asked)
                for request in plan.poll(room if budget is None else min(room, budget)):
                    asked[asyncio.create_task(self._ask(request, priority))] = request
                    budget = None if budget is None else budget - 1
                if not asked:
                    return
                done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    page = task.result()
                    request = asked.pop(task)
                    plan.feed(request, page)
                    yield Answered(request, page)
        finally:
            for task, request in asked.items():
                task.cancel()
                plan.give_back(request)
            await asyncio.gather(*asked, return_exceptions=True)

    async def _ask(self, request: Request, priority: Priority) -> KeyPage:
        if request.is_exact:
            return await self._exact(request.prefix, priority)
        page = await self._client.list_keys(
            self._namespace_id,
            prefix=request.prefix,
            cursor=request.cursor,
            limit=request.limit,
            priority=priority,
        )
        refuse_strangers(page, request.prefix)
        return page

    async def _exact(self, key: str, priority: Priority) -> KeyPage:
        """Find out whether a key exists by reading it: a listing could begin with longer keys."""
        try:
            value = await self._client.get_value(self._namespace_id, key, priority=priority)
        except NotFoundError:
            return KeyPage.of([])
        except KeyNotAddressableError:
            return await self._searched(key, priority)
        return KeyPage.of([await self._listed(key, priority, len(value.content))])

    async def _listed(self, key: str, priority: Priority, size_bytes: int) -> KeyEntry:
        """Give the entry of a key that is there, with its time where one page shows that."""
        page = await self._client.list_keys(
            self._namespace_id, prefix=key, limit=MAX_KEYS_LIMIT, priority=priority
        )
        found = (entry for entry in page.entries() if entry.key == key)
        return next(found, KeyEntry(key, size_bytes))

    async def _searched(self, key: str, priority: Priority) -> KeyPage:
        """Look for a key that no URL may name in the listing of its own name."""
        async for page in KeyPager(self._client, self._namespace_id, key).pages(priority):
            found = [entry for entry in page.entries() if entry.key == key]
            if found:
                return KeyPage.of(found)
        return KeyPage.of([])
