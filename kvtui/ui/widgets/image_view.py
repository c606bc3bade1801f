"""An image drawn with half blocks: each cell shows two pixels."""

from typing import ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.strip import Strip

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.widgets.line_view import LineView


class ImageView(LineView):
    """Shows a `Picture`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.VALUE)]

    def render_line(self, y: int) -> Strip:
        lines, row = self.lines_shown, y + self.scroll_offset.y
        if lines is None or row >= len(lines):
            return super().render_line(y)
        from kvtui.values.formats.picture import HALF_BLOCK, Picture

        if not isinstance(lines, Picture):
            return super().render_line(y)
        segments = [
            Segment(HALF_BLOCK, Style.from_color(_colour(cell.upper), _colour(cell.lower)))
            for cell in lines.cells(row)
        ]
        width = self.scrollable_content_region.width
        return Strip(segments).adjust_cell_length(width, self.rich_style)


def _colour(colour: tuple[int, int, int]) -> Color:
    return Color.from_rgb(*colour)
