"""Puts things into a local server without a request, the short way."""

from collections.abc import Mapping

from kvtui.records import StoredValue
from kvtui.server.store import NamespaceState, NewEntry
from kvtui.server.timestamps import key_timestamp
from tests.support.server import LocalServer

JSON = "application/json"


def put(server: LocalServer, state: NamespaceState, values: Mapping[str, bytes | str]) -> None:
    """Store values; JSON is told by its first character."""
    for key, value in values.items():
        content = value.encode() if isinstance(value, str) else value
        content_type = JSON if content[:1] in b"{[" and content else None
        server.store.put(state, key, StoredValue(content, content_type))


def put_many(server: LocalServer, state: NamespaceState, keys: list[str]) -> None:
    """Store many small values at once."""
    now = int(server.store.clock() * 1e9)
    server.store.insert(
        state, [NewEntry(key, b"v", key_timestamp(now + at)) for at, key in enumerate(keys)]
    )


def content(server: LocalServer, state: NamespaceState, key: str) -> bytes | None:
    value = server.store.get(state, key)
    return None if value is None else value.content
