"""Asks for one line of text."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.hints import hint_line
from kvtui.ui.screens.dialog import Dialog
from kvtui.ui.text import line, plain
from kvtui.ui.widgets.field import Field


def _accept(_text: str) -> str | None:
    """Find no problem in any text."""
    return None


class Prompt(Dialog[str | None]):
    """Gives the text when Enter is pressed and `problem` has nothing to say about it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.PROMPT)]
    DEFAULT_CSS = """
    Prompt { align: center middle; }
    Prompt .dialog {
        width: 72; max-width: 100%; height: auto; max-height: 100%;
        border: round $primary; border-title-color: $text-primary; border-title-style: bold;
        border-subtitle-color: $text-muted; background: $background; padding: 0 1;
    }
    Prompt .label { height: 1; color: $text-muted; }
    Prompt .problem { height: auto; max-height: 3; color: $text-muted; }
    Prompt .problem.-wrong { color: $text-error; }
    """

    def __init__(
        self,
        title: str,
        *,
        label: str,
        initial: str = "",
        placeholder: str = "",
        problem: Callable[[str], str | None] = _accept,
    ) -> None:
        super().__init__()
        self._title = title
        self._label = label
        self._initial = initial
        self._placeholder = placeholder
        self._problem = problem

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(line(self._label)), classes="label")
            yield Field(self._initial, placeholder=line(self._placeholder))
            yield Static(classes="problem")

    def on_mount(self) -> None:
        dialog = self.query_one(".dialog")
        dialog.border_title = Content(line(self._title))
        dialog.border_subtitle = hint_line(self)
        field = self.query_one(Field)
        field.cursor_position = len(self._initial)
        self._show_problem(self._initial, is_asked=False)

    @on(Input.Changed)
    def _check(self, event: Input.Changed) -> None:
        self._show_problem(event.value, is_asked=False)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        if self._show_problem(event.value, is_asked=True):
            self.dismiss(event.value)

    def _show_problem(self, text: str, *, is_asked: bool) -> bool:
        """Say what is wrong with `text`; what stood there first is blamed only when submitted."""
        problem = self._problem(text)
        label = self.query_one(".problem", Static)
        is_wrong = problem is not None and (text not in {"", self._initial} or is_asked)
        label.set_class(is_wrong, "-wrong")
        label.update(plain(problem) if problem is not None and is_wrong else Content(""))
        return problem is None

    def action_close(self) -> None:
        self.dismiss(None)
