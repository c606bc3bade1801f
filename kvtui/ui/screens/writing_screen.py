"""What changes something on the server: one write at a time, and none where writes are refused."""

from collections.abc import Callable, Coroutine
from functools import cached_property, partial
from typing import TYPE_CHECKING

from kvtui.errors import KvtuiError
from kvtui.keyspace.row import RowKind
from kvtui.protocol import dot_segment_problem
from kvtui.ui.masking import MASKED
from kvtui.ui.reporting import problem_title, sentence
from kvtui.ui.screens.keys_screen import KeysScreen
from kvtui.ui.screens.stage import Pane

if TYPE_CHECKING:
    from kvtui.session.namespace import OpenNamespace
    from kvtui.ui.screens.bulk_flow import BulkFlow
    from kvtui.ui.screens.recovery_flow import RecoveryFlow
    from kvtui.ui.screens.stage import Work
    from kvtui.ui.screens.undo_flow import UndoFlow
    from kvtui.ui.screens.write_flow import WriteFlow
    from kvtui.vault.drafts import LeftDraft

Change = Callable[["OpenNamespace", str], Coroutine[None, None, None]]


class WritingScreen(KeysScreen):
    """Panes whose keys and values can be changed."""

    _is_writing = False

    @cached_property
    def _writing(self) -> "WriteFlow":
        from kvtui.ui.screens.outside_editor import OutsideEditor
        from kvtui.ui.screens.write_flow import WriteFlow

        return WriteFlow(self, self._value_flow, OutsideEditor(self.app.suspend, self.tell))

    @cached_property
    def _undoing(self) -> "UndoFlow":
        from kvtui.ui.screens.undo_flow import UndoFlow

        hides = self._value_flow.masking.hides
        return UndoFlow(self, self._writing.saving, self._writing, hides)

    @cached_property
    def _recovery(self) -> "RecoveryFlow":
        from kvtui.ui.screens.recovery_flow import RecoveryFlow

        return RecoveryFlow(self, self._resume, self._value_flow.masking.hides)

    @cached_property
    def _bulk(self) -> "BulkFlow":
        from kvtui.ui.screens.bulk_flow import BulkFlow

        return BulkFlow(self, is_ascii=self.opening.is_ascii)

    @property
    def unsaved(self) -> tuple[str, ...]:
        """What would be lost by quitting now, in words."""
        edits = self._writing.edits.drafts if "_writing" in vars(self) else ()
        drafts = [f"a draft of {key}" for _, key in edits]
        return (*drafts, "a write that is under way") if self._is_writing else tuple(drafts)

    def action_add_key(self) -> None:
        opened = self._opened
        if opened is not None:
            self._write(partial(self._writing.add, opened, self._folder()), Pane.KEYS)

    def action_edit(self) -> None:
        self._edit_key(self._writing.edits.edit)

    def action_edit_bytes(self) -> None:
        self._edit_key(self._writing.edits.edit_bytes)

    def action_edit_node(self) -> None:
        self._edit_key(self._writing.nodes.edit)

    def action_edit_outside(self) -> None:
        self._edit_key(self._writing.edits.edit_outside)

    def action_replace_with_file(self) -> None:
        self._edit_key(self._writing.files.replace)

    def action_rename_key(self) -> None:
        self._change_key(self._writing.rename)

    def action_delete_key(self) -> None:
        """Delete what is marked, else the folder or the key under the cursor."""
        opened, row, marks = self._opened, self.explorer.highlighted, self.explorer.marks.marks
        if opened is not None and marks:
            self._write(partial(self._bulk.delete_marked, opened, marks), Pane.KEYS)
        elif opened is not None and row is not None and row.kind is RowKind.FOLDER:
            self._write(partial(self._bulk.delete_folder, opened, row.path), Pane.KEYS)
        else:
            self._change_key(self._writing.delete)

    def action_undo_write(self) -> None:
        opened, row = self._opened, self.explorer.highlighted
        if opened is not None:
            key = row.path if row is not None and row.kind is RowKind.KEY else None
            self._write(partial(self._undoing.undo, opened, key), Pane.VALUE)

    def _resume(self, opened: "OpenNamespace", left: "LeftDraft") -> None:
        self._write(partial(self._writing.edits.resume, opened, left), Pane.VALUE)

    def _edit_key(self, change: Change) -> None:
        """Begin a change that shows the value."""
        row = self.explorer.highlighted
        if row is not None and self._value_flow.masking.hides(row.path):
            self.tell(MASKED)
        else:
            self._change_key(change)

    def _change_key(self, change: Change) -> None:
        """Begin a change of the key under the cursor, or of the one in the value pane."""
        row = self.explorer.highlighted
        opened = self._opened
        if opened is None or row is None or row.kind is not RowKind.KEY:
            self.tell("Put the cursor on a key first")
        elif (problem := dot_segment_problem(row.path)) is not None:
            self.tell(f"Refused: {problem}", is_problem=True)
        else:
            self._write(partial(change, opened, row.path), Pane.VALUE)

    def _write(self, work: "Work", pane: Pane) -> None:
        """Run one write at a time; nothing cancels it."""
        if self._workspace is None:
            return
        if self._workspace.is_read_only:
            advice = "W arms writes" if self._workspace.needs_arming else "nothing can be changed"
            self.tell(f"Read-only: {advice}", is_problem=True)
        elif self._is_writing:
            self.tell("One change at a time: another one is under way")
        else:
            self._is_writing = True
            self.start("write", partial(self._writing_done, work), pane=pane)

    async def _writing_done(self, work: "Work") -> None:
        try:
            await work()
        except KvtuiError as error:
            from kvtui.ui.screens.problem import Problem

            await self.ask(Problem(problem_title(error, "Not done"), sentence(error)))
            raise
        finally:
            self._is_writing = False
            self.place_changed()
