"""An image: drawn by the terminal where it can, else with half blocks of two pixels a cell."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.terminal.display import CellDisplay
from kvtui.ui.terminal.placeholder import COLOUR, MARKS, parts_text
from kvtui.ui.widgets.line_view import LineView

if TYPE_CHECKING:
    from kvtui.ui.terminal.graphics import Graphics
    from kvtui.values.formats.picture import Drawing, Picture
    from kvtui.values.lines import Lines


class ImageView(LineView):
    """Shows a `Picture`, as large as there is room for it."""

    DEFAULT_CSS = "ImageView { overflow-y: hidden; }"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.VALUE)]

    class Drawn(Message):
        """The pixels for the terminal are ready."""

        def __init__(self, shown: "Picture", drawing: "Drawing") -> None:
            super().__init__()
            self.shown = shown
            self.drawing = drawing

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._picture: Picture | None = None
        """The image as wide as the view."""
        self._number: int | None = None
        """Of the image in the terminal; None where it is drawn with half blocks."""

    @property
    def _graphics(self) -> "Graphics | None":
        return self.app.graphics if isinstance(self.app, CellDisplay) else None

    def show_lines(self, lines: "Lines | None", *, is_same_value: bool = False) -> None:
        from kvtui.values.formats.picture import Picture

        self._picture = lines if isinstance(lines, Picture) else None
        super().show_lines(self._fitting or lines, is_same_value=is_same_value)
        self._draw()

    def on_resize(self) -> None:
        super().on_resize()
        fitting = self._fitting
        if fitting is not None and (len(fitting) != self.row_count or self._number is None):
            super().show_lines(fitting, is_same_value=True)
            self._draw()

    def on_unmount(self) -> None:
        self._forget()

    @property
    def _fitting(self) -> "Picture | None":
        return self._picture.fitting(self.size.height) if self._picture is not None else None

    @property
    def _shown(self) -> "Picture | None":
        from kvtui.values.formats.picture import Picture

        lines = self.lines_shown
        return lines if isinstance(lines, Picture) else None

    def _draw(self) -> None:
        """Have the image drawn by the terminal, if it can; half blocks stand in until then."""
        self._forget()
        shown, graphics = self._shown, self._graphics
        if shown is not None and graphics is not None and self.size.height:
            draw = partial(self._make, shown, graphics.cell)
            self.run_worker(draw, thread=True, exclusive=True, group="image")

    def _make(self, shown: "Picture", cell: tuple[int, int]) -> None:
        from kvtui.values.formats.picture import drawing

        made = drawing(shown, cell)
        if made is not None:
            self.post_message(self.Drawn(shown, made))

    @on(Drawn)
    def _hand_over(self, event: Drawn) -> None:
        event.stop()
        graphics = self._graphics
        if graphics is None or event.shown is not self._shown:
            return
        self._forget()
        self._number = graphics.show(event.drawing)
        self.refresh()

    def _forget(self) -> None:
        """Take the image out of the terminal."""
        if self._number is not None and self._graphics is not None:
            self._graphics.drop(self._number)
        self._number = None

    def render_line(self, y: int) -> Strip:
        shown, row = self._shown, y + self.scroll_offset.y
        if shown is None or row >= len(shown):
            return super().render_line(y)
        width = self.scrollable_content_region.width
        if self._number is None and self.app.no_color:
            segments = [Segment(shown.dots(row), self.rich_style)]
        elif self._number is None:
            segments = self._half_blocks(shown, row)
        else:
            text = parts_text(self._number, row, min(shown.width, len(MARKS), width))
            style = self.rich_style + Style.from_color(Color.from_rgb(*COLOUR))
            segments = [Segment(text, style)]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _half_blocks(self, shown: "Picture", row: int) -> list[Segment]:
        from kvtui.values.formats.picture import HALF_BLOCK

        return [
            Segment(HALF_BLOCK, self.rich_style + Style.from_color(_colour(upper), _colour(lower)))
            for upper, lower in shown.cells(row)
        ]


def _colour(colour: tuple[int, int, int] | None) -> Color | None:
    return None if colour is None else Color.from_rgb(*colour)
