"""Puts back what many deletions took away: every key as it was, where nothing is in its place."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kvtui.errors import (
    ConnectionFailedError,
    MalformedResponseError,
    OutcomeUnknownError,
    RateLimitedError,
    ServerError,
)
from kvtui.records import Namespace, StoredValue
from kvtui.session.editing import Editing, Finding, is_same
from kvtui.session.journaling import Journaling
from kvtui.session.side_by_side import side_by_side
from kvtui.vault.journal_row import JournalRow, Operation, RowState

GAP_SECONDS: Final = 60.0
"""Deletions that are further apart do not belong together."""
_PASSING: Final = (
    ConnectionFailedError,
    MalformedResponseError,
    OutcomeUnknownError,
    RateLimitedError,
    ServerError,
)
"""What befalls one key, and perhaps not the next, nor the next time."""


class Fate(Enum):
    """What became of one key."""

    DONE = "put back"
    KEPT = "kept as it is: it exists again"
    FORGOTTEN = "not in the journal any more"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Restored:
    """One key that was looked at."""

    row: JournalRow
    fate: Fate
    value: StoredValue | None = None
    """What was put back."""
    reason: str = ""


def deleted_together(last_writes: Iterable[JournalRow]) -> list[JournalRow]:
    """Give the latest deletions that came one soon after another, of keys not written since.

    `last_writes` holds the last write of every key, newest first.
    """
    found: list[JournalRow] = []
    for row in last_writes:
        if row.operation is Operation.DELETE and row.state is RowState.DONE:
            if found and found[-1].at - row.at > GAP_SECONDS:
                break
            found.append(row)
    return found


class Restoration:
    """One attempt to undo many deletions; it can be stopped, and run again for what is left."""

    def __init__(
        self,
        editing: Editing,
        journaling: Journaling,
        namespace: Namespace,
        rows: Sequence[JournalRow],
    ) -> None:
        self.total = len(rows)
        self.counts = dict.fromkeys(Fate, 0)
        self._editing = editing
        self._journaling = journaling
        self._namespace = namespace
        self._left = {row.place.key: row for row in rows}

    @property
    def left_count(self) -> int:
        """How many keys are to be looked at yet, those that failed included."""
        return len(self._left)

    async def run(self) -> AsyncGenerator[Restored, None]:
        """Give each key when it is settled; raises what would befall every other key too."""
        self.counts[Fate.FAILED] = 0
        async with aclosing(side_by_side(list(self._left.values()), self._restore)) as settled:
            async for restored in settled:
                self.counts[restored.fate] += 1
                if restored.fate is not Fate.FAILED:
                    del self._left[restored.row.place.key]
                yield restored

    async def _restore(self, row: JournalRow) -> Restored:
        try:
            return await self._put_back(row)
        except _PASSING as error:
            return Restored(row, Fate.FAILED, reason=str(error))

    async def _put_back(self, row: JournalRow) -> Restored:
        old = await self._journaling.old_value(row)
        if old is None:
            return Restored(row, Fate.FORGOTTEN)
        edit = await self._editing.begin(self._namespace, row.place.key)
        if edit.base is not None:
            is_back = is_same(edit.base, old)
            return Restored(row, Fate.DONE if is_back else Fate.KEPT, edit.base)
        report = await self._editing.put(edit, old, is_awaited=True)
        if report.finding in {Finding.DONE, Finding.UNVERIFIED}:
            return Restored(row, Fate.DONE, old)
        return Restored(row, Fate.FAILED, reason=report.finding.value)
