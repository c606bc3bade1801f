"""A line to type into below a pane: a filter for keys, a search in a value."""

from typing import Any, ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from kvtui.ui.commands import Scope, bindings


class FindBar(Input):
    """Hidden until opened; every change is told, so that filtering needs no Enter."""

    DEFAULT_CSS = """
    FindBar, FindBar:focus {
        border: none; height: 1; padding: 0 1; display: none; background: $surface;
    }
    FindBar.-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.FIND)]

    class Wanted(Message):
        """Another text to find; empty for none."""

        def __init__(self, bar: "FindBar", text: str) -> None:
            super().__init__()
            self.bar = bar
            self.text = text

        @property
        def control(self) -> "FindBar":
            return self.bar

    class Closed(Message):
        """The keys go back to the pane; the text stays in force unless it was cleared."""

        def __init__(self, bar: "FindBar") -> None:
            super().__init__()
            self.bar = bar

        @property
        def control(self) -> "FindBar":
            return self.bar

    def __init__(self, **options: Any) -> None:
        super().__init__(compact=True, select_on_focus=False, **options)
        self.cursor_blink = False

    @property
    def is_open(self) -> bool:
        return self.has_class("-open")

    def open(self) -> None:
        if not self.is_attached:
            return
        self.add_class("-open")
        self.focus()

    def clear_text(self) -> bool:
        """Find nothing any more; tell whether there was anything."""
        was_open = self.is_open
        self.remove_class("-open")
        with self.prevent(Input.Changed):
            self.value = ""
        if was_open:
            self.post_message(self.Wanted(self, ""))
        return was_open

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Wanted(self, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        if not self.value:
            self.remove_class("-open")
        self.post_message(self.Closed(self))

    def action_clear_and_close(self) -> None:
        self.clear_text()
        self.post_message(self.Closed(self))
