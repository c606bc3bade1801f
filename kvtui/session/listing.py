"""Reads listings page by page: one cursor chain for one prefix."""

import itertools
from collections.abc import AsyncIterator
from typing import Final

from kvtui.errors import MalformedResponseError
from kvtui.protocol import MAX_KEYS_LIMIT
from kvtui.records import KeyPage, Priority
from kvtui.session.client import Client

PROVING_TIME_FALLS: Final = 5


class KeyPager:
    """The pages of one listing, in the server's order, which may be any.

    The chain goes on while the server says `has_more` and gives a cursor, also past empty pages.
    A cursor that comes a second time, or keys outside the prefix, end it with
    MalformedResponseError; what was read before stays good.
    """

    def __init__(
        self, client: Client, namespace_id: str, prefix: str = "", limit: int = MAX_KEYS_LIMIT
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
        self._cursor: str | None = None
        self._seen_cursors: set[str] = set()
        self._is_ascending = True
        self._last_time = ""
        self._time_falls = 0

    @property
    def is_in_byte_order(self) -> bool:
        """Whether the pages so far prove that the server lists in byte order.

        Keys that ascend are not enough: keys written one after the other also ascend where the
        server lists by time. So their times must have gone back several times.
        """
        return self._is_ascending and self._time_falls >= PROVING_TIME_FALLS

    async def next_page(self, priority: Priority = Priority.VISIBLE) -> KeyPage | None:
        """Read one page, or give None when there are no more."""
        if self.is_complete:
            return None
        page = await self._client.list_keys(
            self._namespace_id,
            prefix=self.prefix,
            cursor=self._cursor,
            limit=self._limit,
            priority=priority,
        )
        self._check(page)
        self.page_count += 1
        self.key_count += len(page)
        self._note_order(page)
        self._cursor = page.cursor
        self.is_complete = not page.has_more
        return page

    async def pages(self, priority: Priority = Priority.VISIBLE) -> AsyncIterator[KeyPage]:
        """Read all that is left."""
        while (page := await self.next_page(priority)) is not None:
            yield page

    def _check(self, page: KeyPage) -> None:
        if any(not key.startswith(self.prefix) for key in page.keys):
            raise MalformedResponseError(
                f"the server listed keys that do not begin with the prefix {self.prefix}"
            )
        if not page.has_more:
            return
        if page.cursor is None:
            raise MalformedResponseError("the server says there are more keys, but not where")
        if page.cursor in self._seen_cursors:
            raise MalformedResponseError("the server gave the same cursor twice: listing stopped")
        self._seen_cursors.add(page.cursor)

    def _note_order(self, page: KeyPage) -> None:
        if not page.keys:
            return
        keys = page.keys if self.last_key is None else [self.last_key, *page.keys]
        times = [self._last_time, *(time or "" for time in page.updated_at)]
        self._is_ascending = self._is_ascending and all(
            left < right for left, right in itertools.pairwise(keys)
        )
        self._time_falls += sum(left > right for left, right in itertools.pairwise(times))
        self.last_key, self._last_time = page.keys[-1], times[-1]
        self.newest_time = max(*times, self.newest_time or "") or None
