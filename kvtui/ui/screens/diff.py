"""What a save would change, and its consequences in one line, before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Static

from kvtui.errors import SettingsError
from kvtui.session.lifetime import parse_lifetime, spell_lifetime
from kvtui.ui.formatting import exact_size
from kvtui.ui.screens.review import Review
from kvtui.ui.text import line
from kvtui.ui.widgets.choice import Choice
from kvtui.ui.widgets.field import Field
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.ui.widgets.line_view import LineView
from kvtui.values.lines import Lines


@dataclass(frozen=True, slots=True)
class SaveChoice:
    """The go-ahead, and how long the key shall live."""

    ttl_seconds: int | None
    """None keeps it until it is deleted."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a save would send, and what comes of it."""

    size_bytes: int
    content_type: str | None
    is_new: bool = False
    notes: tuple[str, ...] = ()
    """What of the value cannot stay as it is, each in a few words."""


_WINDOW: Final = "Somebody else's write in this very moment would be lost: no client sees it."
"""What the look at the server right before a write leaves open."""


class DiffScreen(Review[SaveChoice | None]):
    """Shows the diff; `lines` lays it out for a width in cells."""

    DEFAULT_CSS = """
    DiffScreen .consequences { height: auto; max-height: 4; padding: 0 1; background: $surface; }
    DiffScreen .lifetime { height: 1; background: $surface; padding: 0 1; }
    DiffScreen .lifetime Static { width: auto; }
    DiffScreen .lifetime Field { width: 18; margin: 0 2 0 1; background: $background; }
    DiffScreen .lifetime Field:focus { background: $panel; }
    DiffScreen .lifetime #meaning { width: 1fr; color: $text-muted; }
    DiffScreen .lifetime #meaning.-wrong { color: $text-error; }
    """

    def __init__(
        self,
        *,
        title: str,
        host: str,
        lines: Callable[[int], Lines],
        consequences: Consequences,
    ) -> None:
        super().__init__()
        self._title = title
        self._host = host
        self._lines = lines
        self._consequences = consequences
        self._ttl_seconds: int | None = None

    def compose(self) -> ComposeResult:
        verb = "Create" if self._consequences.is_new else "Save"
        place = Content(f"{verb}  {line(self._title)}  at {line(self._host)}")
        yield Static(place, classes="title")
        yield LineView()
        yield Static(classes="consequences")
        with Horizontal(classes="lifetime"):
            yield Static("Lifetime")
            yield Field(placeholder="until deleted", id="lifetime")
            yield Static(id="meaning")
        with Horizontal(classes="bottom"):
            yield HintBar()
            with Horizontal(classes="choices"):
                yield Choice("Cancel", id="cancel")
                yield Choice(verb, id="save")

    def on_mount(self) -> None:
        self._show_consequences("")

    @on(LineView.Resized)
    def _lay_out(self, event: LineView.Resized) -> None:
        event.view.show_lines(self._lines(event.width), is_same_value=True)

    @on(Input.Changed, "#lifetime")
    def _read_lifetime(self, event: Input.Changed) -> None:
        try:
            self._ttl_seconds = parse_lifetime(event.value) if event.value.strip() else None
        except SettingsError as error:
            self._show_consequences(str(error))
        else:
            self._show_consequences("")

    @on(Input.Submitted, "#lifetime")
    def _leave_field(self) -> None:
        self.query_one("#cancel", Choice).focus()

    def _show_consequences(self, problem: str) -> None:
        self.query_one("#save", Choice).disabled = bool(problem)
        meaning = self.query_one("#meaning", Static)
        meaning.set_class(bool(problem), "-wrong")
        meaning.update(Content(line(problem) or "such as 30s, 5m, 1h, 2d"))
        put = self._consequences
        facts = f"PUT {exact_size(put.size_bytes)} · {line(put.content_type or 'no type')} · "
        self.query_one(".consequences", Static).update(
            Content.assemble(
                facts,
                (self._expiry(), "bold $text-warning"),
                self._notes_line(),
                (f"\n{_WINDOW}", "$text-muted"),
            )
        )

    def _notes_line(self) -> str:
        notes = self._consequences.notes
        return f"\n{line(' · '.join(notes))}" if notes else ""

    def _expiry(self) -> str:
        if self._ttl_seconds is not None:
            return f"expires in {spell_lifetime(self._ttl_seconds)} ({self._ttl_seconds:,} s)"
        return (
            "no expiry" if self._consequences.is_new else "no expiry (any existing expiry is lost)"
        )

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        event.stop()
        is_save = event.button.id == "save"
        self.dismiss(SaveChoice(self._ttl_seconds) if is_save else None)
