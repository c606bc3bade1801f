"""Looks without colours, for whoever asked for none: what colours said is said by attributes."""

from functools import lru_cache
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_COLOURFUL: Final = 30
"""From so much between the channels of a background on, of 255, it is there to be noticed."""
_UNLIKE: Final = 80
"""By so much more or less bright than its surroundings is a background likewise."""
_DIFFERENT: Final = 14
"""With less difference it is a shade that may cover much, as that of the line with the cursor."""
_FAINT: Final = 140
"""Grey text with less contrast to its background is meant to stand back."""


class Colourless(LineFilter):
    """Turns backgrounds that stand out into reverse, other ones into underlines, faint into dim."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            Segment(text, style and colourless(style, background), control)
            for text, style, control in segments
        ]


@lru_cache(1024)
def colourless(style: Style, surroundings: Color) -> Style:
    """Give a style without colours, seen among a background."""
    behind = Color.from_rich_color(style.bgcolor) if style.bgcolor else surroundings
    text = Color.from_rich_color(style.color) if style.color else None
    difference = abs(_brightness(behind) - _brightness(surroundings))
    is_outstanding = _spread(behind) >= _COLOURFUL or difference >= _UNLIKE
    is_faint = (
        text is not None
        and not is_outstanding
        and _spread(text) < _COLOURFUL
        and abs(_brightness(text) - _brightness(behind)) < _FAINT
    )
    is_different = difference >= _DIFFERENT and not is_outstanding
    return style.without_color + Style(
        reverse=is_outstanding or None, underline=is_different or None, dim=is_faint or None
    )


def _spread(colour: Color) -> int:
    return max(colour.rgb) - min(colour.rgb)


def _brightness(colour: Color) -> float:
    return colour.brightness * 255
