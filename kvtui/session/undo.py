"""What can be undone: the last write of each key, and what was there before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kvtui.records import Namespace, StoredValue
from kvtui.session.editing import Edit, Editing, is_same
from kvtui.session.journaling import Journaling
from kvtui.vault.journal_row import JournalRow, RowState

LOOKED_AT: Final = 100_000
"""As many of the latest writes are looked at for something to undo."""


@dataclass(frozen=True, slots=True)
class Undo:
    """A write to take back: an edit from what is stored now to what was there before."""

    row: JournalRow
    edit: Edit
    old: StoredValue | None
    """What to put back; None where the key did not exist, so that undoing deletes it."""

    @property
    def is_done_already(self) -> bool:
        return is_same(self.edit.base, self.old)

    @property
    def is_overtaken(self) -> bool:
        """Whether the key holds something else than what was written: undoing takes that too."""
        return not self.row.is_what_was_written(self.edit.base)


async def last_writes(
    journaling: Journaling, namespace: Namespace, *, key: str | None = None
) -> list[JournalRow]:
    """Give the last write of each key of a namespace, newest first, that of `key` before all."""
    rows = await journaling.rows(namespace=namespace, limit=LOOKED_AT)
    if key is not None:
        rows = [*await journaling.rows(namespace=namespace, key=key, limit=LOOKED_AT), *rows]
    return list(_newest_by_key(row for row in rows if row.state is not RowState.FAILED).values())


async def prepare_undo(
    editing: Editing, journaling: Journaling, namespace: Namespace, row: JournalRow
) -> Undo:
    """Read what is there now and what was there before."""
    edit = await editing.begin(namespace, row.place.key)
    return Undo(row, edit, await journaling.old_value(row))


def _newest_by_key(rows: Iterable[JournalRow]) -> dict[str, JournalRow]:
    newest: dict[str, JournalRow] = {}
    for row in rows:
        newest.setdefault(row.place.key, row)
    return newest
