"""Editing one value: in the editor, or in $EDITOR; through its layers, and as a draft."""

import asyncio
from dataclasses import dataclass

from kvtui.session.editing import Edit
from kvtui.session.namespace import OpenNamespace
from kvtui.ui.screens.editor import EditorScreen
from kvtui.ui.screens.outside_editor import OutsideEditor
from kvtui.ui.screens.save_flow import SaveFlow
from kvtui.ui.screens.stage import Stage
from kvtui.ui.screens.value_flow import ValueFlow
from kvtui.values.detect import detect
from kvtui.values.detection import Detection
from kvtui.values.editing import EditableText, NotEditable, editable
from kvtui.values.rewrap import NotRewrappable, rewrapped


@dataclass(slots=True)
class Draft:
    """An edit that was not saved, and its text as the editor holds it."""

    edit: Edit
    text: str


class EditFlow:
    """Opens what is inside a value's layers, and saves it back into them."""

    def __init__(
        self, stage: Stage, value: ValueFlow, saving: SaveFlow, outside: OutsideEditor
    ) -> None:
        self._stage = stage
        self._value = value
        self._saving = saving
        self._outside = outside
        self.drafts: dict[tuple[str, str], Draft] = {}
        """By namespace id and key; kept until saved, so that closing an editor loses nothing."""

    async def edit(self, opened: OpenNamespace, key: str) -> None:
        """Edit a value in place."""
        await self.edit_begun(opened, await self._begin(opened, key))

    async def edit_begun(self, opened: OpenNamespace, edit: Edit) -> None:
        """Edit in place what `edit` began from."""
        session = EditSession(self._stage, self._saving, opened, edit)
        checked = editable(session.found)
        if isinstance(checked, NotEditable):
            self._stage.tell(f"Not editable here: {checked.reason}. {checked.alternative}")
            return
        await self._edit_text(session, checked)

    async def edit_outside(self, opened: OpenNamespace, key: str) -> None:
        """Edit a value in $VISUAL or $EDITOR; an unchanged file writes nothing."""
        session = EditSession(self._stage, self._saving, opened, await self._begin(opened, key))
        content, is_done = session.found.content, False
        while not is_done:
            changed = await self._outside.edit(content, name=key)
            if changed is None:
                return
            content = changed
            is_done = await session.save(content)

    async def _edit_text(self, session: "EditSession", checked: EditableText) -> None:
        draft = self.drafts.pop(session.place, None)
        text = await self._stage.ask(
            EditorScreen(
                title=session.title,
                editable=checked,
                draft=draft.text if draft is not None else None,
                is_new=session.edit.base is None,
                on_save=lambda text: session.save(checked.to_bytes(text)),
            )
        )
        if text is not None:
            self.drafts[session.place] = Draft(session.edit, text)
            self._stage.tell(f"{session.edit.key}: not saved, the draft is kept (e goes on)")

    async def _begin(self, opened: OpenNamespace, key: str) -> Edit:
        draft = self.drafts.get((opened.namespace.id, key))
        if draft is not None:
            return draft.edit
        if self._value.key == key and self._value.stored is not None:
            return Edit(opened.namespace, key, self._value.stored)
        return await self._stage.workspace.editing.begin(opened.namespace, key)


class EditSession:
    """One open editor: the edit it belongs to may come to begin from newer bytes."""

    def __init__(self, stage: Stage, saving: SaveFlow, opened: OpenNamespace, edit: Edit) -> None:
        self.edit = edit
        self.found: Detection = _found(edit)
        """What the edit began from; its layers are put around whatever is saved."""
        self._stage = stage
        self._saving = saving
        self._opened = opened

    @property
    def place(self) -> tuple[str, str]:
        """Namespace id and key."""
        return self._opened.namespace.id, self.edit.key

    @property
    def title(self) -> str:
        inside = f"  inside {self.found.breadcrumb}" if self.found.layers else ""
        return f"{self._opened.namespace.name} ▸ {self.edit.key}{inside}"

    async def save(self, content: bytes) -> bool:
        """Save `content` inside the layers; tell whether the editor may close."""
        again = await asyncio.to_thread(rewrapped, self.found, content)
        if isinstance(again, NotRewrappable):
            self._stage.tell(f"Not saved: {again.reason}", is_problem=True)
            return False
        remaining = await self._saving.save(
            self._opened, self.edit, again.content, notes=again.notes
        )
        self.edit = remaining or self.edit
        return remaining is None


def _found(edit: Edit) -> Detection:
    if edit.base is None:
        return detect(b"")
    return detect(edit.base.content, edit.base.content_type)
