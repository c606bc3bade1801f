"""A question about something to read first."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.hints import hints
from kvtui.ui.screens.question import Answer, Question
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.ui.widgets.line_view import LineView


class Review(Question[Answer]):
    """Fills the screen; the keys that move scroll what is to be read, while a choice has focus."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.ROWS)]
    DEFAULT_CSS = """
    Review { align: left top; background: $background; layout: vertical; }
    Review LineView { height: 1fr; }
    Review .title { height: 1; background: $panel; padding: 0 1; text-style: bold; }
    Review .bottom { height: 1; }
    Review .bottom HintBar { width: 1fr; background: $background; }
    Review .choices { width: auto; }
    """

    def on_mount(self) -> None:
        for view in self.views:
            view.can_focus = False
        self.call_after_refresh(self.show_hints)

    def show_hints(self) -> None:
        """Say which commands there are now."""
        self.query_one(HintBar).hints = hints(self)

    @property
    def views(self) -> Sequence[LineView]:
        """What scrolls, together."""
        return list(self.query(LineView))

    def action_move(self, rows: int) -> None:
        for view in self.views:
            view.action_move(rows)

    def action_page(self, direction: int) -> None:
        for view in self.views:
            view.action_page(direction)

    def action_half_page(self, direction: int) -> None:
        for view in self.views:
            view.action_half_page(direction)

    def action_top(self) -> None:
        for view in self.views:
            view.action_top()

    def action_bottom(self) -> None:
        for view in self.views:
            view.action_bottom()
