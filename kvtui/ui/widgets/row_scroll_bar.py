"""A scrollbar whose cells are made once: every row that is scrolled draws all of them."""

from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip


class RowScrollBar(ScrollBar):
    """Looks and acts as Textual's own, which would be a third of what a scrolled row costs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._strips: dict[Segment, Strip] = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        if self.parent is None:
            # Its view was taken away, but is still on the screen for the rest of this frame.
            return [Strip.blank(crop.width)] * crop.height
        bar = self.render()
        if not isinstance(bar, ScrollBarRender) or not isinstance(bar.style, Style):
            return super().render_lines(crop)
        style = bar.style
        if style.color is None or style.bgcolor is None:
            return super().render_lines(crop)
        drawn = bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            thickness=self.size.width,
            back_color=style.bgcolor,
            bar_color=style.color,
        )
        strips = [self._strip(segment) for segment in drawn.segments[crop.y : crop.bottom]]
        for line_filter in self.get_line_filters():
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    def _strip(self, segment: Segment) -> Strip:
        """Give one and the same strip for the same cell: what is made of it is then kept too."""
        strip = self._strips.get(segment)
        if strip is None:
            text, style, _ = segment
            ground = Style(bgcolor=self.background_colors[1].rich_color)
            whole = ground if style is None else ground + style
            strip = self._strips[segment] = Strip([Segment(text, whole)], len(text))
        return strip

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()
