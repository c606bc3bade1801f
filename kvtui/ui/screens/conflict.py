"""The key is not what the edit began from: three versions, and what to do about it."""

from enum import Enum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.screens.review import Review
from kvtui.ui.text import line
from kvtui.ui.widgets.choice import Choice
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.ui.widgets.line_view import LineView
from kvtui.values.diff import diff_lines
from kvtui.values.fixed_lines import FixedLines
from kvtui.values.lines import Kind, Lines, Span
from kvtui.values.view import views

_PARTS = ("base", "mine", "theirs")
_ABSENT = FixedLines([[Span("There is no such key.", Kind.DIM)]])
_WINDOW = (
    "Overwriting replaces theirs. The API has no conditional write: a change that lands in the "
    "moment between the last look and the write is lost."
)


class ConflictChoice(Enum):
    """What to do with the edit."""

    KEEP_EDITING = "keep editing"
    MERGE = "merge"
    OVERWRITE = "overwrite"
    TAKE_THEIRS = "take theirs"


class ConflictScreen(Review[ConflictChoice]):
    """Shows what the edit began from, what it made of that, and what is stored now.

    None stands for a key that does not exist: as `base` it was new, as `theirs` it was deleted.
    `is_mergeable` offers to go on from both changes together.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.DIFF)]
    HORIZONTAL_BREAKPOINTS = [(0, "-one-part"), (120, "-all-parts")]
    DEFAULT_CSS = """
    ConflictScreen .what { height: auto; max-height: 30%; padding: 0 1; background: $surface; }
    ConflictScreen .parts { height: 1fr; }
    ConflictScreen .part {
        width: 1fr; border: round $panel-lighten-1;
        border-title-color: $text-primary; border-subtitle-color: $text-muted;
    }
    ConflictScreen.-one-part .part { display: none; }
    ConflictScreen.-one-part .part.-chosen { display: block; }
    """

    def __init__(
        self,
        *,
        title: str,
        base: bytes | None,
        mine: bytes,
        theirs: bytes | None,
        is_mergeable: bool = False,
    ) -> None:
        super().__init__()
        self._is_mergeable = is_mergeable
        self._title = title
        self._contents = {"base": base, "mine": mine, "theirs": theirs}
        self._part = "theirs"

    def compose(self) -> ComposeResult:
        yield Static(Content(f"Conflict  {line(self._title)}"), classes="title")
        yield Static(
            Content.assemble((self._what_happened(), "bold $text-warning"), f"\n{_WINDOW}"),
            classes="what",
        )
        with Horizontal(classes="parts"):
            for part in _PARTS:
                with Vertical(classes="part", id=part):
                    yield LineView()
        with Horizontal(classes="bottom"):
            yield HintBar()
            with Horizontal(classes="choices"):
                yield Choice("Keep editing", id="cancel")
                if self._is_mergeable:
                    yield Choice("Merge", id="merge")
                yield Choice("Overwrite", is_danger=True, id="overwrite")
                yield Choice("Take theirs", is_danger=True, id="take-theirs")

    def on_mount(self) -> None:
        for part, title in zip(_PARTS, self._titles(), strict=True):
            self.query_one(f"#{part}").border_title = Content(title)
        self.action_show_part(0)

    def on_resize(self) -> None:
        self.call_after_refresh(self.show_hints)

    def _titles(self) -> tuple[str, str, str]:
        deleted = self._contents["theirs"] is None
        return (
            "Base: what the edit began from",
            "Mine: what you made of it",
            "Theirs: deleted meanwhile" if deleted else "Theirs: what is stored now",
        )

    def _what_happened(self) -> str:
        if self._contents["base"] is None:
            return "Nothing was written: somebody else created this key meanwhile."
        if self._contents["theirs"] is None:
            return "Nothing was written: the key was deleted, or expired, since the edit began."
        if self._is_mergeable:
            return (
                "Nothing was written: somebody else changed the value since the edit began. The "
                "two changes do not overlap: Merge puts both into the editor."
            )
        return "Nothing was written: the value was changed by somebody else since the edit began."

    @on(LineView.Resized)
    def _lay_out(self, event: LineView.Resized) -> None:
        part = event.view.parent.id if event.view.parent is not None else None
        if part is not None:
            event.view.show_lines(self._lines(part, event.width), is_same_value=True)

    def _lines(self, part: str, width: int) -> Lines:
        """Show versions as changes of the base, where there was one."""
        base, content = self._contents["base"], self._contents[part]
        if content is None:
            return _ABSENT
        if part == "base" or base is None:
            found = views(content, now=0)
            return found.lines(found.default, width)
        return diff_lines(base, content, width)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer other versions only where they are not all in view."""
        return action != "show_part" or self.has_class("-one-part")

    def action_show_part(self, step: int) -> None:
        """Go to another version where there is room for one only."""
        self._part = _PARTS[(_PARTS.index(self._part) + step) % len(_PARTS)]
        for part in _PARTS:
            self.query_one(f"#{part}").set_class(part == self._part, "-chosen")

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        event.stop()
        choices = {
            "merge": ConflictChoice.MERGE,
            "overwrite": ConflictChoice.OVERWRITE,
            "take-theirs": ConflictChoice.TAKE_THEIRS,
        }
        self.dismiss(choices.get(event.button.id or "", ConflictChoice.KEEP_EDITING))

    def action_cancel(self) -> None:
        self.dismiss(ConflictChoice.KEEP_EDITING)
