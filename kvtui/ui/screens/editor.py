"""Edits a value that is text, in place."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static, TextArea

from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.ui.commands import Scope, bindings
from kvtui.ui.screens.editing_screen import EditingScreen
from kvtui.ui.text import line
from kvtui.ui.widgets.editor_status import EditorState, EditorStatus
from kvtui.ui.widgets.field import Field
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.ui.widgets.text_editor import TextEditor
from kvtui.values.editing import EditableText
from kvtui.values.formats.json_text import laid_out
from kvtui.values.json_check import CHECKED, json_problem

REST_SECONDS: Final = 0.3
"""How long typing rests before the text is looked at as a whole."""
_CHECKED_AT_ONCE: Final = 65_536
"""A longer text is checked beside the interface."""


class EditorScreen(EditingScreen[str]):
    """Edits text; below stands what it is.

    `draft` is the text to start from where it is not what is stored. `on_change` is
    given, at every change, a way to make the text as UTF-8 that can be followed in another thread.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.TEXT_EDITOR)]

    def __init__(
        self,
        *,
        title: str,
        editable: EditableText,
        on_save: Callable[[str], Awaitable[bool]],
        draft: str | None = None,
        is_new: bool = False,
        on_change: Callable[[Callable[[], bytes]], None] = lambda _: None,
    ) -> None:
        super().__init__(title=title, on_save=on_save)
        self._editable = editable
        self._draft = draft
        self._is_new = is_new
        self._on_change = on_change
        self._rest: Timer | None = None

    def compose(self) -> ComposeResult:
        verb = "New key" if self._is_new else "Edit"
        yield Static(Content(f"{verb}  {line(self._title)}"), classes="title")
        text = self._editable.text if self._draft is None else self._draft
        yield TextEditor(text, syntax=self._editable.syntax)
        yield Field(placeholder="find", id="find")
        yield EditorStatus()
        yield HintBar()

    def on_mount(self) -> None:
        self._say(EditorState(is_packed=self._editable.is_packed))
        self.look_at_text()

    def go_on_with(self, text: str) -> None:
        """Replace the text; undo brings back what was there."""
        editor = self.editor
        editor.replace(text, (0, 0), editor.document.end)
        editor.move_cursor((0, 0))

    @property
    def editor(self) -> TextEditor:
        return self.query_one(TextEditor)

    @property
    def edited(self) -> str:
        return self.editor.text

    @property
    def is_changed(self) -> bool:
        return self.editor.text != self._editable.text

    @property
    def state(self) -> EditorState:
        """What the line says, with the cursor where it is now."""
        row, column = self.editor.cursor_location
        return replace(self.query_one(EditorStatus).state, row=row, column=column)

    def show_state(self) -> None:
        self._say(replace(self.state, is_saving=self.is_saving))

    def _say(self, state: EditorState) -> None:
        self.query_one(EditorStatus).state = state

    def _size_of(self, text: str) -> int:
        return len(self._editable.to_bytes(text))

    @on(TextArea.Changed)
    def _note_change(self) -> None:
        """Say at once that something changed, and what exactly when typing rests."""
        self._say(replace(self.state, is_changed=True))
        self._on_change(self.editor.frozen())
        if self._rest is None:
            self._rest = self.set_timer(REST_SECONDS, self.look_at_text)
        else:
            self._rest.reset()

    @on(TextArea.SelectionChanged)
    def _note_move(self) -> None:
        self._say(self.state)

    def look_at_text(self) -> None:
        """Bring the line up to what the whole text is."""
        self._rest = None
        text = self.editor.text
        is_changed = text != self._editable.text
        self._say(replace(self.state, is_changed=is_changed, size_bytes=self._size_of(text)))
        if problem := self._editable.problem(text):
            self._say(replace(self.state, syntax=self._editable.encoding, problem=problem))
        elif self._editable.syntax in CHECKED:
            self._check(text)
        else:
            self._say(replace(self.state, syntax="", problem=None))

    @work(exclusive=True, group="check")
    async def _check(self, text: str) -> None:
        if len(text) <= _CHECKED_AT_ONCE:
            problem = json_problem(text, self._editable.syntax)
        else:
            problem = await asyncio.to_thread(json_problem, text, self._editable.syntax)
        self._say(replace(self.state, syntax=self._editable.syntax, problem=problem))

    def action_format(self) -> None:
        """Lay JSON out over lines, token by token, as one step of undo."""
        text = self.editor.text
        if self._editable.syntax != "json":
            self.notify("Only JSON can be laid out.", markup=False)
        elif (pretty := laid_out(text)) is None:
            self.notify("Not laid out: it is not JSON.", severity="warning", markup=False)
        elif not self.is_saving and not self.editor.put(pretty):
            self.notify("It is laid out already.", markup=False)

    def action_save(self) -> None:
        self._say(replace(self.state, size_bytes=self._size_of(self.editor.text)))
        super().action_save()

    def problem(self, edited: str) -> str | None:
        size_bytes = self._size_of(edited)
        if size_bytes > MAX_VALUE_BYTES and not self._editable.is_packed:
            return f"{size_bytes:,} B, and a value may have {MAX_VALUE_BYTES:,} B"
        return self._editable.problem(edited)
