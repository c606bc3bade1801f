"""The value pane: what is stored under one key, in one of several views."""

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.text import line, plain
from kvtui.ui.widgets.line_view import LineView
from kvtui.values.view import ValueViews, View


class ValueView(Vertical):
    """Key, facts and view names above the lines of the value; or a text that says why not."""

    DEFAULT_CSS = """
    ValueView > #value-key { height: 1; text-style: bold; }
    ValueView > #value-facts { height: 1; color: $text-muted; }
    ValueView > #value-tabs { height: 1; }
    ValueView > #value-key, ValueView > #value-facts, ValueView > #value-tabs {
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    ValueView > #value-message { padding: 1 2; color: $text-muted; height: auto; display: none; }
    ValueView.-message > #value-lines { display: none; }
    ValueView.-message > #value-message { display: block; }
    ValueView.-message > #value-tabs { display: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.VALUE)]

    class ViewChosen(Message):
        """Another view of the value is shown."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._views: ValueViews | None = None
        self._view: View | None = None
        self._key = ""
        self.message = ""
        """What stands in for a value; empty while there is one."""

    def compose(self) -> ComposeResult:
        yield Static(id="value-key", markup=False)
        yield Static(id="value-facts", markup=False)
        yield Static(id="value-tabs", markup=False)
        yield LineView(id="value-lines")
        yield Static(id="value-message", markup=False)

    @property
    def lines(self) -> LineView:
        return self.query_one("#value-lines", LineView)

    @property
    def view(self) -> View | None:
        """The view that is shown; None when there is no value."""
        return self._view

    @property
    def views(self) -> ValueViews | None:
        return self._views

    def show_message(self, key: str, text: str) -> None:
        """Say why there is no value to see, or what is under way."""
        if self._views is None and (key, text) == (self._key, self.message):
            return
        self._views, self.message = None, text
        self.add_class("-message")
        self._head(key, "")
        self.query_one("#value-message", Static).update(plain(text))
        self.lines.show_lines(None)

    def show_value(self, key: str, facts: str, views: ValueViews, *, is_same_key: bool) -> None:
        """Show a value, in the view that was chosen for this key before where it has it."""
        if not is_same_key or self._view not in views.available:
            self._view = views.default
        self._views, self.message = views, ""
        self.remove_class("-message")
        self._head(key, facts)
        self._lay_out(is_same_value=is_same_key)

    def show_view(self, step: int) -> None:
        """Show the next view of the value, or the one before."""
        if self._views is None or self._view is None:
            return
        names = self._views.available
        self._view = names[(names.index(self._view) + step) % len(names)]
        self._lay_out(is_same_value=False)
        self.post_message(self.ViewChosen(self._view))

    def on_line_view_resized(self, event: LineView.Resized) -> None:
        event.stop()
        self._lay_out(is_same_value=True)

    def _head(self, key: str, facts: str) -> None:
        self._key = key
        self.query_one("#value-key", Static).update(Content(f" {line(key)}"))
        self.query_one("#value-facts", Static).update(Content(f" {line(facts)}"))

    def _lay_out(self, *, is_same_value: bool) -> None:
        if self._views is None or self._view is None:
            return
        tabs = [
            Content.styled(f"[{view}]", "bold $text-accent")
            if view is self._view
            else Content.styled(f" {view} ", "$text-muted")
            for view in self._views.available
        ]
        self.query_one("#value-tabs", Static).update(Content(" ").join(tabs))
        width = self.lines.row_width
        self.lines.show_lines(self._views.lines(self._view, width), is_same_value=is_same_value)
