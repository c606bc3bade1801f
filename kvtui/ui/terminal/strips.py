"""Images for terminals that draw them at the cursor: each row of cells as an image of its own.

A row is drawn whole or not at all, so what lies over an image stays there.
"""

from kvtui.ui.terminal.graphics import Graphics
from kvtui.ui.terminal.grid import Row
from kvtui.ui.terminal.placeholder import PLACEHOLDER, part


class Strips:
    """Finds what is to be drawn where placeholders stand."""

    def __init__(self, graphics: Graphics) -> None:
        self._graphics = graphics

    def without(self, wanted: Row, shown: Row) -> Row:
        """Give the row as text: blanks under the parts of images that are new."""
        if not _has_parts(wanted):
            return wanted
        together = zip(wanted.texts, shown.texts, wanted.pens, shown.pens, strict=True)
        texts = [
            " " if text.startswith(PLACEHOLDER) and (text, pen) != (before, before_pen) else text
            for text, before, pen, before_pen in together
        ]
        return Row(texts, wanted.pens)

    def to_draw(self, wanted: Row, shown: Row) -> list[tuple[int, str]]:
        """Give columns and sequences of the parts of images that changed and lie open."""
        return [
            (x, sequence)
            for x, text in enumerate(wanted.texts)
            if text.startswith(PLACEHOLDER) and (sequence := self._sequence(x, wanted, shown))
        ]

    def _sequence(self, x: int, wanted: Row, shown: Row) -> str:
        """Give what draws the row of an image that begins at `x`; nothing where none does."""
        first = part(wanted.texts[x])
        if first is None or first.column:
            return ""
        end = x + self._graphics.columns(first.image)
        parts = [part(text) for text in wanted.texts[x:end]]
        is_open = parts == [first._replace(column=at) for at in range(end - x)]
        is_new = (wanted.texts[x:end], wanted.pens[x:end]) != (
            shown.texts[x:end],
            shown.pens[x:end],
        )
        return self._graphics.strip(first) if is_open and is_new else ""


def _has_parts(row: Row) -> bool:
    return any(text.startswith(PLACEHOLDER) for text in row.texts)
