"""Keeps what a write replaces before it is sent, and what came of it: the way to the journal."""

import asyncio
from contextlib import suppress
from typing import Protocol

from kvtui.errors import VaultError
from kvtui.records import Namespace, StoredValue
from kvtui.vault.journal_row import JournalRow, Place, RowState, Write


class Journal(Protocol):
    """What the session needs of a journal; see `vault.journal`. All of it blocks."""

    @property
    def exists(self) -> bool: ...

    def intend(self, write: Write) -> int: ...

    def settle(
        self, row_id: int, state: RowState, error: str = "", *, is_settled: bool = True
    ) -> None: ...

    def rows(
        self, *, namespace_id: str | None = None, key: str | None = None, limit: int | None = None
    ) -> list[JournalRow]: ...

    def row(self, row_id: int) -> JournalRow | None: ...

    def old_value(self, row: JournalRow) -> StoredValue | None: ...

    def in_flight(self, profile: str, endpoint: str) -> list[JournalRow]: ...

    def close(self) -> None: ...


class Journaling:
    """The journal for the writes of one profile on one endpoint, beside the event loop."""

    def __init__(self, journal: Journal, *, profile: str, endpoint: str) -> None:
        self.profile = profile
        self.endpoint = endpoint
        self._journal = journal

    async def intend(
        self, namespace: Namespace, key: str, old: StoredValue | None, new: bytes | None
    ) -> int:
        """Keep `old`; `new` is None for a deletion. Raises VaultError: then nothing may be sent."""
        place = Place(self.profile, self.endpoint, namespace.id, namespace.name, key)
        try:
            return await asyncio.to_thread(self._journal.intend, Write(place, old, new))
        except VaultError as error:
            raise VaultError(
                f"nothing was written, because the value could not be kept for undo first: {error}"
                " (--no-journal writes without undo)"
            ) from error

    async def settle(
        self, row_id: int, state: RowState, error: str = "", *, is_settled: bool = True
    ) -> None:
        """Note how a write ended.

        The write is done by then: where this cannot be noted, the next start finds it out.
        """
        with suppress(VaultError):
            await asyncio.to_thread(
                self._journal.settle, row_id, state, error, is_settled=is_settled
            )

    async def rows(
        self, *, namespace: Namespace, key: str | None = None, limit: int | None = None
    ) -> list[JournalRow]:
        """Give the writes of this endpoint, newest first; none where nothing was ever kept."""
        if not self._journal.exists:
            return []
        found = await asyncio.to_thread(
            self._journal.rows, namespace_id=namespace.id, key=key, limit=limit
        )
        return [row for row in found if row.place.endpoint == self.endpoint]

    async def old_value(self, row: JournalRow) -> StoredValue | None:
        return await asyncio.to_thread(self._journal.old_value, row)

    async def in_flight(self) -> list[JournalRow]:
        """Give the writes whose outcome an earlier run did not live to see."""
        if not self._journal.exists:
            return []
        return await asyncio.to_thread(self._journal.in_flight, self.profile, self.endpoint)

    async def aclose(self) -> None:
        await asyncio.to_thread(self._journal.close)
