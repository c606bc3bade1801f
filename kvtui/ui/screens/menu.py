"""A short list to choose from, by letter or by row."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.hints import hint_line
from kvtui.ui.screens.dialog import Dialog
from kvtui.ui.text import line
from kvtui.ui.widgets.row_view import RowView

MenuRow = tuple[str, str, str]
"""The letter that chooses the row, its label, and what the menu then gives."""


class MenuRows(RowView):
    """The rows of a menu; a click takes the row at once."""

    COMPONENT_CLASSES = {"menu--letter"}
    DEFAULT_CSS = """
    MenuRows { height: auto; }
    MenuRows > .menu--letter { color: $text-accent; text-style: bold; }
    """

    def __init__(self, rows: Sequence[MenuRow], **options: Any) -> None:
        super().__init__(**options)
        self.menu = rows

    @property
    def row_count(self) -> int:
        return len(self.menu)

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        letter, label, _ = self.menu[row]
        return [(f" {letter}  ", "menu--letter"), (line(label), "")]

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        return self.row_count

    async def _on_click(self, event: events.Click) -> None:
        await super()._on_click(event)
        event.prevent_default()
        self.action_choose()


class Menu(Dialog[str | None]):
    """Gives the id of the row that was taken, None when it was closed."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.MENU)]
    DEFAULT_CSS = """
    Menu { align: center middle; }
    Menu .dialog {
        width: 48; max-width: 100%; height: auto; max-height: 100%;
        border: round $primary; border-title-color: $text-primary; border-title-style: bold;
        border-subtitle-color: $text-muted; background: $background;
    }
    """

    def __init__(self, title: str, rows: Sequence[MenuRow]) -> None:
        super().__init__()
        self._title = title
        self._rows = rows

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield MenuRows(self._rows)

    def on_mount(self) -> None:
        dialog = self.query_one(".dialog")
        dialog.border_title = Content(line(self._title))
        dialog.border_subtitle = hint_line(self)

    def on_key(self, event: events.Key) -> None:
        for letter, _, answer in self._rows:
            if event.character == letter:
                event.stop()
                self.dismiss(answer)
                return

    @on(RowView.Chosen)
    def _take(self, event: RowView.Chosen) -> None:
        self.dismiss(self._rows[event.row][2])

    def action_choose(self) -> None:
        self.query_one(MenuRows).action_choose()

    def action_close(self) -> None:
        self.dismiss(None)
