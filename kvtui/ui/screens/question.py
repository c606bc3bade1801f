"""The ground of every screen that asks before something is done."""

import time
from typing import ClassVar, TypeVar

from textual import events, on
from textual.binding import BindingType

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.screens.dialog import Dialog
from kvtui.ui.widgets.choice import Choice

Answer = TypeVar("Answer")


class Question(Dialog[Answer]):
    """Takes no key that was pressed before the question, with the choice in focus, was on screen.

    Keys typed ahead and text pasted as keys come in two ways: to this screen, and from the screen
    before, where they were on their way when this one opened. The first are told by their time,
    the second because this screen never saw them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.ASK)]
    AUTO_FOCUS = "#cancel"
    DEFAULT_CSS = """
    Question { align: center middle; }
    Question .dialog {
        width: 72; max-width: 100%; height: auto; max-height: 100%;
        border: round $primary; border-title-color: $text-primary; border-title-style: bold;
        border-subtitle-color: $text-muted; background: $background; padding: 0 1;
    }
    Question .dialog.-danger { border: round $error; border-title-color: $text-error; }
    Question .body { height: auto; scrollbar-size-vertical: 1; }
    Question .choices { height: 1; align-horizontal: right; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown_at: float | None = None
        self._has_new_key = False

    @property
    def is_ready(self) -> bool:
        """Whether it is on screen as it is now, so that keys pressed from now on are answers."""
        return self._shown_at is not None

    @on(events.ScreenResume)
    @on(events.DescendantFocus)
    def _wait_until_shown(self) -> None:
        self._shown_at = None
        self.call_after_refresh(self._note_shown)

    def _note_shown(self) -> None:
        self._shown_at = time.monotonic()

    def on_key(self, event: events.Key) -> None:
        self._has_new_key = self._shown_at is not None and event.time > self._shown_at
        if not self._has_new_key:
            event.stop()

    def takes_key(self) -> bool:
        """Tell, once for each key, whether it was pressed in answer to the question."""
        takes, self._has_new_key = self._has_new_key, False
        return takes

    def action_next_choice(self) -> None:
        if self.takes_key():
            self.focus_next("Choice, Field")

    def action_previous_choice(self) -> None:
        if self.takes_key():
            self.focus_previous("Choice, Field")

    def action_confirm(self) -> None:
        if self.takes_key() and isinstance(self.focused, Choice):
            self.focused.press()

    def action_cancel(self) -> None:
        self.dismiss(None)
