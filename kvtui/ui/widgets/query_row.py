"""The line for an expression that filters a value, and what is wrong with it."""

from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from kvtui.ui.text import line
from kvtui.ui.widgets.find_bar import FindBar


class QueryRow(Horizontal):
    """Is there only while it is open."""

    DEFAULT_CSS = """
    QueryRow { height: 1; }
    QueryRow #value-query { width: 1fr; }
    QueryRow #value-query-problem {
        width: auto; max-width: 60%; padding: 0 1; color: $text-error;
    }
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._bar = FindBar(id="value-query", placeholder="JMESPath, as in users[?active].name")
        self.display = False
        self._problem = ""

    def compose(self) -> ComposeResult:
        yield self._bar
        yield Static(id="value-query-problem", markup=False)

    def open(self) -> None:
        """Show the line and give it the keys."""
        self.display = True
        self._bar.open()

    def close(self) -> bool:
        """Empty and hide the line; tell whether it was open."""
        was_open = bool(self.display)
        self.display = False
        self._bar.clear_text()
        return was_open

    def show_problem(self, text: str) -> None:
        """Say what is wrong with the expression; an empty text clears it."""
        if text != self._problem:  # it is as wide as it is long: the screen is laid out for it
            self._problem = text
            self.query_one("#value-query-problem", Static).update(Content(line(text)))
