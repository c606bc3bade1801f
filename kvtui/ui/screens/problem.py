"""Says that something a person asked for was not done, and waits until it was read."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from kvtui.ui.screens.dialog import Dialog
from kvtui.ui.text import plain


class Problem(Dialog[None]):
    """One sentence; Esc or Enter goes back to where the work is kept."""

    DEFAULT_CSS = """
    Problem { align: center middle; }
    Problem > Vertical {
        width: 64; max-width: 90%; height: auto; max-height: 90%;
        border: round $error; border-title-color: $text-error; padding: 1 2;
        background: $surface;
    }
    Problem #problem-hint { color: $text-muted; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", "Close", show=False),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = plain(self._title)
            yield Static(plain(self._text), markup=False)
            yield Static("esc  goes back; nothing was lost", id="problem-hint", markup=False)

    def action_close(self) -> None:
        self.dismiss(None)
