"""Undo: the last write of a key is taken back through the same diff, and kept like any other."""

import time
from collections.abc import Callable

from kvtui.keyspace.row import RowKind
from kvtui.records import StoredValue
from kvtui.session.journaling import Journaling
from kvtui.session.namespace import OpenNamespace
from kvtui.session.undo import Undo, last_writes, prepare_undo
from kvtui.ui.formatting import ago
from kvtui.ui.masking import MASKED
from kvtui.ui.screens.menu import Menu
from kvtui.ui.screens.save_flow import SaveFlow
from kvtui.ui.screens.stage import Stage
from kvtui.ui.screens.write_flow import WriteFlow
from kvtui.vault.journal_row import JournalRow, Operation

_LETTERS = "u123456789"


class UndoFlow:
    """Offers the last write of the key under the cursor first, then those of other keys."""

    def __init__(
        self, stage: Stage, saving: SaveFlow, writing: WriteFlow, hides: Callable[[str], bool]
    ) -> None:
        self._stage = stage
        self._hides = hides
        self._saving = saving
        self._writing = writing

    async def undo(self, opened: OpenNamespace, key: str | None) -> None:
        """Ask which write is meant, and take it back."""
        journaling = self._stage.workspace.editing.journaling
        if journaling is None:
            self._stage.tell("There is no undo journal: kvtui was started with --no-journal")
            return
        row = await self._choose(journaling, opened, key)
        if row is None:
            return
        if self._hides(row.place.key):
            self._stage.tell(MASKED)
            return
        editing = self._stage.workspace.editing
        undo = await prepare_undo(editing, journaling, opened.namespace, row)
        if undo.is_done_already:
            self._stage.tell(f"{row.place.key} is already what it was before")
        else:
            await self._carry_out(opened, undo)

    async def _choose(
        self, journaling: Journaling, opened: OpenNamespace, key: str | None
    ) -> JournalRow | None:
        found = await last_writes(journaling, opened.namespace, key=key)
        rows = dict(zip(_LETTERS, found, strict=False))
        if not rows:
            self._stage.tell(f"Nothing was written to {opened.namespace.name} from here")
            return None
        letter = await self._stage.ask(
            Menu(
                "Undo a write",
                [(letter, self._label(row), letter) for letter, row in rows.items()],
            )
        )
        return None if letter is None else rows[letter]

    def _label(self, row: JournalRow) -> str:
        verb = "delete" if row.operation is Operation.DELETE else "save"
        if row.old_size_bytes is None:
            verb = "create"
        return f"{verb} {row.place.key}  {ago(self._stage.now() - row.at)}"

    async def _carry_out(self, opened: OpenNamespace, undo: Undo) -> None:
        key = undo.edit.key
        if undo.is_overtaken:
            self._stage.tell(f"{key} was changed by somebody else since", is_problem=True)
        if undo.old is None:
            await self._writing.delete(opened, key)
            return
        notes = [f"undoes what was written at {_clock_time(undo.row)}"]
        if undo.is_overtaken:
            notes.append("and what somebody else wrote since")
        await self._saving.save(
            opened,
            undo.edit,
            undo.old.content,
            content_type=undo.old.content_type,
            notes=tuple(notes),
        )
        if _is_back(opened, key, undo.old) and self._stage.opened is opened:
            self._stage.explorer.reveal(key, RowKind.KEY)


def _is_back(opened: OpenNamespace, key: str, old: StoredValue) -> bool:
    now = opened.cached(key)
    return now is not None and now.content == old.content


def _clock_time(row: JournalRow) -> str:
    return time.strftime("%H:%M:%S", time.localtime(row.at))
