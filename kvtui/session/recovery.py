"""Finds out what became of writes that an earlier run did not live to see the end of."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kvtui.errors import KvtuiError
from kvtui.records import Namespace, StoredValue
from kvtui.session.editing import LATE_WRITE_SECONDS, Editing, Sleep, is_same
from kvtui.session.journaling import Journaling
from kvtui.vault.journal_row import JournalRow, RowState

_LATE_FOR_SECONDS: Final = 60.0
"""A request older than this is not on its way any more."""


class Fate(Enum):
    """What became of a write."""

    LANDED = "landed"
    NOT_LANDED = "did not land"
    REPLACED = "may have landed: the key holds something else now"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A write of an earlier run, and what was found out about it."""

    row: JournalRow
    fate: Fate


_ENDINGS: Final = {
    Fate.LANDED: RowState.DONE,
    Fate.NOT_LANDED: RowState.FAILED,
    Fate.REPLACED: RowState.UNKNOWN,
}


async def resolve_in_flight(
    editing: Editing,
    journaling: Journaling,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Sleep = asyncio.sleep,
) -> list[Resolved]:
    """Read every key whose write was in flight, compare, and note the outcome in the journal.

    A key that cannot be read now is left for the next start.
    """
    resolved: list[Resolved] = []
    for row in await journaling.in_flight():
        old = await journaling.old_value(row)
        try:
            fate = await _fate(editing, row, old)
            if fate is Fate.NOT_LANDED and clock() - row.at < _LATE_FOR_SECONDS:
                await sleep(LATE_WRITE_SECONDS)
                fate = await _fate(editing, row, old)
        except KvtuiError:
            continue
        await journaling.settle(row.id, _ENDINGS[fate], fate.value)
        resolved.append(Resolved(row, fate))
    return resolved


async def _fate(editing: Editing, row: JournalRow, old: StoredValue | None) -> Fate:
    namespace = Namespace(row.place.namespace_id, row.place.namespace_name, status="")
    now = await editing.read(namespace, row.place.key)
    if row.is_what_was_written(now):
        return Fate.LANDED
    return Fate.NOT_LANDED if is_same(now, old) else Fate.REPLACED
