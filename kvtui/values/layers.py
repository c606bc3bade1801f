"""Peeling the layers around a value, never to more bytes than are safe to hold."""

import base64
import binascii
import re
import sys
import zlib
from typing import Final, NamedTuple, Protocol

from kvtui.values.detection import Layer

MAX_UNPACKED_BYTES: Final = 64 * 1024 * 1024
MIN_BASE64_LENGTH: Final = 16
"""Shorter words too often happen to be valid base64."""

_GZIP: Final = b"\x1f\x8b\x08"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_ZLIB_DEFLATE: Final = 0x78
_GZIP_WINDOW: Final = 31
_ZLIB_WINDOW: Final = 15
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/\r\n]+={0,2}|[A-Za-z0-9_-]+={0,2}")
_BASE64_START: Final = re.compile(rb"[A-Za-z0-9+/_-]{%d}" % MIN_BASE64_LENGTH)
_START_LENGTH: Final = 256
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")


class Peeled(NamedTuple):
    """What is under a layer, or why it cannot be reached."""

    layer: Layer
    content: bytes | None
    problem: str = ""


class _UnpackError(Exception):
    """The bytes are not wholly what their first bytes promise."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def uncompress(content: bytes, limit: int = MAX_UNPACKED_BYTES) -> Peeled | None:
    """Unpack gzip, zlib or zstd; None where the first bytes are of none of them."""
    layer = _compression(content)
    if layer is None:
        return None
    try:
        return Peeled(layer, _unpacked(content, layer, limit))
    except _UnpackError as error:
        return Peeled(layer, None, str(error))


def is_packed(content: bytes) -> bool:
    """Tell by the first bytes whether it may be compressed, in base64 or not."""
    start = content.lstrip()[:_START_LENGTH]
    while start and _compression(start) is None:
        if not _BASE64_START.match(start):
            return False
        digits = start.translate(_URL_SAFE, b"\r\n=")
        try:
            start = base64.b64decode(digits[: len(digits) // 4 * 4])
        except binascii.Error:
            return False
    return bool(start)


def _compression(content: bytes) -> Layer | None:
    if content.startswith(_GZIP):
        return Layer.GZIP
    if content.startswith(_ZSTD):
        return Layer.ZSTD
    if content[:1] == bytes([_ZLIB_DEFLATE]) and int.from_bytes(content[:2]) % 31 == 0:
        return Layer.ZLIB
    return None


def _unpacked(content: bytes, layer: Layer, limit: int) -> bytes:
    """Unpack one stream or several in a row, which together are one."""
    parts: list[bytes] = []
    rest, room = content, limit
    while rest:
        part, rest = _unpacked_stream(rest, layer, room)
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def _unpacked_stream(content: bytes, layer: Layer, limit: int) -> tuple[bytes, bytes]:
    unpacker = _unpacker(layer)
    try:
        unpacked = unpacker.decompress(content, limit + 1)
    except (zlib.error, _zstd_error()) as error:
        raise _UnpackError("damaged") from error
    if len(unpacked) > limit:
        raise _UnpackError(f"more than {MAX_UNPACKED_BYTES:,} bytes when unpacked")
    if not unpacker.eof:
        raise _UnpackError("cut short")
    return unpacked, unpacker.unused_data


def _unpacker(layer: Layer) -> _Unpacker:
    if layer is Layer.GZIP:
        return zlib.decompressobj(_GZIP_WINDOW)
    if layer is Layer.ZLIB:
        return zlib.decompressobj(_ZLIB_WINDOW)
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdDecompressor
    else:
        from backports.zstd import ZstdDecompressor
    return ZstdDecompressor()


def _zstd_error() -> type[Exception]:
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdError
    else:
        from backports.zstd import ZstdError
    return ZstdError


def unbase64(content: bytes) -> bytes | None:
    """Decode what is long enough to be base64 on purpose; None where it is not strictly so.

    That the letters fit proves little: whoever asks must find the result meaningful.
    """
    is_long = _BASE64_START.match(content.strip()) is not None
    return decoded_base64(content) if is_long else None


def decoded_base64(content: bytes) -> bytes | None:
    """Decode base64, ordinary or URL-safe, in one line or many; None where it is not strictly."""
    body = content.strip()
    if not body:
        return b""
    if not _BASE64.fullmatch(body):
        return None
    digits = body.translate(_URL_SAFE, b"\r\n").rstrip(b"=")
    try:
        decoded = base64.b64decode(digits + b"=" * (-len(digits) % 4), validate=True)
    except binascii.Error:
        return None
    return decoded if base64.b64encode(decoded).rstrip(b"=") == digits else None
