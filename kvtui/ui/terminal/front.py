"""What lies in front: Textual's compositor, asking only widgets that are seen where it draws."""

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class FrontCompositor(Compositor):
    """Draws the same screens.

    Textual has every line of every widget drawn, and takes the few that changed out of them: the
    bar that goes to the next row costs more the larger the screen is.
    """

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if crop is None:
            yield from super()._get_renders()
            return
        # From front to back: what comes later is seen only where nothing came before.
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            part = seen.intersection(crop)
            if part:
                rows = Region(seen.x, part.y, seen.width, part.height)
                strips = widget.render_lines(rows.translate(-region.offset))
                yield region, rows, strips
                # While a scrollbar comes or goes, lines may be too few or too short.
                is_filled = len(strips) == rows.height and all(
                    strip.cell_length >= rows.width for strip in strips
                )
                if part == crop and is_filled:
                    return
