"""What attributes say where colours may not."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from kvtui.ui.terminal.colourless import Colourless

DARK = Color.parse("#121212")
LIGHT = Color.parse("#e0e0e0")


def seen(style: str, surroundings: Color = DARK) -> str:
    [segment] = Colourless().apply([Segment("x", Style.parse(style))], surroundings)
    assert segment.style is not None
    assert segment.style.color is None
    assert segment.style.bgcolor is None
    return str(segment.style)


@pytest.mark.parametrize(
    ("surroundings", "style", "expected"),
    [
        (DARK, "#e0e0e0 on #121212", "none"),
        (DARK, "bold #ffc473 on #121212", "bold"),
        (DARK, "#e0e0e0 on #0c304e", "reverse"),
        (DARK, "#121212 on #e0e0e0", "reverse"),
        (DARK, "#e0e0e0 on #242f38", "underline"),
        (DARK, "#808080 on #121212", "dim"),
        (DARK, "#e0e0e0 on #1b1b1b", "none"),
        (LIGHT, "#202020 on #e0e0e0", "none"),
        (LIGHT, "#202020 on #9db2c1", "reverse"),
        (LIGHT, "#202020 on #d0d0d0", "underline"),
        (LIGHT, "#808080 on #e0e0e0", "dim"),
    ],
)
def test_what_stands_out_by_colour_stands_out_without(
    surroundings: Color, style: str, expected: str
) -> None:
    assert seen(style, surroundings) == expected


def test_text_without_a_style_stays_as_it_is() -> None:
    assert Colourless().apply([Segment("x")], DARK) == [Segment("x")]
