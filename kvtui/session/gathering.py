"""Lists everything under a prefix, as an explicit list of keys."""

from collections.abc import AsyncIterator

from kvtui.records import KeyPage, Priority
from kvtui.session.client import Client
from kvtui.session.listing import KeyPager


async def all_pages(client: Client, namespace_id: str, prefix: str) -> AsyncIterator[KeyPage]:
    """Give every page under `prefix`; a key may come more than once."""
    async for page in KeyPager(client, namespace_id, prefix).pages(Priority.BACKGROUND):
        yield page
