"""Asks whether to do something that cannot be taken back."""

from collections.abc import Sequence
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from kvtui.ui.hints import hint_line
from kvtui.ui.screens.question import Question
from kvtui.ui.text import line
from kvtui.ui.widgets.choice import Choice
from kvtui.ui.widgets.field import Field

_FRAME_ROWS: Final = 3
"""Rows of the dialog besides its body: the frame and the choices."""
_LOW_ROWS: Final = 12
"""A screen of fewer rows gets no blank lines."""


class Confirm(Question[bool]):
    """Opens with Cancel focused; True only for the action, reached on purpose.

    With `typed`, the action can be reached only while exactly that word stands in the field.
    """

    DEFAULT_CSS = """
    Confirm .typed { height: auto; margin-top: 1; }
    Confirm .choices { margin-top: 1; }
    Confirm.-low .choices, Confirm.-low .typed { margin-top: 0; }
    Confirm.-low .typed Static { display: none; }
    """
    AUTO_FOCUS = "#typed, #cancel"

    def __init__(
        self,
        title: str,
        body: Sequence[Content],
        *,
        action: str,
        typed: str | None = None,
        is_danger: bool = True,
    ) -> None:
        super().__init__()
        self._title = title
        self._body = Content("\n").join(body)
        self._action = action
        self._typed = typed
        self._is_danger = is_danger

    def compose(self) -> ComposeResult:
        classes = "dialog -danger" if self._is_danger else "dialog"
        with Vertical(classes=classes):
            with VerticalScroll(classes="body", can_focus=False):
                yield Static(self._body)
            if self._typed is not None:
                with Vertical(classes="typed"):
                    yield Static(Content.assemble("Type ", (line(self._typed), "bold"), ":"))
                    yield Field(takes_paste=False, id="typed")
            with Horizontal(classes="choices"):
                yield Choice("Cancel", id="cancel")
                yield Choice(
                    self._action,
                    is_danger=self._is_danger,
                    disabled=self._typed is not None,
                    id="action",
                )

    def on_mount(self) -> None:
        dialog = self.query_one(".dialog")
        dialog.border_title = Content(line(self._title))
        dialog.border_subtitle = hint_line(self)

    def on_resize(self, event: events.Resize) -> None:
        """Scroll the body rather than lose the choices."""
        is_low = event.size.height < _LOW_ROWS
        self.set_class(is_low, "-low")
        others = _FRAME_ROWS + (0 if is_low else 1)
        if self._typed is not None:
            others += 1 if is_low else 3
        self.query_one(".body").styles.max_height = max(1, event.size.height - others)

    @on(Input.Changed, "#typed")
    def _compare(self, event: Input.Changed) -> None:
        self.query_one("#action", Choice).disabled = event.value != self._typed

    @on(Input.Submitted, "#typed")
    def _leave_field(self) -> None:
        self.query_one("#cancel", Choice).focus()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "action")

    def action_cancel(self) -> None:
        self.dismiss(False)
