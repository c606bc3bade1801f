"""Holds the size of a value that was read against what a listing says of its key.

An answer that was cut on its way, by something that also tells the smaller length, looks whole:
only the listing knows better.
"""

from kvtui.errors import MalformedResponseError
from kvtui.records import KeyEntry, Priority, StoredValue
from kvtui.session.client import Client


def contradicts(entry: KeyEntry | None, value: StoredValue) -> bool:
    """Tell whether a listing says another size; one that says none says nothing."""
    if entry is None or entry.size_bytes is None:
        return False
    return entry.size_bytes != len(value.content)


async def listed_entry(
    client: Client, namespace_id: str, key: str, *, priority: Priority = Priority.INTERACTIVE
) -> KeyEntry | None:
    """Ask what is listed of a key by now; None where the first page does not hold it."""
    page = await client.list_keys(namespace_id, prefix=key, priority=priority)
    return next((entry for entry in page.entries() if entry.key == key), None)


async def read_whole(
    client: Client, namespace_id: str, entry: KeyEntry
) -> tuple[KeyEntry, StoredValue]:
    """Read a listed value, and what is listed of it by now where the two did not agree at first.

    Raises MalformedResponseError where they still do not.
    """
    value = await client.get_value(namespace_id, entry.key, priority=Priority.BACKGROUND)
    if not contradicts(entry, value):
        return entry, value
    listed = await listed_entry(client, namespace_id, entry.key, priority=Priority.BACKGROUND)
    if listed is not None and contradicts(listed, value):
        value = await client.get_value(namespace_id, entry.key, priority=Priority.BACKGROUND)
    listed = listed or entry
    if contradicts(listed, value):
        raise MalformedResponseError(doubt(listed, value))
    return listed, value


def doubt(entry: KeyEntry, value: StoredValue) -> str:
    """Say what does not agree, and what that may mean."""
    return (
        f"{len(value.content):,} B came, but {entry.size_bytes:,} B are listed: "
        "it may have been cut on its way, or is being changed"
    )
