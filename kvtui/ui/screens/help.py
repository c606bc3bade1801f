"""All keys, by where they work; searchable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from kvtui.ui.commands import COMMANDS, Scope, bindings
from kvtui.ui.hints import hint_line
from kvtui.ui.screens.dialog import Dialog
from kvtui.ui.text import line
from kvtui.ui.widgets.field import Field
from kvtui.ui.widgets.row_view import RowView

_KEYS_CELLS: Final = 24
_NAMES: Final = {
    "question_mark": "?",
    "slash": "/",
    "at": "@",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A heading (no text) or a command."""

    keys: str
    text: str = ""


def help_rows(keymap: Mapping[str, str], needle: str = "") -> list[HelpRow]:
    """List the commands that have `needle` in their keys, words or heading, under headings."""
    rows: list[HelpRow] = []
    for scope in Scope:
        found = [
            HelpRow(keys, command.text)
            for command in COMMANDS
            if command.scope is scope
            and (keys := spell_keys(keymap.get(command.id, command.keys)))
            and needle.lower() in f"{keys} {command.text} {scope}".lower()
        ]
        if found:
            rows += [HelpRow(scope.value), *found]
    return rows


def spell_keys(keys: str) -> str:
    """Write Textual's key names as they stand on a keyboard."""
    names = (name.strip() for name in keys.split(",")) if keys else ()
    return "  ".join(_NAMES.get(name, name) for name in names)


class HelpRows(RowView):
    """Headings and commands."""

    COMPONENT_CLASSES = {"help--heading", "help--key"}
    DEFAULT_CSS = """
    HelpRows > .help--heading { color: $text-primary; text-style: bold; }
    HelpRows > .help--key { color: $text-accent; }
    """
    has_cursor = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.shown: list[HelpRow] = []

    @property
    def row_count(self) -> int:
        return len(self.shown)

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        shown = self.shown[row]
        if not shown.text:
            return [(f" {shown.keys}", "help--heading")]
        cells = min(_KEYS_CELLS, width // 2)
        return [(f"   {line(shown.keys):<{cells}} ", "help--key"), (shown.text, "")]


class HelpScreen(Dialog[None]):
    """Shows the command table; `keymap` gives the keys in force of rebound commands, by id."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.HELP)]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen .dialog {
        width: 84; max-width: 100%; height: 100%; max-height: 48;
        border: round $primary; border-title-color: $text-primary; border-title-style: bold;
        border-subtitle-color: $text-muted; background: $background;
    }
    HelpScreen HelpRows { height: 1fr; }
    HelpScreen Field { display: none; }
    HelpScreen Field.-open { display: block; }
    """

    def __init__(self, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._keymap = keymap or {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield HelpRows()
            yield Field(placeholder="search")

    def on_mount(self) -> None:
        dialog = self.query_one(".dialog")
        dialog.border_title = Content("Keys")
        dialog.border_subtitle = hint_line(self)
        self._show("")
        self.query_one(HelpRows).focus()

    def _show(self, needle: str) -> None:
        rows = self.query_one(HelpRows)
        rows.shown = help_rows(self._keymap, needle)
        rows.scroll_to(y=0, animate=False, immediate=True)
        rows.rows_changed()

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self._show(event.value.strip())

    @on(Input.Submitted)
    def _keep(self) -> None:
        self.query_one(HelpRows).focus()

    def action_find(self) -> None:
        field = self.query_one(Field)
        field.add_class("-open")
        field.focus()

    def action_close(self) -> None:
        """Clear the search first, then close."""
        field = self.query_one(Field)
        if not field.has_class("-open"):
            self.dismiss(None)
            return
        field.value = ""
        field.remove_class("-open")
        self.query_one(HelpRows).focus()
