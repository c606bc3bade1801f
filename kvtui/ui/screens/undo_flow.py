"""Undo: the last write of a key is taken back through the same diff, and kept like any other."""

import time
from collections.abc import Callable, Sequence

from kvtui.keyspace.row import RowKind
from kvtui.records import StoredValue
from kvtui.session.journaling import Journaling
from kvtui.session.namespace import OpenNamespace
from kvtui.session.restoration import deleted_together
from kvtui.session.undo import Undo, last_writes, prepare_undo
from kvtui.ui.formatting import ago
from kvtui.ui.masking import MASKED
from kvtui.ui.screens.menu import Menu
from kvtui.ui.screens.restore_flow import RestoreFlow, label
from kvtui.ui.screens.save_flow import SaveFlow
from kvtui.ui.screens.stage import Stage
from kvtui.ui.screens.write_flow import WriteFlow
from kvtui.vault.journal_row import JournalRow, Operation

_LETTERS = "u123456789"
_ALL = "a"


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
        found = await last_writes(journaling, opened.namespace, key=key)
        together = deleted_together(sorted(found, key=lambda row: row.id, reverse=True))
        letter = await self._choose(opened, found, together)
        if letter is None:
            return
        if letter == _ALL:
            await RestoreFlow(self._stage).restore(opened, journaling, together)
        else:
            await self._undo(journaling, opened, found[_LETTERS.index(letter)])

    async def _undo(self, journaling: Journaling, opened: OpenNamespace, row: JournalRow) -> None:
        """Take one write back."""
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
        self, opened: OpenNamespace, found: Sequence[JournalRow], together: Sequence[JournalRow]
    ) -> str | None:
        """Ask which of the latest writes is meant, or all deletions that belong together."""
        if not found:
            self._stage.tell(f"Nothing was written to {opened.namespace.name} from here")
            return None
        rows = zip(_LETTERS, found, strict=False)
        items = [(letter, self._label(row), letter) for letter, row in rows]
        if len(together) > 1:
            items.insert(1, (_ALL, label(together), _ALL))
        return await self._stage.ask(Menu("Undo a write", items))

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
