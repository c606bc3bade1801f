"""Edits the bytes of a value, as digits or as characters."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from kvtui.errors import KvtuiError
from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.ui.commands import Scope, bindings
from kvtui.ui.hints import hints
from kvtui.ui.reporting import sentence
from kvtui.ui.screens.problem import Problem
from kvtui.ui.screens.prompt import Prompt
from kvtui.ui.text import line
from kvtui.ui.widgets.field import Field
from kvtui.ui.widgets.hex_editor import HexEditor
from kvtui.ui.widgets.hint_bar import HintBar


class HexEditorScreen(Screen[bytes | None]):
    """Gives the bytes when it is closed with changes that were not saved, else None.

    `draft` is what to start from where it is not what is stored. `on_save` does whatever saving
    takes and tells whether the editor may close. `on_change` is given, at every change, a
    way to make the bytes that can be followed in another thread.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.EDITOR)]
    DEFAULT_CSS = """
    HexEditorScreen { background: $background; }
    HexEditorScreen .title { height: 1; background: $panel; padding: 0 1; text-style: bold; }
    HexEditorScreen .status { height: 1; background: $surface; padding: 0 1; }
    HexEditorScreen #find { display: none; }
    HexEditorScreen #find.-open { display: block; }
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
        super().__init__()
        self._title = title
        self._content = content
        self._draft = draft
        self._on_save = on_save
        self._on_change = on_change
        self._noted = 0
        self._is_packed = is_packed
        self.is_saving = False

    def compose(self) -> ComposeResult:
        yield Static(Content(f"Edit bytes  {line(self._title)}"), classes="title")
        yield HexEditor(self._content if self._draft is None else self._draft)
        yield Field(placeholder="find: text, or bytes as in de ad", id="find")
        yield Static(classes="status")
        yield HintBar()

    def on_mount(self) -> None:
        self.editor.focus()
        self._show_state()
        self.call_after_refresh(self._show_hints)

    def _show_hints(self) -> None:
        self.query_one(HintBar).hints = hints(self)

    @property
    def editor(self) -> HexEditor:
        return self.query_one(HexEditor)

    @property
    def is_changed(self) -> bool:
        """Whether closing now would leave something unsaved."""
        return self.editor.buffer.content != self._content

    @property
    def unsaved(self) -> tuple[str, ...]:
        """What would be lost by quitting now, in words."""
        return (f"changes to {line(self._title)}",) if self.is_changed else ()

    @on(HexEditor.Touched)
    def _note_change(self) -> None:
        buffer = self.editor.buffer
        if buffer.revision != self._noted:
            self._noted = buffer.revision
            self._on_change(buffer.frozen())

    @on(HexEditor.Touched)
    def _show_state(self) -> None:
        self.query_one(".status", Static).update(self._state())

    def _state(self) -> Content:
        editor = self.editor
        at, length = editor.offset_in_value, len(editor.buffer)
        byte = editor.buffer[at : at + 1]
        parts = [
            "insert" if editor.is_insert else "overwrite",
            "text" if editor.is_text else "hex",
            f"{at:#010x}  {at:,} of {length:,} B{' unpacked' if self._is_packed else ''}",
            f"{byte[0]:02x} {byte[0]} {byte[0]:08b}" if byte else "behind the last byte",
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

    # Finding

    def action_find(self) -> None:
        find = self.query_one("#find", Field)
        find.add_class("-open")
        find.focus()

    def action_find_again(self) -> None:
        needle = self.query_one("#find", Field).value
        if needle and not self.editor.find(needle):
            self.notify(f"Not found: {line(needle)}", markup=False)

    @on(Input.Submitted, "#find")
    def _find(self) -> None:
        self.action_find_again()

    @work(exclusive=True, group="go to")
    async def action_go_to(self) -> None:
        last = len(self.editor.buffer)
        answer = await self.app.push_screen_wait(
            Prompt(
                "Go to an offset",
                label=f"Offset up to {last:,}, or as in 0x1f; with + or - from here",
                problem=lambda text: None if _offset(text) is not None else "this is no number",
            )
        )
        offset = _offset(answer or "")
        if answer and offset is not None:
            here = self.editor.offset_in_value if answer.strip()[0] in "+-" else 0
            self.editor.go_to(here + offset)

    # Ending

    def action_save(self) -> None:
        content = self.editor.buffer.content
        if self.is_saving:
            return
        if len(content) > MAX_VALUE_BYTES and not self._is_packed:
            self.notify(
                f"Not saved: {len(content):,} B, and a value may have {MAX_VALUE_BYTES:,} B.",
                severity="error",
                markup=False,
            )
        else:
            self._save(content)

    @work(exclusive=True, group="save")
    async def _save(self, content: bytes) -> None:
        """Keep the bytes as they are while they are being saved."""
        self.editor.read_only = self.is_saving = True
        self._show_state()
        may_close, problem = False, ""
        try:
            may_close = await self._on_save(content)
        except KvtuiError as error:
            problem = sentence(error)
        self.editor.read_only = self.is_saving = False
        self._show_state()
        if problem:
            await self.app.push_screen_wait(Problem("Not saved", problem))
        if may_close:
            self.dismiss(None)

    def action_close(self) -> None:
        find = self.query_one("#find", Field)
        if find.has_class("-open"):
            find.remove_class("-open")
            self.editor.focus()
        elif self.is_saving:
            self.notify("Saving is under way.", markup=False)
        else:
            self.dismiss(self.editor.buffer.content if self.is_changed else None)


def _offset(text: str) -> int | None:
    """Read a number in decimal, or in hex as in 0x1f."""
    number = text.replace(",", "").replace(" ", "")
    try:
        return int(number, 16 if "x" in number else 10)
    except ValueError:
        return None
