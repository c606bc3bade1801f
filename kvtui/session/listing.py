"""Reads listings page by page: one cursor chain for one prefix."""

import asyncio
from collections.abc import AsyncIterator
from itertools import repeat

from kvtui.errors import MalformedResponseError
from kvtui.keyspace.listing_order import Edge, ListingOrder, Verdict
from kvtui.protocol import MAX_KEYS_LIMIT
from kvtui.records import KeyPage, Priority
from kvtui.session.client import Client


class KeyPager:
    """The pages of one listing, in the server's order, which may be any.

    The chain goes on while the server says `has_more` and gives a cursor, also past empty pages.
    A cursor that comes a second time, or keys outside the prefix, end it with
    MalformedResponseError; what was read before stays good. What the pages show of the server's
    order is added to `order`, the evidence of the namespace.
    """

    def __init__(
        self,
        client: Client,
        namespace_id: str,
        prefix: str = "",
        limit: int = MAX_KEYS_LIMIT,
        *,
        order: ListingOrder | None = None,
    ) -> None:
        self.prefix = prefix
        self.page_count = 0
        """Pages read so far."""
        self.key_count = 0
        self.is_complete = False
        """Whether the last page was read."""
        self.last_key: str | None = None
        self.newest_time: str | None = None
        """The latest `updated_at` seen."""
        self._client = client
        self._namespace_id = namespace_id
        self._limit = limit
        self.cursor: str | None = None
        """Where the next page begins."""
        self._seen_cursors: set[str] = set()
        self.turn = asyncio.Lock()
        """Held by whoever reads on, for as long as no other page may come between."""
        self._order = order or ListingOrder()
        self._edge: Edge | None = None

    @property
    def is_in_byte_order(self) -> bool:
        """Whether the server is proven to list in byte order."""
        return self._order.verdict is Verdict.BYTE_ORDER

    async def next_page(self, priority: Priority = Priority.VISIBLE) -> KeyPage | None:
        """Read one page, or give None when there are no more; one at a time, whoever asks."""
        async with self.turn:
            return None if self.is_complete else await self._read_page(priority)

    async def pages(self, priority: Priority = Priority.VISIBLE) -> AsyncIterator[KeyPage]:
        """Read all that is left."""
        while (page := await self.next_page(priority)) is not None:
            yield page

    async def _read_page(self, priority: Priority) -> KeyPage:
        page = await self._client.list_keys(
            self._namespace_id,
            prefix=self.prefix,
            cursor=self.cursor,
            limit=self._limit,
            priority=priority,
        )
        refuse_strangers(page, self.prefix)
        self.take(page)
        return page

    def take(self, page: KeyPage) -> None:
        """Take in the page that begins at `cursor`; all its keys begin with the prefix."""
        self._check(page)
        self.page_count += 1
        self.key_count += len(page)
        self._edge = self._order.observe(page, self._edge)
        self._note_last(page)
        self.cursor = page.cursor
        self.is_complete = not page.has_more

    def _check(self, page: KeyPage) -> None:
        if not page.has_more:
            return
        if page.cursor is None:
            raise MalformedResponseError("the server says there are more keys, but not where")
        if page.cursor in self._seen_cursors:
            raise MalformedResponseError("the server gave the same cursor twice: listing stopped")
        self._seen_cursors.add(page.cursor)

    def _note_last(self, page: KeyPage) -> None:
        if page.keys:
            self.last_key = page.keys[-1]
            newest_time = max(filter(None, page.updated_at), default=None)
            self.newest_time = max(filter(None, (newest_time, self.newest_time)), default=None)


def refuse_strangers(page: KeyPage, prefix: str) -> None:
    """Raise MalformedResponseError for a page with a key that nobody asked for."""
    if not all(map(str.startswith, page.keys, repeat(prefix))):
        raise MalformedResponseError(
            f"the server listed keys that do not begin with the prefix {prefix}"
        )
