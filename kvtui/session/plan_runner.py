"""Makes the requests that a plan wants, side by side, and gives it the answers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final, Protocol

from kvtui.errors import NotFoundError
from kvtui.keyspace.request import Request
from kvtui.records import KeyEntry, KeyPage, Priority
from kvtui.session.client import Client

AT_ONCE: Final = 16


class Plan(Protocol):
    """Decides what to ask next; see `keyspace.discovery` and `keyspace.scan`."""

    def poll(self, limit: int) -> list[Request]: ...

    def feed(self, request: Request, page: KeyPage) -> None: ...

    def give_back(self, request: Request) -> None: ...


class PlanRunner:
    """Runs plans for one namespace."""

    def __init__(self, client: Client, namespace_id: str) -> None:
        self._client = client
        self._namespace_id = namespace_id

    async def run(self, plan: Plan, priority: Priority) -> AsyncIterator[KeyPage]:
        """Give every page after the plan has seen it, until the plan wants nothing more.

        Whatever ends the run early, the questions still open go back to the plan, so that it can be
        run again later.
        """
        asked: dict[asyncio.Task[KeyPage], Request] = {}
        try:
            while True:
                for request in plan.poll(AT_ONCE - len(asked)):
                    asked[asyncio.create_task(self._ask(request, priority))] = request
                if not asked:
                    return
                done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    page = task.result()
                    plan.feed(asked.pop(task), page)
                    yield page
        finally:
            for task, request in asked.items():
                task.cancel()
                plan.give_back(request)
            await asyncio.gather(*asked, return_exceptions=True)

    async def _ask(self, request: Request, priority: Priority) -> KeyPage:
        if request.is_exact:
            return await self._exact(request.prefix, priority)
        return await self._client.list_keys(
            self._namespace_id,
            prefix=request.prefix,
            cursor=request.cursor,
            limit=request.limit,
            priority=priority,
        )

    async def _exact(self, key: str, priority: Priority) -> KeyPage:
        """Find out whether a key exists by reading it: a listing could begin with longer keys."""
        try:
            value = await self._client.get_value(self._namespace_id, key, priority=priority)
        except NotFoundError:
            return KeyPage.of([])
        return KeyPage.of([KeyEntry(key, len(value.content))])
