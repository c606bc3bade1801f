"""Images: their type and dimensions, read from the header without decoding a pixel."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_JPEG_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of the segments that hold the dimensions."""
_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers that have no length after them."""
_VP8_START: Final = b"\x9d\x01\x2a"


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What the first bytes of an image say."""

    type: str
    suffix: str
    width: int
    height: int

    @property
    def dimensions(self) -> str:
        return f"{self.width:,} × {self.height:,} pixels"


def header(content: bytes) -> ImageHeader | None:
    """Read the header of a PNG, JPEG, GIF, WebP or BMP; None for anything else."""
    for type_name, suffix, read in _READERS:
        try:
            size = read(content)
        except struct.error:
            continue
        if size and min(size) > 0:
            return ImageHeader(type_name, suffix, *size)
    return None


_Size = tuple[int, int]


def _png_size(content: bytes) -> _Size | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _gif_size(content: bytes) -> _Size | None:
    if content[:6] not in {b"GIF87a", b"GIF89a"}:
        return None
    width, height = struct.unpack_from("<HH", content, 6)
    return width, height


def _bmp_size(content: bytes) -> _Size | None:
    if content[:2] != b"BM" or struct.unpack_from("<I", content, 2)[0] != len(content):
        return None
    width, height = struct.unpack_from("<ii", content, 18)
    return width, abs(height)


def _jpeg_size(content: bytes) -> _Size | None:
    """Walk from segment to segment up to the one that holds the dimensions."""
    if content[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while content[at : at + 1] == b"\xff":
        marker, length = struct.unpack_from(">xBH", content, at)
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 if marker in _JPEG_BARE else 2 + length
    return None


def _webp_size(content: bytes) -> _Size | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    match content[12:16]:
        case b"VP8 " if content[23:26] == _VP8_START:
            width, height = struct.unpack_from("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", content, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X" if len(content) >= 30:
            width = int.from_bytes(content[24:27], "little") + 1
            return width, int.from_bytes(content[27:30], "little") + 1
    return None


_READERS: Final[tuple[tuple[str, str, Callable[[bytes], _Size | None]], ...]] = (
    ("PNG", ".png", _png_size),
    ("JPEG", ".jpg", _jpeg_size),
    ("GIF", ".gif", _gif_size),
    ("WebP", ".webp", _webp_size),
    ("BMP", ".bmp", _bmp_size),
)
