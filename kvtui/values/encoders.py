"""Encoding as whoever wrote a layer did: its header fields, level, alphabet and line breaks."""

import base64
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kvtui.values.detection import Layer

_RAW_WINDOW: Final = -15
_MEMORY_LEVELS: Final = (8, 9)
_USUAL_LEVEL: Final = 6
_PROBE_STEP: Final = 64 * 1024
_GZIP_FIXED: Final = 10
_GZIP_EXTRA, _GZIP_NAME, _GZIP_COMMENT, _GZIP_CHECK = 4, 8, 16, 2
_GZIP_END: Final = 8
_ZLIB_START, _ZLIB_END = 2, 4
_ZSTD_LEVELS: Final = (3, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12)
_ZSTD_PROBED: Final = 1 << 20
_ZSTD_DESCRIPTOR: Final = 4
_ORDINARY: Final = re.compile(rb"[+/]")
_URL_SAFE: Final = re.compile(rb"[_-]")
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")

Encode = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Encoder:
    """Encodes like the original where that can be told from what it wrote."""

    encode: Encode
    difference: str = ""
    """What of its bytes cannot be kept; empty where the old content gives exactly the old bytes."""


def encoder(layer: Layer, stored: bytes, inner: bytes) -> Encoder:
    """Find out how `inner` was encoded to `stored`."""
    if layer is Layer.BASE64:
        return _base64_encoder(stored, inner)
    if layer is Layer.GZIP:
        encode = _gzip_encode(stored, inner)
    elif layer is Layer.ZLIB:
        encode = _zlib_encode(stored, inner)
    else:
        encode = _zstd_encode(stored, inner)
    is_exact = encode(inner) == stored
    return Encoder(encode, "" if is_exact else f"{layer} bytes differ from the original encoder's")


def _gzip_encode(stored: bytes, inner: bytes) -> Encode:
    """Keep the header with its time, name, comment, flags and system, byte for byte."""
    header = stored[: _gzip_header_length(stored)]
    deflate = _deflate_like(stored[len(header) : -_GZIP_END], inner)

    def encode(content: bytes) -> bytes:
        length = len(content) & 0xFFFF_FFFF
        end = zlib.crc32(content).to_bytes(4, "little") + length.to_bytes(4, "little")
        return header + deflate(content) + end

    return encode


def _gzip_header_length(stored: bytes) -> int:
    flags, at = stored[3], _GZIP_FIXED
    if flags & _GZIP_EXTRA:
        at += 2 + int.from_bytes(stored[at : at + 2], "little")
    for flag in (_GZIP_NAME, _GZIP_COMMENT):
        if flags & flag:
            at = stored.index(b"\0", at) + 1
    return at + 2 if flags & _GZIP_CHECK else at


def _zlib_encode(stored: bytes, inner: bytes) -> Encode:
    deflate = _deflate_like(stored[_ZLIB_START:-_ZLIB_END], inner)
    return lambda content: (
        stored[:_ZLIB_START] + deflate(content) + zlib.adler32(content).to_bytes(_ZLIB_END)
    )


def _deflate_like(packed: bytes, inner: bytes) -> Encode:
    """Find the settings that give exactly `packed`; where none do, take the usual ones."""
    settings = [(level, memory) for memory in _MEMORY_LEVELS for level in (6, 9, 1, *range(10))]
    for level, memory in settings:
        if _gives(zlib.compressobj(level, zlib.DEFLATED, _RAW_WINDOW, memory), inner, packed):
            break
    else:
        level, memory = _USUAL_LEVEL, _MEMORY_LEVELS[0]

    def deflate(content: bytes) -> bytes:
        packer = zlib.compressobj(level, zlib.DEFLATED, _RAW_WINDOW, memory)
        return packer.compress(content) + packer.flush()

    return deflate


def _gives(packer: "zlib._Compress", inner: bytes, packed: bytes) -> bool:
    """Tell whether packing gives `packed`, and stop at the first byte that differs."""
    at = 0
    for start in range(0, len(inner), _PROBE_STEP):
        part = packer.compress(inner[start : start + _PROBE_STEP])
        if not packed.startswith(part, at):
            return False
        at += len(part)
    return packed[at:] == packer.flush()


def _zstd_encode(stored: bytes, inner: bytes) -> Encode:
    """Keep what the frame header says: whether it has the size and a checksum."""
    descriptor = stored[_ZSTD_DESCRIPTOR]
    has_size, has_checksum = bool(descriptor >> 5), bool(descriptor & 4)
    levels = _ZSTD_LEVELS if len(inner) <= _ZSTD_PROBED else _ZSTD_LEVELS[:1]
    encoders = [
        _zstd_packer(level, has_size=has_size, has_checksum=has_checksum) for level in levels
    ]
    return next((encode for encode in encoders if encode(inner) == stored), encoders[0])


def _zstd_packer(level: int, *, has_size: bool, has_checksum: bool) -> Encode:
    zstd = _zstd()
    parameter = zstd.CompressionParameter
    options = {parameter.compression_level: level, parameter.checksum_flag: int(has_checksum)}

    def encode(content: bytes) -> bytes:
        packer = zstd.ZstdCompressor(options=options)
        if has_size:
            packed: bytes = packer.compress(content, packer.FLUSH_FRAME)
        else:
            packed = packer.compress(content) + packer.flush()
        return packed

    return encode


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _base64_encoder(stored: bytes, inner: bytes) -> Encoder:
    """Keep alphabet, padding, line breaks, and the blanks around it."""
    body = stored.strip()
    start = stored[: stored.index(body)]
    end = stored[len(start) + len(body) :]
    line_end = _LINE_END.search(body)
    width = line_end.start() if line_end else 0
    write, is_padded = _base64_dialect(body)

    def encode(content: bytes) -> bytes:
        digits = write(content) if is_padded else write(content).rstrip(b"=")
        if line_end:
            lines = (digits[at : at + width] for at in range(0, len(digits), width))
            digits = line_end[0].join(lines)
        return start + digits + end

    is_exact = encode(inner) == stored
    return Encoder(encode, "" if is_exact else "base64 lines are broken at other places")


def _base64_dialect(body: bytes) -> tuple[Encode, bool]:
    """Tell how base64 is written, and whether it is padded; left open, as is usual."""
    digits = _LINE_END.sub(b"", body)
    has_padding, needs_padding = digits.endswith(b"="), len(digits) % 4 != 0
    is_ordinary = _ORDINARY.search(digits) is not None
    is_url_safe = _URL_SAFE.search(digits) is not None or (needs_padding and not is_ordinary)
    write = base64.urlsafe_b64encode if is_url_safe else base64.b64encode
    return write, has_padding or not (is_url_safe or needs_padding)
