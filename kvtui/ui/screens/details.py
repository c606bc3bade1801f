"""Facts about one thing, each of which can be copied."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.hints import hint_line
from kvtui.ui.screens.dialog import Dialog
from kvtui.ui.text import line
from kvtui.ui.widgets.row_view import RowView


class DetailRows(RowView):
    """Labels and values; the rows of the snippet have no label and belong together."""

    COMPONENT_CLASSES = {"details--label", "details--snippet"}
    DEFAULT_CSS = """
    DetailRows { height: auto; }
    DetailRows > .details--label { color: $text-muted; }
    DetailRows > .details--snippet { color: $text-accent; }
    """

    def __init__(self, facts: Sequence[tuple[str, str]], snippet: str, **options: Any) -> None:
        super().__init__(**options)
        self._facts = facts
        self._snippet = snippet
        self._snippet_rows = snippet.rstrip("\n").split("\n") if snippet else []
        self._label_cells = max((len(label) for label, _ in facts), default=0)

    @property
    def row_count(self) -> int:
        return len(self._facts) + len(self._snippet_rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self.row_count

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        if row >= len(self._facts):
            return [(f" {line(self._snippet_rows[row - len(self._facts)])}", "details--snippet")]
        label, value = self._facts[row]
        return [(f" {line(label):<{self._label_cells}}  ", "details--label"), (line(value), "")]

    @property
    def copied(self) -> tuple[str, str]:
        """What copying gives at the cursor: its name, and the text."""
        if self.cursor < len(self._facts):
            return self._facts[self.cursor]
        return "snippet", self._snippet


class DetailsScreen(Dialog[None]):
    """Shows `facts` as rows of label and value, and a `snippet` that is copied as a whole."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.DETAILS)]
    DEFAULT_CSS = """
    DetailsScreen { align: center middle; }
    DetailsScreen .dialog {
        width: 72; max-width: 100%; height: auto; max-height: 100%;
        border: round $primary; border-title-color: $text-primary; border-title-style: bold;
        border-subtitle-color: $text-muted; background: $background;
    }
    """

    def __init__(self, title: str, facts: Sequence[tuple[str, str]], *, snippet: str = "") -> None:
        super().__init__()
        self._title = title
        self._facts = facts
        self._snippet = snippet

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield DetailRows(self._facts, self._snippet)

    def on_mount(self) -> None:
        dialog = self.query_one(".dialog")
        dialog.border_title = Content(line(self._title))
        dialog.border_subtitle = hint_line(self)

    @on(RowView.Chosen)
    def action_copy(self) -> None:
        name, text = self.query_one(DetailRows).copied
        self.app.copy_to_clipboard(text)
        self.notify(f"Sent to the terminal's clipboard: {line(name)}", markup=False)

    def action_close(self) -> None:
        self.dismiss(None)
