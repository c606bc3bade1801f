"""Edits the bytes of a value, as digits or as characters."""

from collections.abc import Awaitable, Callable
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.ui.screens.editing_screen import EditingScreen
from kvtui.ui.screens.prompt import Prompt
from kvtui.ui.text import line
from kvtui.ui.widgets.field import Field
from kvtui.ui.widgets.hex_editor import HexEditor
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.values.offset import OFFSETS, offset_from


class HexEditorScreen(EditingScreen[bytes]):
    """Edits bytes; below stands what is under the cursor.

    `draft` is what to start from where it is not what is stored. `on_change` is given, at
    every change, a way to make the bytes that can be followed in another thread.
    """

    DEFAULT_CSS = """
    HexEditorScreen .status { height: 1; background: $surface; padding: 0 1; }
    """

    def __init__(
        self,
        *,
        title: str,
        content: bytes,
        on_save: Callable[[bytes], Awaitable[bool]],
        draft: bytes | None = None,
        is_packed: bool = False,
        on_change: Callable[[Callable[[], bytes]], None] = lambda _: None,
    ) -> None:
        super().__init__(title=title, on_save=on_save)
        self._content = content
        self._draft = draft
        self._on_change = on_change
        self._noted = 0
        self._is_packed = is_packed

    def compose(self) -> ComposeResult:
        yield Static(Content(f"Edit bytes  {line(self._title)}"), classes="title")
        yield HexEditor(self._content if self._draft is None else self._draft)
        yield Field(placeholder="find: text, or bytes as in de ad", id="find")
        yield Static(classes="status")
        yield HintBar()

    def on_mount(self) -> None:
        self.show_state()

    @property
    def editor(self) -> HexEditor:
        return self.query_one(HexEditor)

    @property
    def edited(self) -> bytes:
        return self.editor.buffer.content

    @property
    def is_changed(self) -> bool:
        return self.editor.buffer.content != self._content

    def problem(self, edited: bytes) -> str | None:
        if len(edited) > MAX_VALUE_BYTES and not self._is_packed:
            return f"{len(edited):,} B, and a value may have {MAX_VALUE_BYTES:,} B"
        return None

    @on(HexEditor.Touched)
    def _note_change(self) -> None:
        buffer = self.editor.buffer
        if buffer.revision != self._noted:
            self._noted = buffer.revision
            self._on_change(buffer.frozen())

    @on(HexEditor.Touched)
    def show_state(self) -> None:
        self.query_one(".status", Static).update(self._state())

    def _state(self) -> Content:
        editor = self.editor
        at, length = editor.offset_in_value, len(editor.buffer)
        byte = editor.buffer[at : at + 1]
        parts = [
            "insert" if editor.is_insert else "overwrite",
            "text" if editor.is_text else "hex",
            f"{at:#010x}  {at:,} of {length:,} B{' unpacked' if self._is_packed else ''}",
            f"{len(editor.selected):,} B selected" if editor.selected else _spelled(byte),
        ]
        return Content.assemble(self._word(), f"   {'   '.join(parts)}")

    def _word(self) -> Content:
        if self.is_saving:
            return Content.styled("saving …", "bold $text-accent")
        buffer = self.editor.buffer
        if not self._is_packed and len(buffer) > MAX_VALUE_BYTES:
            return Content.styled("too large to save", "bold $text-error")
        if buffer.has_undo or self._draft is not None:
            return Content.styled("● changed", "bold $text-warning")
        return Content.styled("unchanged", "$foreground-muted")

    @on(Input.Changed, "#find")
    def _mark(self, event: Input.Changed) -> None:
        self.editor.mark_matches(event.value)

    def action_find(self) -> None:
        super().action_find()
        self.editor.mark_matches(self.query_one("#find", Field).value)

    def action_close(self) -> None:
        if self.query_one("#find", Field).has_class("-open"):
            self.editor.mark_matches("")
        super().action_close()

    @work(exclusive=True, group="go to")
    async def action_go_to(self) -> None:
        editor = self.editor
        read = partial(offset_from, current=editor.offset_in_value, size=len(editor.buffer))
        answer = await self.app.push_screen_wait(
            Prompt(
                "Go to an offset",
                label=OFFSETS,
                problem=lambda text: None if read(text) is not None else "no offset in the value",
            )
        )
        at = read(answer or "")
        if at is not None:
            editor.go_to(at)


def _spelled(byte: bytes) -> str:
    return f"{byte[0]:02x} {byte[0]} {byte[0]:08b}" if byte else "behind the last byte"
