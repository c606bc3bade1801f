"""Exports every value below a prefix to files; an export that was stopped can be gone on with."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from kvtui.errors import (
    AuthenticationError,
    KeyNotAddressableError,
    KvtuiError,
    NotFoundError,
    PermissionDeniedError,
    VaultError,
)
from kvtui.records import KeyEntry, Namespace
from kvtui.session.client import Client
from kvtui.session.gathering import all_pages
from kvtui.session.listed_size import read_whole
from kvtui.session.side_by_side import side_by_side
from kvtui.vault.export_folder import ExportEnd, ExportFolder, ExportHead

MAX_FAILURES_IN_A_ROW: Final = 5

_LASTING: Final = (VaultError, AuthenticationError, PermissionDeniedError)
"""What would befall every other key too."""


@dataclass(slots=True)
class ExportTally:
    """How far an export has come."""

    listed: int = 0
    exported: int = 0
    """With those that an earlier run exported."""
    missing: int = 0
    """Gone since they were listed, or impossible to address."""
    failed: int = 0

    @property
    def left(self) -> int:
        return self.listed - self.exported - self.missing - self.failed


@dataclass(frozen=True, slots=True)
class Trouble:
    """A key whose value was not exported, and why."""

    key: str
    reason: str
    is_lasting: bool = False
    """Whether it will not be otherwise when the export is gone on with."""


class Export:
    """One export of what is below `prefix` into `folder`; `epoch` is a seam for tests."""

    def __init__(
        self,
        client: Client,
        namespace: Namespace,
        prefix: str,
        folder: Path,
        *,
        epoch: Callable[[], float],
    ) -> None:
        self.tally = ExportTally()
        self.end: ExportEnd | None = None
        """Set when the manifest was written."""
        self._client = client
        self._namespace = namespace
        self._prefix = prefix
        self._path = folder
        self._epoch = epoch

    async def run(self) -> AsyncGenerator[Trouble | None, None]:
        """List, read and write; give every key that is settled, as its trouble where it has any.

        Ends early after five failures in a row, and raises what would befall every other key too.
        Run again it goes on: what is here already and did not change is not read again.
        """
        folder = await asyncio.to_thread(ExportFolder, self._path, self._head())
        try:
            async with aclosing(self._settled(folder)) as settled:
                async for trouble in settled:
                    yield trouble
        finally:
            if self.end is None:
                folder.close()

    async def _settled(self, folder: ExportFolder) -> AsyncGenerator[Trouble | None, None]:
        tally = self.tally = ExportTally()
        entries: dict[str, KeyEntry] = {}
        async for page in all_pages(self._client, self._namespace.id, self._prefix):
            entries.update((entry.key, entry) for entry in page.entries())
            tally.listed = len(entries)
            yield None
        waiting = [entry for entry in entries.values() if not folder.has(entry)]
        tally.exported = len(entries) - len(waiting)
        failures_in_a_row = 0
        async with aclosing(side_by_side(waiting, partial(self._export, folder))) as settled:
            async for trouble in settled:
                yield trouble
                failures_in_a_row = failures_in_a_row + 1 if _is_failure(trouble) else 0
                if failures_in_a_row >= MAX_FAILURES_IN_A_ROW:
                    return
        if not tally.failed:
            self.end = await asyncio.to_thread(folder.finish, entries, self._now())

    async def _export(self, folder: ExportFolder, entry: KeyEntry) -> Trouble | None:
        try:
            listed, value = await read_whole(self._client, self._namespace.id, entry)
            await _finished(asyncio.to_thread(folder.keep, listed, value))
        except _LASTING:
            raise
        except (NotFoundError, KeyNotAddressableError) as error:
            is_gone = isinstance(error, NotFoundError)
            reason = "gone since it was listed" if is_gone else str(error)
            folder.note_missing(entry.key, reason)
            self.tally.missing += 1
            return Trouble(entry.key, reason, is_lasting=True)
        except KvtuiError as error:
            self.tally.failed += 1
            return Trouble(entry.key, str(error))
        self.tally.exported += 1
        return None

    def _head(self) -> ExportHead:
        namespace = self._namespace
        return ExportHead(
            namespace.id, namespace.name, self._client.base_url, self._prefix, self._now()
        )

    def _now(self) -> str:
        return datetime.fromtimestamp(self._epoch(), UTC).isoformat(timespec="milliseconds")


def _is_failure(trouble: Trouble | None) -> bool:
    return trouble is not None and not trouble.is_lasting


async def _finished(work: Coroutine[None, None, None]) -> None:
    """Await `work` to its end also when cancelled: its thread goes on, and needs the folder."""
    running = asyncio.ensure_future(work)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await running
        raise
