"""Saving: the diff, a look at the server, the write, the read back, and what came of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from kvtui.keyspace.row import RowKind
from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.records import PutOutcome, StoredValue
from kvtui.session.editing import Conflict, Edit, Finding, WriteReport, is_same
from kvtui.session.namespace import OpenNamespace
from kvtui.ui.formatting import exact_size
from kvtui.ui.screens.conflict import ConflictChoice, ConflictScreen
from kvtui.ui.screens.diff import Consequences, DiffScreen
from kvtui.ui.screens.stage import Stage
from kvtui.ui.screens.value_flow import ValueFlow
from kvtui.values.content_type import fitting_content_type
from kvtui.values.diff import diff_lines, shared_layers
from kvtui.values.merge import merge

TakeMerged = Callable[[bytes], bool]


class SaveFlow:
    """Carries one edited value to the server, or back to whoever edits it."""

    def __init__(self, stage: Stage, value: ValueFlow) -> None:
        self._stage = stage
        self._value = value

    async def save(
        self,
        opened: OpenNamespace,
        edit: Edit,
        content: bytes,
        *,
        content_type: str | None = None,
        notes: tuple[str, ...] = (),
        take_merged: TakeMerged | None = None,
    ) -> Edit | None:
        """Save `content`; None when nothing is left to do, else the edit to go on with.

        Without `content_type` it keeps the one it has; a new value gets one that fits. `notes`
        say what of the value cannot stay as it is. `take_merged` is given both changes together
        where somebody wants to go on with that, and tells whether it could take them.
        """
        kept = fitting_content_type(content) if edit.base is None else edit.content_type
        value = StoredValue(content, content_type or kept)
        if edit.base is not None and content == edit.base.content:
            self._stage.tell("Nothing was changed: nothing to save")
            return edit
        if len(content) > MAX_VALUE_BYTES:
            self._stage.tell(
                f"{exact_size(len(content))} is too large: {MAX_VALUE_BYTES:,} B are allowed",
                is_problem=True,
            )
            return edit
        doubt = await opened.doubt_of(edit.key, edit.base)
        notes = (doubt, *notes) if doubt is not None else notes
        choice = await self._stage.ask(self._diff(edit, value, notes))
        if choice is None:
            return edit
        conflict = await self._stage.workspace.editing.conflict(edit)
        if conflict is not None and is_same(conflict.theirs, value):
            edit, conflict = Edit(edit.namespace, edit.key, conflict.theirs), None
        if conflict is not None:
            resolve = _Resolve(conflict, value, choice.ttl_seconds, take_merged)
            return await self._resolve(opened, resolve)
        return await self._put(opened, edit, value, choice.ttl_seconds)

    def _diff(self, edit: Edit, value: StoredValue, notes: tuple[str, ...]) -> DiffScreen:
        content = value.content
        base = edit.base.content if edit.base is not None else b""
        layers = shared_layers(base, content)
        return DiffScreen(
            title=f"{edit.namespace.name} ▸ {edit.key}",
            host=self._stage.workspace.host,
            lines=lambda width: diff_lines(base, content, width),
            consequences=Consequences(
                size_bytes=len(content),
                content_type=value.content_type,
                is_new=edit.base is None,
                notes=(f"compared inside {layers}", *notes) if layers else notes,
            ),
        )

    async def _resolve(self, opened: OpenNamespace, resolve: "_Resolve") -> Edit | None:
        edit, theirs, value = resolve.conflict.edit, resolve.conflict.theirs, resolve.mine
        merged = await asyncio.to_thread(resolve.merged)
        choice = await self._stage.ask(
            ConflictScreen(
                title=f"{edit.namespace.name} ▸ {edit.key}",
                base=edit.base.content if edit.base is not None else None,
                mine=value.content,
                theirs=theirs.content if theirs is not None else None,
                is_mergeable=merged is not None,
            )
        )
        rebased = Edit(edit.namespace, edit.key, theirs)
        if choice is ConflictChoice.OVERWRITE:
            return await self._put(opened, rebased, value, resolve.ttl_seconds)
        if choice is ConflictChoice.MERGE:
            return rebased if resolve.take(merged) else edit
        if choice is ConflictChoice.TAKE_THEIRS:
            self._take(opened, edit.key, theirs)
            return None
        return rebased

    def _take(self, opened: OpenNamespace, key: str, theirs: StoredValue | None) -> None:
        if theirs is None:
            opened.note_deleted(key)
        else:
            opened.note_read(key, theirs)
        self._stage.explorer.tree_changed()
        self._value.show_known(opened, key)

    async def _put(
        self, opened: OpenNamespace, edit: Edit, value: StoredValue, ttl: int | None
    ) -> Edit | None:
        editing = self._stage.workspace.editing
        report = await editing.put(edit, value, ttl_seconds=ttl, is_awaited=True)
        if report.finding is Finding.NOT_APPLIED:
            self._stage.tell(
                f"{edit.key}: no answer came, and the server does not have it so far. "
                "Your text is kept: save again",
                is_problem=True,
            )
            return edit
        if report.finding is Finding.OVERTAKEN:
            self._stage.tell(
                f"{edit.key}: somebody else wrote at the same time. Your text is kept",
                is_problem=True,
            )
            return Edit(edit.namespace, edit.key, report.stored)
        self._saved(opened, edit, value, report)
        return None

    def _saved(
        self, opened: OpenNamespace, edit: Edit, value: StoredValue, report: WriteReport
    ) -> None:
        opened.note_written(edit.key, report.stored or value)
        self._stage.explorer.tree_changed()
        if edit.base is None and self._stage.opened is opened:
            self._stage.explorer.reveal(edit.key, RowKind.KEY)
        if self._value.key in {edit.key, None}:
            self._value.show_written(opened, edit.key, report.stored or value)
        self._stage.tell(f"{edit.key}: {saved_text(edit, report)}")


@dataclass(frozen=True, slots=True)
class _Resolve:
    """A conflict, and what was to be saved."""

    conflict: Conflict
    mine: StoredValue
    ttl_seconds: int | None
    take_merged: TakeMerged | None

    def merged(self) -> bytes | None:
        """Give both changes together; None where they overlap, or nobody could take them."""
        base, theirs = self.conflict.edit.base, self.conflict.theirs
        if self.take_merged is None or base is None or theirs is None:
            return None
        return merge(base.content, self.mine.content, theirs.content)

    def take(self, merged: bytes | None) -> bool:
        return merged is not None and self.take_merged is not None and self.take_merged(merged)


def saved_text(edit: Edit, report: WriteReport) -> str:
    """Say how a save ended, and what was odd about it."""
    if report.finding is Finding.UNVERIFIED:
        return "saved, as the server says; it could not be read back"
    if report.outcome is PutOutcome.CREATED and edit.base is not None:
        return "saved, as a new key: it had been deleted or had expired meanwhile"
    if report.outcome is PutOutcome.REPLACED and edit.base is None:
        return "saved over a key that somebody else created meanwhile"
    if report.outcome is None:
        return "saved: no answer came, but the server holds it"
    return "created" if edit.base is None else "saved"
