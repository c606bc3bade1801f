"""Images as cells of two pixels each, one above the other, and as drawings for terminals."""

from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any, Final, NamedTuple

from kvtui.values.fixed_lines import Fact, FixedLines, fact_lines
from kvtui.values.formats import image
from kvtui.values.lines import Kind, Lines, Span

MAX_PIXELS: Final = 40_000_000
"""Decoding more takes too long, and too much memory."""
MAX_ROWS: Final = 200
HALF_BLOCK: Final = "▀"
_DOTS: Final = " ▄▀█"
"""A cell without, with one, or with both of its halves lit."""
_THRESHOLDS: Final = ((1, 9, 3, 11), (13, 5, 15, 7), (4, 12, 2, 10), (16, 8, 14, 6))
"""How bright a pixel must be to be lit, of 17, by its place: evenly spread, after Bayer."""
_GROUND: Final = (0x30, 0x30, 0x30)
"""Shines through where the image is transparent."""

Colour = tuple[int, int, int]


class Cell(NamedTuple):
    """The colours of the upper and the lower half of a cell."""

    upper: Colour
    lower: Colour | None
    """None below the last line of pixels."""


class Picture(FixedLines):
    """An image made small enough for a width in cells."""

    def __init__(self, width: int, pixels: bytes, content: bytes = b"") -> None:
        row_count = -(-len(pixels) // (6 * width))
        super().__init__([[Span(HALF_BLOCK * width)]] * row_count)
        self.width = width
        self.content = content
        """The image as it is stored."""
        self._pixels = pixels

    def cells(self, row: int) -> list[Cell]:
        """Give the colours of a row of cells."""
        upper = self._line(2 * row)
        lower: list[Colour | None] = [*self._line(2 * row + 1)] or [None] * self.width
        return [Cell(*pair) for pair in zip(upper, lower, strict=True)]

    def dots(self, row: int) -> str:
        """Draw a row of cells without colours, the more dots the brighter it is."""
        upper, lower = self._lit(2 * row), self._lit(2 * row + 1) or [False] * self.width
        return "".join(_DOTS[2 * up + low] for up, low in zip(upper, lower, strict=True))

    def fitting(self, rows: int) -> "Picture":
        """Give the image small enough for so many rows too."""
        if len(self) <= rows or rows < 1:
            return self
        from PIL import Image

        height = len(self._pixels) // 3 // self.width
        made = Image.frombytes("RGB", (self.width, height), self._pixels)
        made.thumbnail((self.width, 2 * rows))
        return Picture(made.width, made.tobytes(), self.content)

    def _lit(self, number: int) -> list[bool]:
        thresholds = _THRESHOLDS[number % 4]
        return [
            (2 * red + 5 * green + blue) * 17 >= thresholds[x % 4] * 8 * 0xFF
            for x, (red, green, blue) in enumerate(self._line(number))
        ]

    def _line(self, number: int) -> list[Colour]:
        size = 3 * self.width
        raw = self._pixels[number * size : (number + 1) * size]
        return [(raw[at], raw[at + 1], raw[at + 2]) for at in range(0, len(raw), 3)]


@dataclass(frozen=True, slots=True)
class Drawing:
    """An image in the pixels of a terminal, written anew: no file of others is handed on."""

    columns: int
    rows: int
    whole: bytes = field(repr=False)
    """A PNG over all cells."""
    strips: tuple[bytes, ...] = field(repr=False)
    """A PNG for each row of cells, the upper ones first."""


def picture(content: bytes, width: int) -> Picture | str:
    """Draw an image for a width in cells, or say why it cannot be."""
    header = image.header(content)
    if header is None:
        return "it has no header that is known here"
    if header.width * header.height > MAX_PIXELS:
        return f"more than {MAX_PIXELS:,} pixels"
    drawn = _decoded(content, (width, 2 * MAX_ROWS))
    if drawn is None:
        return "it is damaged or cut short"
    return Picture(drawn.width, _on_ground(drawn).tobytes(), content)


def image_lines(content: bytes, width: int) -> Lines:
    """Draw an image, or say what it is and why it cannot be drawn."""
    drawn = picture(content, width)
    if isinstance(drawn, Picture):
        return drawn
    header = image.header(content)
    facts = [Fact("Image", f"{header.type}, {header.dimensions}")] if header else []
    return fact_lines([*facts, Fact("Not drawn", drawn, Kind.WARNING)], width)


@lru_cache(maxsize=2)
def drawing(shown: Picture, cell: tuple[int, int]) -> Drawing | None:
    """Draw the image that is shown in cells of so many pixels; None where it cannot be."""
    columns, rows = shown.width, len(shown)
    width, height = columns * cell[0], rows * cell[1]
    drawn = _decoded(shown.content, (width, height))
    if drawn is None:
        return None
    scaled = drawn.convert("RGBA").resize((width, height))
    strips = [scaled.crop((0, y, width, y + cell[1])) for y in range(0, height, cell[1])]
    return Drawing(columns, rows, _png(scaled), tuple(map(_png, strips)))


def _decoded(content: bytes, room: tuple[int, int]) -> Any:
    """Decode an image, made to fit; None where it is damaged."""
    from PIL import Image

    try:
        with Image.open(BytesIO(content)) as opened:
            opened.draft("RGB", room)
            opened.thumbnail(room)
            return opened.copy()
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, Image.DecompressionBombError):
        return None


def _on_ground(drawn: Any) -> Any:
    from PIL import Image

    ground = Image.new("RGBA", drawn.size, (*_GROUND, 255))
    ground.alpha_composite(drawn.convert("RGBA"))
    return ground.convert("RGB")


def _png(drawn: Any) -> bytes:
    content = BytesIO()
    drawn.save(content, "PNG")
    return content.getvalue()
