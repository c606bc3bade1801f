"""Rows that are drawn only when visible: the ground of every list and viewer."""

from textwrap import wrap
from typing import Any, ClassVar, Final, Self

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.terminal.display import CellDisplay
from kvtui.ui.text import line
from kvtui.ui.widgets.component_style import LateComponents
from kvtui.ui.widgets.row_look import RowLook
from kvtui.ui.widgets.row_scroll_bar import RowScrollBar

_ROWS_KEPT: Final = 200
"""Rows that stay drawn: some screens of them."""


class RowView(LateComponents, can_focus=True):
    """A vertical list whose cost depends on the screen, not on the number of rows.

    Subclasses give `row_count` and `runs`; they call `rows_changed` when either would answer
    differently from before.
    """

    COMPONENT_CLASSES = {"row--cursor", "row--empty"}
    DEFAULT_CSS = """
    RowView {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        background: $background;
        color: $foreground;
    }
    RowView > .row--cursor { background: $panel; }
    RowView > .row--empty { color: $text-muted; }
    RowView:focus > .row--cursor { background: $primary-muted; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.ROWS)]

    cursor = reactive(0, repaint=False)
    """The row the keys act on, from 0."""
    has_cursor = True
    """Whether one row is highlighted; without, the keys scroll."""
    empty_text: tuple[str, ...] = ()
    """Lines that stand in for rows while there are none."""

    class Moved(Message):
        """The cursor went to another row."""

        def __init__(self, view: "RowView", row: int) -> None:
            super().__init__()
            self.view = view
            self.row = row

        @property
        def control(self) -> "RowView":
            return self.view

    class Chosen(Message):
        """A row was clicked a second time, or opened with a key."""

        def __init__(self, view: "RowView", row: int) -> None:
            super().__init__()
            self.view = view
            self.row = row

        @property
        def control(self) -> "RowView":
            return self.view

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._look: RowLook | None = None
        self._cursor_look: RowLook | None = None
        self._drawn: dict[tuple[int, int], Strip] = {}
        """By row and width: what need not be drawn again, also where it is scrolled elsewhere."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        if self._vertical_scrollbar is None and isinstance(self.app, CellDisplay):
            self._vertical_scrollbar = RowScrollBar(
                vertical=True, name="vertical", thickness=self.scrollbar_size_vertical
            )
            self._vertical_scrollbar.display = False
            self.app.start_part(self, self._vertical_scrollbar)
        return super().vertical_scrollbar

    @property
    def row_count(self) -> int:
        raise NotImplementedError

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        """Give the row as (text, component class) pairs; an empty class is the base style."""
        raise NotImplementedError

    def rows_changed(self) -> None:
        """Take note that rows were added, removed or look different."""
        self.virtual_size = Size(self.scrollable_content_region.width, self.row_count)
        self.cursor = self.validate_cursor(self.cursor)
        self.refresh()

    def validate_cursor(self, row: int) -> int:
        return max(0, min(row, self.row_count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        if not self.has_cursor:
            return
        self.refresh_line(old)
        self.refresh_line(new)
        self.scroll_to_row(new)
        self.post_message(self.Moved(self, new))

    def scroll_to_row(self, row: int) -> None:
        """Scroll as little as shows `row`."""
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if row < top:
            self.scroll_to(y=row, animate=False, immediate=True, force=True)
        elif height and row >= top + height:
            self.scroll_to(y=row - height + 1, animate=False, immediate=True, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Give rows past what Textual does to decorate them, where nothing does."""
        if type(self).render_line is not RowView.render_line or self._is_decorated:
            return super().render_lines(crop)
        width, top = self.scrollable_content_region.width, self.scroll_offset.y
        strips = [self._line(y, y + top, width) for y in crop.line_range]
        if crop.column_span != (0, width):
            # Wider than the rows while a scrollbar has its place and is not laid out yet.
            blank = self._look_of_row[""]
            strips = [strip.crop_extend(*crop.column_span, blank) for strip in strips]
        return strips

    @property
    def _is_decorated(self) -> bool:
        styles = self.styles
        return bool(
            styles.gutter.totals != (0, 0)
            or styles.outline.spacing.totals != (0, 0)
            or styles.tint.a
            or styles.has_rule("hatch")
            or styles.text_opacity != 1
            or self.opacity != 1
        )

    def render_line(self, y: int) -> Strip:
        return self._line(y, y + self.scroll_offset.y, self.scrollable_content_region.width)

    def _line(self, y: int, row: int, width: int) -> Strip:
        """Draw a row that is shown at `y`."""
        if row >= self.row_count:
            return self._blank_line(y, width)
        drawn = self._drawn.get((row, width))
        if drawn is None:
            if len(self._drawn) >= _ROWS_KEPT:
                self._drawn.clear()
            drawn = self._drawn[row, width] = self._made(row, width)
        return drawn

    def _made(self, row: int, width: int) -> Strip:
        look = self._look_of_cursor if self.has_cursor and row == self.cursor else self._look_of_row
        runs = self.runs(row, width)
        segments = [Segment(text, look[name]) for text, name in runs]
        text = "".join([text for text, _ in runs])
        if len(text) > width or not (text.isascii() and text.isprintable()):
            return Strip(segments).adjust_cell_length(width, look[""])
        if len(text) < width:
            segments.append(Segment(" " * (width - len(text)), look[""]))
        return Strip(segments, width)

    def _blank_line(self, y: int, width: int) -> Strip:
        """Draw the place below the rows; where there are no rows, why."""
        look = self._look_of_row
        rows = [] if self.row_count else self._empty_rows(width)
        if not 1 <= y <= len(rows):
            return Strip.blank(width, look[""])
        empty = look["row--empty"]
        return Strip([Segment(f"  {rows[y - 1]}", empty)]).adjust_cell_length(width, empty)

    def _empty_rows(self, width: int) -> list[str]:
        room = max(1, width - 4)
        return [row for text in self.empty_text for row in wrap(line(text), room) or [""]]

    def say_empty(self, *text: str) -> None:
        """Say why there are no rows and what to press, for as long as there are none."""
        self.empty_text = text
        if not self.row_count:
            self.refresh()

    @property
    def _look_of_row(self) -> RowLook:
        if self._look is None:
            self._look = RowLook(self, self.rich_style)
        return self._look

    @property
    def _look_of_cursor(self) -> RowLook:
        if self._cursor_look is None:
            cursor = self.get_component_rich_style("row--cursor", partial=True)
            self._cursor_look = RowLook(self, self.rich_style + cursor)
        return self._cursor_look

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Draw all rows anew; rows of a region only where `refresh_line` says so of them."""
        if repaint and not regions:
            self._drawn.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def refresh_lines(self, y_start: int, line_count: int = 1) -> None:
        rows = range(y_start, y_start + line_count)
        self._drawn = {place: strip for place, strip in self._drawn.items() if place[0] not in rows}
        # Without the scrollbar beside them, which would be drawn again for each.
        width = self.scrollable_content_region.width
        self.refresh(Region(0, y_start - self.scroll_offset.y, width, line_count))

    def refresh_line(self, y: int) -> None:
        self.refresh_lines(y)

    def notify_style_update(self) -> None:
        self._look = self._cursor_look = None
        self._drawn.clear()
        super().notify_style_update()

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self.row_count)
        if self.has_cursor:
            self.scroll_to_row(self.cursor)

    @property
    def page_rows(self) -> int:
        return max(1, self.scrollable_content_region.height - 1)

    def action_move(self, rows: int) -> None:
        if self.has_cursor:
            self.cursor += rows
        else:
            self._scroll_by(rows)

    def action_page(self, direction: int) -> None:
        self.action_move(direction * self.page_rows)

    def action_half_page(self, direction: int) -> None:
        self.action_move(direction * max(1, self.page_rows // 2))

    def action_top(self) -> None:
        self.action_move(-self.row_count)

    def action_bottom(self) -> None:
        self.action_move(self.row_count)

    def action_choose(self) -> None:
        if self.row_count:
            self.post_message(self.Chosen(self, self.cursor))

    def _scroll_by(self, rows: int) -> None:
        target = max(0, min(self.scroll_offset.y + rows, self.max_scroll_y))
        self.scroll_to(y=target, animate=False, immediate=True, force=True)

    async def _on_click(self, event: events.Click) -> None:
        row = event.y + self.scroll_offset.y
        if not self.has_cursor or row >= self.row_count:
            return
        if row == self.cursor:
            self.action_choose()
        else:
            self.cursor = row

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll_by(3)
        event.stop()

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll_by(-3)
        event.stop()

    def __rich_repr__(self) -> Any:
        yield from super().__rich_repr__()
        yield "rows", self.row_count
