"""Editing one value: as text, as bytes, or in $EDITOR; through its layers, and as a draft."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kvtui.session.editing import Edit
from kvtui.session.namespace import OpenNamespace
from kvtui.ui.screens.draft_flow import DraftFlow
from kvtui.ui.screens.editor import EditorScreen
from kvtui.ui.screens.hex_editor import HexEditorScreen
from kvtui.ui.screens.outside_editor import OutsideEditor
from kvtui.ui.screens.save_flow import SaveFlow, TakeMerged
from kvtui.ui.screens.stage import Stage
from kvtui.ui.screens.value_flow import ValueFlow
from kvtui.values.detect import detect
from kvtui.values.detection import Detection
from kvtui.values.editing import EditableText, NotEditable, editable, is_textual, text_problem
from kvtui.values.reading import Reading, reread
from kvtui.values.rewrap import NotRewrappable, rewrapped
from kvtui.vault.drafts import Form, LeftDraft


@dataclass(slots=True)
class Draft:
    """An edit that was not saved, and what its editor held: text, or bytes."""

    edit: Edit
    kept: str | bytes
    depth: int | None = None
    """Inside how many layers it belongs; None for all there are."""


class EditFlow:
    """Opens what is inside a value's layers, and saves it back into them."""

    def __init__(
        self, stage: Stage, value: ValueFlow, saving: SaveFlow, outside: OutsideEditor
    ) -> None:
        self._stage = stage
        self._value = value
        self._saving = saving
        self._outside = outside
        self._drafting = DraftFlow(stage)
        self.drafts: dict[tuple[str, str], Draft] = {}
        """By namespace id and key; kept until saved, so that closing an editor loses nothing."""

    async def edit(self, opened: OpenNamespace, key: str) -> None:
        """Edit a value in place."""
        await self._recover(opened, key)
        await self.edit_begun(opened, await self._begin(opened, key))

    async def edit_begun(self, opened: OpenNamespace, edit: Edit) -> None:
        """Edit in place what `edit` began from."""
        session = self._session(opened, edit)
        checked = session.checked
        if isinstance(checked, NotEditable):
            self._stage.tell(f"Edited as bytes: {checked.reason}. {checked.alternative}")
            await self._edit_bytes(session)
        elif isinstance(self._kept(session), bytes):
            await self._edit_bytes(session)
        else:
            await self._edit_text(session, checked)

    async def edit_bytes(self, opened: OpenNamespace, key: str) -> None:
        """Edit the bytes inside all layers of a value."""
        await self._recover(opened, key)
        await self._edit_bytes(self._session(opened, await self._begin(opened, key)))

    async def begin(self, opened: OpenNamespace, key: str) -> "EditSession | None":
        """Begin a change of what is stored; None where a draft goes first."""
        if (opened.namespace.id, key) in self.drafts:
            self._stage.tell(f"There is a draft of {key}: e goes on with it", is_problem=True)
            return None
        return self._session(opened, await self._begin(opened, key))

    def keep(self, session: "EditSession", text: str) -> None:
        """Keep a text that was not saved as a draft."""
        self._note(session, Form.TEXT, text.encode)
        self._keep(session, text)

    async def edit_outside(self, opened: OpenNamespace, key: str) -> None:
        """Edit a value in $VISUAL or $EDITOR; an unchanged file writes nothing."""
        await self._recover(opened, key)
        session = self._session(opened, await self._begin(opened, key))
        kept = self._kept(session)
        content = session.found.content if kept is None else session.to_bytes(kept)
        while (changed := await self._lend(session, content)) is not None:
            content = changed
            self._note(session, Form.BYTES, partial(bytes, content))
            if await session.save(content):
                self._keep(session, None)
                return
        if content != session.found.content:
            self._keep(session, session.to_kept(content))

    async def resume(self, opened: OpenNamespace, left: LeftDraft) -> None:
        """Go on with an edit that an earlier run did not save."""
        await self._take_over(opened, left)
        await self.edit(opened, left.draft.place.key)

    async def _recover(self, opened: OpenNamespace, key: str) -> None:
        """Offer what an earlier run left of a key, unless this run has a draft of it."""
        if (opened.namespace.id, key) in self.drafts:
            return
        left = await self._drafting.left_for(opened.namespace, key)
        if left is not None and await self._drafting.offer(left):
            await self._take_over(opened, left)

    async def _take_over(self, opened: OpenNamespace, left: LeftDraft) -> None:
        draft = left.draft
        edit = Edit(opened.namespace, draft.place.key, draft.base)
        kept = draft.text if draft.form is Form.TEXT else draft.content
        self.drafts[opened.namespace.id, edit.key] = Draft(edit, kept, draft.depth)
        await self._drafting.take_over(left)

    async def _lend(self, session: "EditSession", content: bytes) -> bytes | None:
        """Give what $EDITOR made of the content, as it is or written in hex."""
        if session.is_text:
            return await self._outside.edit(content, name=session.edit.key)
        return await self._outside.edit_as_hex(content, name=session.edit.key)

    async def _edit_text(self, session: "EditSession", checked: EditableText) -> None:
        kept = self._kept(session)
        screen = EditorScreen(
            title=session.title,
            editable=checked,
            draft=kept if isinstance(kept, str) else None,
            is_new=session.edit.base is None,
            on_save=lambda text: session.save(checked.to_bytes(text)),
            on_change=partial(self._note, session, Form.TEXT),
        )

        def take_merged(content: bytes) -> bool:
            merged = session.to_kept(content)
            if isinstance(merged, str):
                screen.go_on_with(merged)
                self._stage.tell("Both changes are in the editor now: look, then save again")
            return isinstance(merged, str)

        session.take_merged = take_merged
        text = await self._stage.ask(screen)
        self._keep(session, text)

    async def _edit_bytes(self, session: "EditSession") -> None:
        kept = self._kept(session)
        content = await self._stage.ask(
            HexEditorScreen(
                title=session.title,
                content=session.found.content,
                draft=session.to_bytes(kept) if kept is not None else None,
                is_packed=bool(session.found.layers),
                on_save=session.save,
                on_change=partial(self._note, session, Form.BYTES),
            )
        )
        self._keep(session, content)

    def _note(self, session: "EditSession", form: Form, make: Callable[[], bytes]) -> None:
        self._drafting.note(session.edit, form, make, depth=session.depth)

    def _kept(self, session: "EditSession") -> str | bytes | None:
        draft = self.drafts.get(session.place)
        return draft.kept if draft is not None else None

    def _keep(self, session: "EditSession", kept: str | bytes | None) -> None:
        """Keep what an editor was closed with, until it is saved or undone."""
        self.drafts.pop(session.place, None)
        if kept is None:
            self._drafting.discard(session.edit)
        else:
            self.drafts[session.place] = Draft(session.edit, kept, session.depth)
            self._stage.tell(f"{session.edit.key}: not saved, the draft is kept (e goes on)")

    def _session(self, opened: OpenNamespace, edit: Edit) -> "EditSession":
        """Open the layer that a draft is of, else the one that is looked at."""
        draft, views = self.drafts.get((opened.namespace.id, edit.key)), self._stage.value.views
        depth = None
        if draft is not None:
            depth = draft.depth
        elif views is not None and self._value.key == edit.key:
            depth = views.reading.depth
        return EditSession(self._stage, self._saving, opened, edit, depth)

    async def _begin(self, opened: OpenNamespace, key: str) -> Edit:
        draft = self.drafts.get((opened.namespace.id, key))
        if draft is not None:
            return draft.edit
        edit = await self._read(opened, key)
        doubt = await opened.doubt_of(key, edit.base)
        if doubt is not None:
            self._stage.tell(f"{key}: {doubt}", is_problem=True)
        return edit

    async def _read(self, opened: OpenNamespace, key: str) -> Edit:
        if self._value.key == key and self._value.stored is not None:
            return Edit(opened.namespace, key, self._value.stored)
        return await self._stage.workspace.editing.begin(opened.namespace, key)


class EditSession:
    """One open editor: the edit it belongs to may come to begin from newer bytes."""

    def __init__(
        self,
        stage: Stage,
        saving: SaveFlow,
        opened: OpenNamespace,
        edit: Edit,
        depth: int | None,
    ) -> None:
        self.edit = edit
        self.depth = depth
        """How many layers to peel; None for all there are."""
        self.found: Detection = _found(edit, depth)
        """What the edit began from; its layers are put around whatever is saved."""
        self.checked = editable(self.found)
        self.take_merged: TakeMerged | None = None
        """Puts two changes that do not overlap into the editor, where it can hold them."""
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

    @property
    def is_text(self) -> bool:
        """Whether the content is text for other programs."""
        return isinstance(self.checked, EditableText) or is_textual(self.found)

    def to_bytes(self, kept: str | bytes) -> bytes:
        """Give what an editor held as content."""
        if isinstance(kept, str) and isinstance(self.checked, EditableText):
            return self.checked.to_bytes(kept)
        return kept.encode() if isinstance(kept, str) else kept

    def to_kept(self, content: bytes) -> str | bytes:
        """Give content as the editor here holds it."""
        if isinstance(self.checked, EditableText):
            text = self.checked.to_text(content)
            return content if text is None or text_problem(text) else text
        return content

    async def save(self, content: bytes) -> bool:
        """Save `content` inside the layers; tell whether the editor may close."""
        again = await asyncio.to_thread(rewrapped, self.found, content)
        if isinstance(again, NotRewrappable):
            self._stage.tell(f"Not saved: {again.reason}", is_problem=True)
            return False
        return await self.save_as_stored(again.content, again.notes)

    async def save_as_stored(self, content: bytes, notes: tuple[str, ...] = ()) -> bool:
        """Save `content` in place of the whole value; tell whether the editor may close."""
        remaining = await self._saving.save(
            self._opened, self.edit, content, notes=notes, take_merged=self.take_merged
        )
        self.edit = remaining or self.edit
        return remaining is None


def _found(edit: Edit, depth: int | None) -> Detection:
    if edit.base is None:
        return detect(b"")
    found = detect(edit.base.content, edit.base.content_type)
    return reread(found, Reading(depth), edit.base.content_type)
