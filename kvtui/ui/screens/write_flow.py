"""Changing keys from the browser: edit, create, rename, delete."""

from typing import Final

from textual.content import Content

from kvtui.keyspace.row import RowKind
from kvtui.protocol import dot_segment_problem, key_problem
from kvtui.session.editing import Finding
from kvtui.session.namespace import OpenNamespace
from kvtui.session.renaming import Rename, RenameOutcome, rename
from kvtui.ui.formatting import age, exact_size
from kvtui.ui.screens.confirm import Confirm
from kvtui.ui.screens.edit_flow import EditFlow
from kvtui.ui.screens.file_flow import FileFlow
from kvtui.ui.screens.node_flow import NodeFlow
from kvtui.ui.screens.outside_editor import OutsideEditor
from kvtui.ui.screens.prompt import Prompt
from kvtui.ui.screens.save_flow import SaveFlow
from kvtui.ui.screens.stage import Stage
from kvtui.ui.screens.value_flow import ValueFlow
from kvtui.ui.text import line

_NOT_DELETED: Final = {
    Finding.NOT_APPLIED: "no answer came; the key is still there so far",
    Finding.OVERTAKEN: "somebody else wrote it meanwhile: it is still there",
}


class WriteFlow:
    """Starts every change from what is on screen, bound to its key from then on."""

    def __init__(self, stage: Stage, value: ValueFlow, outside: OutsideEditor) -> None:
        self._stage = stage
        self._value = value
        self.saving = SaveFlow(stage, value)
        self.edits = EditFlow(stage, value, self.saving, outside)
        """Editors of whole values."""
        self.nodes = NodeFlow(stage, value, self.edits)
        self.files = FileFlow(stage, self.edits)

    async def add(self, opened: OpenNamespace, folder: str) -> None:
        """Create a key: a name that exists already is a conflict, not an overwrite."""
        key = await self._stage.ask(
            Prompt("New key", label="Key", initial=folder, problem=new_key_problem)
        )
        if key is None:
            return
        edit = await self._stage.workspace.editing.begin(opened.namespace, key)
        if edit.base is not None:
            self._stage.tell(f"{key} exists already: e edits it", is_problem=True)
            return
        await self.edits.edit_begun(opened, edit)

    async def rename(self, opened: OpenNamespace, key: str) -> None:
        """Move a key to another name."""
        target = await self._stage.ask(
            Prompt(
                "Rename or move key",
                label="New key",
                initial=key,
                problem=lambda text: (
                    "this is its name now" if text == key else new_key_problem(text)
                ),
            )
        )
        if target is None or not await self._stage.ask(self._confirm_rename(key, target)):
            return
        plan = Rename(opened.namespace, key, target)
        outcome = await rename(self._stage.workspace.editing, plan, ttl_seconds=None)
        await self._renamed(opened, plan, outcome)

    async def delete(self, opened: OpenNamespace, key: str) -> None:
        """Delete a key, if it is still what was looked at."""
        if not await self._stage.ask(self._confirm_delete(opened, key)):
            return
        editing = self._stage.workspace.editing
        seen = self._value.stored if self._value.key == key else opened.cached(key)
        edit = await editing.begin(opened.namespace, key)
        if seen is not None and edit.base is not None and seen.content != edit.base.content:
            opened.note_read(key, edit.base)
            self._value.show_known(opened, key)
            self._stage.tell(f"{key} changed since you looked: not deleted", is_problem=True)
            return
        report = await editing.delete(edit, is_awaited=True)
        if report.finding is not Finding.DONE:
            self._stage.tell(f"{key}: {_NOT_DELETED[report.finding]}", is_problem=True)
            return
        opened.note_deleted(key)
        self._stage.explorer.tree_changed()
        undo = " · u undoes it" if self._stage.workspace.is_journaled else ""
        gone = f"{key} was gone already"
        self._stage.tell(f"{key} was deleted{undo}" if edit.base is not None else gone)

    def _confirm_rename(self, key: str, target: str) -> Confirm:
        return Confirm(
            "Rename key",
            [
                Content.assemble("From  ", (line(key), "bold")),
                Content.assemble("To    ", (line(target), "bold")),
                Content(""),
                Content("The value is written under the new key, checked, then the old key is"),
                Content("deleted. This is not atomic. A lifetime cannot be read, so it is not"),
                Content("carried over: the new key stays until it is deleted."),
            ],
            action="Rename",
        )

    def _confirm_delete(self, opened: OpenNamespace, key: str) -> Confirm:
        workspace = self._stage.workspace
        entry = opened.index.get(key)
        known = []
        if entry is not None and entry.size_bytes is not None:
            known.append(exact_size(entry.size_bytes))
        if entry is not None and entry.updated_at:
            known.append(age(entry.updated_at, self._stage.now()))
        return Confirm(
            "Delete key",
            [
                Content.assemble("Key        ", (line(key), "bold")),
                Content(f"Namespace  {line(opened.namespace.name)}"),
                Content(f"At         {line(workspace.host)}  {line(workspace.profile)}"),
                Content(line(f"Holds      {' · '.join(known) or 'not known'}")),
            ],
            action="Delete",
        )

    async def _renamed(self, opened: OpenNamespace, plan: Rename, outcome: RenameOutcome) -> None:
        if outcome is not RenameOutcome.DONE:
            self._stage.tell(f"{plan.source}: {outcome.value}", is_problem=True)
        if outcome in {RenameOutcome.SOURCE_GONE, RenameOutcome.TARGET_EXISTS}:
            return
        opened.note_written(plan.target, await opened.read(plan.target))
        if outcome is RenameOutcome.DONE:
            opened.note_deleted(plan.source)
            self._stage.tell(f"{plan.source} is now {plan.target}")
        if self._stage.opened is opened:
            self._stage.explorer.reveal(plan.target, RowKind.KEY)


def new_key_problem(key: str) -> str | None:
    """Say why `key` cannot be created."""
    return key_problem(key) or dot_segment_problem(key)
