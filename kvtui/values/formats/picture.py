"""Images as cells of two pixels each, one above the other."""

from io import BytesIO
from typing import Any, Final, NamedTuple

from kvtui.values.fixed_lines import Fact, FixedLines, fact_lines
from kvtui.values.formats import image
from kvtui.values.lines import Kind, Lines, Span

MAX_PIXELS: Final = 40_000_000
"""Decoding more takes too long, and too much memory."""
MAX_ROWS: Final = 200
HALF_BLOCK: Final = "▀"
_GROUND: Final = (0x30, 0x30, 0x30)
"""Shines through where the image is transparent."""

Colour = tuple[int, int, int]


class Cell(NamedTuple):
    """The colours of the upper and the lower half of a cell."""

    upper: Colour
    lower: Colour


class Picture(FixedLines):
    """An image made small enough for a width in cells."""

    def __init__(self, width: int, pixels: bytes) -> None:
        row_count = -(-len(pixels) // (6 * width))
        super().__init__([[Span(HALF_BLOCK * width)]] * row_count)
        self._width = width
        self._pixels = pixels

    def cells(self, row: int) -> list[Cell]:
        """Give the colours of a row of cells."""
        upper, lower = self._line(2 * row), self._line(2 * row + 1)
        return [Cell(*pair) for pair in zip(upper, lower or [_GROUND] * self._width, strict=True)]

    def _line(self, number: int) -> list[Colour]:
        size = 3 * self._width
        raw = self._pixels[number * size : (number + 1) * size]
        return [(raw[at], raw[at + 1], raw[at + 2]) for at in range(0, len(raw), 3)]


def picture(content: bytes, width: int) -> Picture | str:
    """Draw an image for a width in cells, or say why it cannot be."""
    header = image.header(content)
    if header is None:
        return "it has no header that is known here"
    if header.width * header.height > MAX_PIXELS:
        return f"more than {MAX_PIXELS:,} pixels"
    from PIL import Image

    try:
        with Image.open(BytesIO(content)) as opened:
            return _drawn(opened, width)
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, Image.DecompressionBombError):
        return "it is damaged or cut short"


def image_lines(content: bytes, width: int) -> Lines:
    """Draw an image, or say what it is and why it cannot be drawn."""
    drawn = picture(content, width)
    if isinstance(drawn, Picture):
        return drawn
    header = image.header(content)
    facts = [Fact("Image", f"{header.type}, {header.dimensions}")] if header else []
    return fact_lines([*facts, Fact("Not drawn", drawn, Kind.WARNING)], width)


def _drawn(opened: Any, width: int) -> Picture:
    from PIL import Image

    room = (width, 2 * MAX_ROWS)
    opened.draft("RGB", room)
    opened.thumbnail(room)
    ground = Image.new("RGBA", opened.size, (*_GROUND, 255))
    ground.alpha_composite(opened.convert("RGBA"))
    return Picture(opened.width, ground.convert("RGB").tobytes())
