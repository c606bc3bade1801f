"""Drafts: kept on the disk while somebody types, offered where a run ended before a save."""

import asyncio
from collections.abc import Callable
from functools import partial

from kvtui.records import Namespace
from kvtui.session.editing import Edit
from kvtui.ui.formatting import ago
from kvtui.ui.screens.stage import Stage
from kvtui.vault.draft_keeper import DraftKeeper
from kvtui.vault.drafts import Draft, Form, LeftDraft
from kvtui.vault.journal_row import Place


class DraftFlow:
    """Keeps and offers drafts; without a place to keep them it does nothing."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._told_problem = ""

    def note(
        self, edit: Edit, form: Form, make: Callable[[], bytes], *, depth: int | None = None
    ) -> None:
        """Take note of a change; `make` gives what the editor holds, in another thread."""
        keeper = self._keeper
        if keeper is None:
            return
        place = self._place(edit.namespace, edit.key)
        keeper.note(place, lambda: Draft(place, edit.base, make(), form, depth=depth))
        if keeper.problem and keeper.problem != self._told_problem:
            self._stage.tell(f"The draft cannot be kept: {keeper.problem}", is_problem=True)
        self._told_problem = keeper.problem

    def discard(self, edit: Edit) -> None:
        """Forget what was saved, or is not wanted any more."""
        if self._keeper is not None:
            self._keeper.discard(self._place(edit.namespace, edit.key))

    async def left_behind(self) -> list[LeftDraft]:
        """Give the drafts that earlier runs left on this endpoint, newest first."""
        if self._keeper is None:
            return []
        workspace = self._stage.workspace
        return await asyncio.to_thread(self._keeper.left_behind, workspace.profile, workspace.host)

    async def left_for(self, namespace: Namespace, key: str) -> LeftDraft | None:
        """Give the newest draft that earlier runs left of one key."""
        place = self._place(namespace, key)
        for left in await self.left_behind():
            if (left.draft.place.namespace_id, left.draft.place.key) == (namespace.id, place.key):
                return left
        return None

    async def offer(self, left: LeftDraft) -> bool:
        """Show a draft and ask; tell whether it is to be recovered. Discarding is done here."""
        from kvtui.ui.screens.draft_screen import DraftChoice, DraftScreen
        from kvtui.values.diff import diff_lines

        draft = left.draft
        base, content = _comparable(draft)
        verb = "a new key" if draft.base is None else "this key"
        choice = await self._stage.ask(
            DraftScreen(
                title=f"{draft.place.namespace_name} ▸ {draft.place.key}",
                what=f"An edit of {verb} was not saved; last kept: "
                f"{ago(self._stage.now() - draft.at)}. What it changes of what it began from:",
                lines=partial(diff_lines, base, content),
            )
        )
        if choice is DraftChoice.DISCARD:
            await self._remove(left)
            self._stage.tell(f"The draft of {draft.place.key} was discarded")
        return choice is DraftChoice.RECOVER

    async def take_over(self, left: LeftDraft) -> None:
        """Make a draft one of this run."""
        keeper, draft = self._keeper, left.draft
        if keeper is not None:
            keeper.note(draft.place, lambda: draft)
            await asyncio.to_thread(keeper.flush)
            if not keeper.problem:
                await self._remove(left)

    async def _remove(self, left: LeftDraft) -> None:
        if self._keeper is not None:
            await asyncio.to_thread(self._keeper.remove, left)

    @property
    def _keeper(self) -> DraftKeeper | None:
        return self._stage.workspace.drafts

    def _place(self, namespace: Namespace, key: str) -> Place:
        workspace = self._stage.workspace
        return Place(workspace.profile, workspace.host, namespace.id, namespace.name, key)


def _comparable(draft: Draft) -> tuple[bytes, bytes]:
    """Give what the draft began from in the form that the draft has."""
    from kvtui.values.detect import detect
    from kvtui.values.editing import EditableText, editable
    from kvtui.values.reading import Reading, reread

    if draft.base is None:
        return b"", draft.content
    content_type = draft.base.content_type
    found = detect(draft.base.content, content_type)
    found = reread(found, Reading(draft.depth), content_type)
    if draft.form is Form.BYTES:
        return found.content, draft.content
    checked = editable(found)
    text = checked.text if isinstance(checked, EditableText) else ""
    return text.encode(), draft.content
