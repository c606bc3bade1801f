"""Takes the layers off a value with other code than the product's."""

import base64
import gzip
import zlib
from collections.abc import Callable, Iterable

from kvtui.values.detection import Layer
from tests.support.zstd import zstd

_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def _unbase64(stored: bytes) -> bytes:
    return base64.b64decode(stored.translate(_URL_SAFE, b"\r\n \t") + b"==")


_PEELERS: dict[Layer, Callable[[bytes], bytes]] = {
    Layer.GZIP: gzip.decompress,
    Layer.ZLIB: zlib.decompress,
    Layer.ZSTD: zstd.decompress,
    Layer.BASE64: _unbase64,
}


def unpacked(stored: bytes, layers: Iterable[Layer]) -> bytes:
    for layer in layers:
        stored = _PEELERS[layer](stored)
    return stored
