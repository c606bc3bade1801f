"""A draft that an earlier run left behind: what it changes, and what to do with it."""

from collections.abc import Callable
from enum import Enum

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from kvtui.ui.screens.review import Review
from kvtui.ui.text import line
from kvtui.ui.widgets.choice import Choice
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.ui.widgets.line_view import LineView
from kvtui.values.lines import Lines


class DraftChoice(Enum):
    """What becomes of a draft."""

    RECOVER = "recover"
    DISCARD = "discard"


class DraftScreen(Review[DraftChoice | None]):
    """Shows what the draft changes of what it began from; None leaves it for later."""

    DEFAULT_CSS = """
    DraftScreen .what { height: auto; max-height: 30%; padding: 0 1; background: $surface; }
    """

    def __init__(self, *, title: str, what: str, lines: Callable[[int], Lines]) -> None:
        super().__init__()
        self._title = title
        self._what = what
        self._lines = lines

    def compose(self) -> ComposeResult:
        yield Static(Content(f"Draft  {line(self._title)}"), classes="title")
        yield Static(Content(line(self._what)), classes="what")
        yield LineView()
        with Horizontal(classes="bottom"):
            yield HintBar()
            with Horizontal(classes="choices"):
                yield Choice("Later", id="cancel")
                yield Choice("Recover", id="recover")
                yield Choice("Discard", is_danger=True, id="discard")

    @on(LineView.Resized)
    def _lay_out(self, event: LineView.Resized) -> None:
        event.view.show_lines(self._lines(event.width), is_same_value=True)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        event.stop()
        choices = {"recover": DraftChoice.RECOVER, "discard": DraftChoice.DISCARD}
        self.dismiss(choices.get(event.button.id or ""))
