"""The value pane: what is stored under one key, in one of several views."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.text import line, plain
from kvtui.ui.widgets.hex_view import HexView
from kvtui.ui.widgets.image_view import ImageView
from kvtui.ui.widgets.inspector import Inspector
from kvtui.ui.widgets.json_view import JsonView
from kvtui.ui.widgets.line_view import LineView
from kvtui.ui.widgets.query_row import QueryRow
from kvtui.ui.widgets.status_line import StatusLine
from kvtui.ui.widgets.text_view import TextView
from kvtui.ui.widgets.value_heading import facts_line, layer_path, view_names
from kvtui.ui.widgets.value_layout import LaidOut, LayoutWanted
from kvtui.values.formats.hexdump import HexLines
from kvtui.values.looks import View

if TYPE_CHECKING:
    from kvtui.values.formats.json_tree import JsonTree
    from kvtui.values.lines import Lines
    from kvtui.values.view import ValueViews

SCROLLBAR_CELLS: Final = 1


class ValueView(Vertical):
    """Key, facts and view names above the lines of the value; or a text that says why not."""

    DEFAULT_CSS = """
    ValueView > #value-key { height: 1; text-style: bold; }
    ValueView > #value-facts { height: 1; color: $text-muted; }
    ValueView > #value-tabs { height: 1; }
    ValueView > #value-layers { height: 1; }
    ValueView > #value-key, ValueView > #value-facts, ValueView > #value-tabs {
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    ValueView > #value-message { padding: 1 2; color: $text-muted; height: auto; }
    ValueView > TextView, ValueView > JsonView, ValueView > HexView, ValueView > ImageView {
        height: 1fr;
    }
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
        self._found: JsonTree | None = None
        self._laid_out_width = 0
        self._key = self._facts = ""
        self.message = ""
        """What stands in for a value; empty while there is one, or one that was left."""
        self.text_view = TextView(id="value-lines")
        self.json_view = JsonView(id="value-json")
        self.hex_view = HexView(id="value-hex")
        self._image_view = ImageView(id="value-image")
        self._inspector = Inspector(id="value-inspector")
        self._query = QueryRow(id="value-query-row")
        self._lines: LineView = self.text_view

    def compose(self) -> ComposeResult:
        yield Static(id="value-key", markup=False)
        yield Static(id="value-facts", markup=False)
        yield Static(id="value-layers", markup=False)
        yield Static(id="value-tabs", markup=False)
        yield Static(id="value-message", markup=False)
        yield self.text_view
        yield self.json_view
        yield self.hex_view
        yield self._image_view
        yield self._inspector
        yield self._query
        yield StatusLine(id="value-status")

    def on_mount(self) -> None:
        self._show_parts()
        # Watched, not told by a message: what follows a cursor is then in the frame that moves it.
        self.watch(self.json_view, "cursor", self._follow_node, init=False)
        self.watch(self.hex_view, "offset_shown", self._inspect, init=False)

    @property
    def lines(self) -> LineView:
        """The widget that shows the value in its view."""
        return self._lines

    @property
    def view(self) -> View | None:
        """The view that is shown; None when there is no value."""
        return self._view

    @property
    def views(self) -> "ValueViews | None":
        return self._views

    @property
    def is_filtered(self) -> bool:
        """Whether what is shown is what an expression found, not the value."""
        return self._found is not None and self._view is View.JSON

    def leave(self) -> None:
        """Let go of the value, for all but the eye: a screen that follows a cursor is still."""
        self._views, self._found, self.message = None, None, ""

    def show_message(self, key: str, text: str) -> None:
        """Say why there is no value to see, or what is under way."""
        if self._views is None and (key, text) == (self._key, self.message):
            return
        self._views, self.message, self._found = None, text, None
        self._show_parts()
        self._head(key, "")
        self.query_one("#value-message", Static).update(plain(text))
        self.lines.show_lines(None)

    def show_value(self, key: str, facts: str, views: "ValueViews", *, is_same_key: bool) -> None:
        """Show a value, in the view that was chosen for this key before where it has it."""
        if not is_same_key or self._view not in views.available:
            self._view = views.default
        if not is_same_key:
            self._found = None
            self.close_query()
        self._views, self.message = views, ""
        self._show_parts()
        self._head(key, facts)
        self._lay_out(is_same_value=is_same_key)

    def show_view(self, step: int) -> None:
        """Show the next view of the value, or the one before."""
        if self._views is None or self._view is None:
            return
        names = self._views.available
        self.choose_view(names[(names.index(self._view) + step) % len(names)])

    def choose_view(self, view: View) -> None:
        """Show one of the views that the value has."""
        self._view = view
        self._lay_out(is_same_value=False)
        self.post_message(self.ViewChosen(view))

    def open_query(self) -> None:
        """Offer to filter the value with an expression."""
        if self._view is not View.JSON:
            self.choose_view(View.JSON)
        self._query.open()

    def close_query(self) -> bool:
        """Show the value itself again; tell whether it was filtered."""
        was_open = self._query.close()
        self.show_found(None)
        return was_open

    def show_found(self, found: "JsonTree | None", problem: str = "") -> None:
        """Show what an expression found in place of the value; a problem leaves all as it is."""
        self._query.show_problem(problem)
        if not problem and found is not self._found:
            self._found = found
            self._lay_out(is_same_value=False)

    def on_line_view_resized(self, event: LineView.Resized) -> None:
        event.stop()
        if event.view is self.lines and event.width != self._laid_out_width:
            self._lay_out(is_same_value=True)

    def _head(self, key: str, facts: str) -> None:
        self._key, self._facts = key, facts
        self._say("#value-key", Content(f" {line(key)}"))
        self._say("#value-facts", facts_line(facts, self._row_width))

    def _say(self, selector: str, content: Content) -> None:
        """Fill one of the lines of text: they have their places, whatever stands in them."""
        self.query_one(selector, Static).update(content, layout=False)

    def _lay_out(self, *, is_same_value: bool) -> None:
        if self._views is None or self._view is None:
            return
        self._say("#value-tabs", view_names(self._views, self._view, self._row_width))
        self._say("#value-layers", layer_path(self._views))
        self._laid_out_width = width = self._row_width
        self._say("#value-facts", facts_line(self._facts, width))
        style = self.text_view.reading_style
        if self._found is not None and self._view is View.JSON:
            self._show_lines(self._found.lines(width), is_same_value=is_same_value)
        elif self._views.is_quick(self._view, width, style):
            self._show_lines(
                self._views.lines(self._view, width, style), is_same_value=is_same_value
            )
        else:
            self._say("#value-status", Content(" laying out …"))
            wanted = LayoutWanted(self._views, self._view, width, style, is_same_value)
            self.run_worker(
                partial(self._prepare, wanted), thread=True, exclusive=True, group="value-lines"
            )

    def _show_parts(self) -> None:
        """Show what there is to see, by parts: a class would have all their styles made again."""
        views = self._views
        has_value = views is not None
        self.query_one("#value-message").display = not has_value
        self.query_one("#value-tabs").display = has_value
        self.query_one("#value-status").display = has_value
        self.query_one("#value-layers").display = bool(views and views.whole.layers)
        for view in (self.text_view, self.json_view, self.hex_view, self._image_view):
            # Also under a message, so that the pane can have the keys before its value is there.
            view.display = view is self._lines
        self._inspector.display = has_value and self._lines is self.hex_view

    @property
    def _row_width(self) -> int:
        """How many cells a row has, also while no view is on screen."""
        return max(1, (self.size.width or self.app.size.width) - SCROLLBAR_CELLS)

    def _prepare(self, wanted: LayoutWanted) -> None:
        """Lay lines out in a thread, so that the screen goes on."""
        self.post_message(LaidOut(wanted, wanted.lines()))

    @on(LaidOut)
    def _show_laid_out(self, event: LaidOut) -> None:
        """Show what was laid out, if it is still what is wanted."""
        event.stop()
        wanted = event.wanted
        now = (self._views, self._view, self._laid_out_width, self.text_view.reading_style)
        if now == (wanted.views, wanted.view, wanted.width, wanted.style) and not self.is_filtered:
            self._show_lines(event.lines, is_same_value=wanted.is_same_value)

    def _show_lines(self, lines: "Lines", *, is_same_value: bool) -> None:
        self._activate(lines)
        self.lines.show_lines(lines, is_same_value=is_same_value)
        self._inspect()
        self._show_status()

    def _activate(self, lines: "Lines") -> None:
        """Bring forward the widget that shows such lines, and the keys with it."""
        from kvtui.values.formats.json_tree import TreeLines
        from kvtui.values.formats.picture import Picture

        before = self._lines
        widgets = {TreeLines: self.json_view, HexLines: self.hex_view, Picture: self._image_view}
        self._lines = widgets.get(type(lines), self.text_view)
        if self._lines is before:
            return
        self._lines.display = True
        if before.has_focus:
            self._lines.focus()
        self._show_parts()
        before.show_lines(None)

    @on(TextView.StyleChosen)
    def _restyle(self, event: TextView.StyleChosen) -> None:
        event.stop()
        self._lay_out(is_same_value=True)

    def _follow_node(self) -> None:
        if self._lines is self.json_view:
            self._show_status()

    def _inspect(self) -> None:
        """Say what the bytes under the cursor are."""
        dump = self.hex_view.dump
        if self._views is not None and self._lines is self.hex_view and dump is not None:
            pane_size = self._row_width, self.size.height
            self._inspector.inspect(dump.content, self.hex_view.offset_shown, pane_size)
            self._show_status()

    def on_resize(self) -> None:
        self._inspect()

    @on(JsonView.LevelAsked)
    def _show_asked(self, event: JsonView.LevelAsked) -> None:
        event.stop()
        self._show_status()

    def _show_status(self) -> None:
        self._say("#value-status", Content(f" {line(self._status())}"))

    def _status(self) -> str:
        """Say where the cursor is, or how the value is read."""
        if self.is_filtered and not self.json_view.is_level_asked:
            return "filtered (not the stored value); esc shows the value"
        if self._lines in (self.json_view, self.hex_view):
            return self._lines.whereabouts
        words = [self._views.describe(self._view)] if self._views and self._view else []
        style = self.text_view.reading_style
        if self._view in {View.TEXT, View.RAW, View.STORED} and not style.is_wrapped:
            words.append(f"not wrapped, from column {style.column + 1:,}")
        return " · ".join(filter(None, words))
