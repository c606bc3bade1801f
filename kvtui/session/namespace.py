"""One open namespace: its keys as far as they were seen, its listings, its values read lately."""

import time
from collections.abc import Callable
from contextlib import suppress

from kvtui.errors import KeyNotAddressableError, KvtuiError, NotFoundError
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.tree import KeyTree
from kvtui.protocol import dot_segment_problem
from kvtui.records import Namespace, StoredValue
from kvtui.session.client import Client
from kvtui.session.known_keys import KnownKeys
from kvtui.session.listed_size import contradicts, doubt, listed_entry
from kvtui.session.listings import Listings
from kvtui.session.value_cache import ValueCache


class OpenNamespace:
    """What is known of one namespace, and the ways to know more."""

    def __init__(
        self, client: Client, namespace: Namespace, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.namespace = namespace
        self.known = KnownKeys()
        self.listings = Listings(client, namespace.id, self.known, clock)
        self._client = client
        self._values = ValueCache()

    @property
    def index(self) -> KeyIndex:
        return self.known.index

    @property
    def tree(self) -> KeyTree:
        return self.known.tree

    def is_complete(self, prefix: str) -> bool:
        return self.listings.is_complete(prefix)

    def cached(self, key: str) -> StoredValue | None:
        """Give a value that was read before, which may be out of date."""
        return self._values.get(key)

    async def read(self, key: str) -> StoredValue:
        """Read a value; a key that is gone is marked and raises NotFoundError."""
        refuse_unaddressable(key)
        try:
            value = await self._client.get_value(self.namespace.id, key)
        except NotFoundError:
            self._values.forget(key)
            self.known.note_gone(key)
            raise
        self.note_read(key, value)
        return value

    async def doubt_of(self, key: str, value: StoredValue | None) -> str | None:
        """Say why `value` may not be all that is stored, where a listing says another size."""
        entry = self.index.get(key)
        if value is None or not contradicts(entry, value):
            return None
        with suppress(KvtuiError):
            entry = await listed_entry(self._client, self.namespace.id, key)
        return doubt(entry, value) if entry is not None and contradicts(entry, value) else None

    def note_read(self, key: str, value: StoredValue) -> None:
        self._values.put(key, value)
        self.known.note_read(key)

    def note_written(self, key: str, value: StoredValue) -> None:
        """Show a key that was just written here, marked until the server's listing agrees."""
        self.known.note_written(key, len(value.content))
        self._values.put(key, value)

    def note_deleted(self, key: str) -> None:
        """Take away a key that was just deleted here, also while the listing still shows it."""
        self.known.note_deleted(key)
        self._values.forget(key)


def refuse_unaddressable(key: str) -> None:
    """Raise KeyNotAddressableError for a key whose URL could address something else."""
    problem = dot_segment_problem(key)
    if problem is not None:
        raise KeyNotAddressableError(problem)
