"""Every request that was made, as evidence."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from kvtui.records import TraceEntry
from kvtui.ui.commands import Scope, bindings
from kvtui.ui.formatting import plural
from kvtui.ui.hints import hints
from kvtui.ui.text import line
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.ui.widgets.request_rows import RequestRows
from kvtui.ui.widgets.row_view import RowView

REFRESH_SECONDS: Final = 0.5


class RequestLogScreen(Screen[None]):
    """Shows requests as they come, newest last; the rest of the selected one below.

    `entries` gives them, `curl` writes one as a command without the API key, `copy` takes it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.LOG)]
    DEFAULT_CSS = """
    RequestLogScreen { background: $background; }
    RequestLogScreen .title { height: 1; background: $panel; padding: 0 1; text-style: bold; }
    RequestLogScreen .columns { height: 1; color: $text-muted; }
    RequestLogScreen RequestRows { height: 1fr; }
    RequestLogScreen .detail {
        height: auto; max-height: 30%; padding: 0 1; background: $surface; overflow-y: hidden;
    }
    """

    def __init__(
        self,
        *,
        entries: Callable[[], Sequence[TraceEntry]],
        curl: Callable[[TraceEntry], str],
        copy: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._entries = entries
        self._curl = curl
        self._copy = copy
        self._is_writes_only = False

    def compose(self) -> ComposeResult:
        yield Static(classes="title")
        yield Static(Content(RequestRows.HEADING), classes="columns")
        yield RequestRows()
        yield Static(classes="detail")
        yield HintBar()

    def on_mount(self) -> None:
        self.refresh_entries()
        self.query_one(RequestRows).focus()
        self.set_interval(REFRESH_SECONDS, self.refresh_entries)
        self.call_after_refresh(self._show_hints)

    def _show_hints(self) -> None:
        self.query_one(HintBar).hints = hints(self)

    def refresh_entries(self) -> None:
        """Show what came or was answered since."""
        entries = self._entries()
        shown = [entry for entry in entries if entry.is_write or not self._is_writes_only]
        rows = self.query_one(RequestRows)
        rows.empty_text = ("No writes yet.",) if self._is_writes_only else ("No requests yet.",)
        if rows.show_entries(shown):
            noun = "write" if self._is_writes_only else "request"
            self.query_one(".title", Static).update(
                Content(f"Requests  {plural(len(shown), noun)}")
            )
            self._show_detail()

    @on(RowView.Moved)
    def _show_detail(self) -> None:
        entry = self.query_one(RequestRows).highlighted
        self.query_one(".detail", Static).update(Content("") if entry is None else detail(entry))

    def action_toggle_writes(self) -> None:
        self._is_writes_only = not self._is_writes_only
        self.refresh_entries()

    def action_copy_curl(self) -> None:
        entry = self.query_one(RequestRows).highlighted
        if entry is not None:
            self._copy(self._curl(entry))

    def action_close(self) -> None:
        self.dismiss(None)


def detail(entry: TraceEntry) -> Content:
    """Say all there is to say about one request."""
    rows = [Content.assemble((entry.method, "bold"), f" {line(entry.target)}")]
    facts = [
        f"request {entry.number}, attempt {entry.attempt}",
        f"id {line(entry.request_id)}" if entry.request_id else "",
        f"sent as {line(entry.content_type)}" if entry.content_type else "",
    ]
    rows.append(Content.styled(" · ".join(fact for fact in facts if fact), "$foreground-muted"))
    if entry.error:
        rows.append(Content.styled(line(entry.error), "$text-error"))
    return Content("\n").join(rows)
