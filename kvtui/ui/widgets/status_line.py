"""One line of plain text that changes with every key."""

from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static

from kvtui.ui.widgets.row_look import RowLook


class StatusLine(Static):
    """Looks as Textual's own text in one colour, which takes many times as long to draw."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "StatusLine { height: 1; color: $text-muted; text-wrap: nowrap; }"

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, **options)
        self._look: RowLook | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._look is None:
            self._look = RowLook(self, self.rich_style)
        look, width = self._look[""], self.size.width
        ground = Style(bgcolor=look.bgcolor)
        strip = Strip([Segment(str(self.content), look)]).adjust_cell_length(width, ground)
        blank = Strip.blank(width, ground)
        strips = [blank if y else strip for y in crop.line_range]
        return [drawn.crop(*crop.column_span) for drawn in strips]

    def notify_style_update(self) -> None:
        self._look = None
        super().notify_style_update()
