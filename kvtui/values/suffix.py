"""The file name ending that lets other programs see what a value is."""

from typing import Final

from kvtui.values.detection import Detection, Format, Layer
from kvtui.values.formats import image
from kvtui.values.formats.language import SUFFIXES
from kvtui.values.signatures import signature

_BY_LAYER: Final = {
    Layer.BASE64: ".txt",
    Layer.GZIP: ".gz",
    Layer.ZLIB: ".zz",
    Layer.ZSTD: ".zst",
}
_BY_FORMAT: Final = {
    Format.EMPTY: ".txt",
    Format.JSON: ".json",
    Format.JSON_LINES: ".jsonl",
    Format.JWT: ".txt",
    Format.FORM: ".txt",
    Format.TEXT: ".txt",
    Format.MSGPACK: ".msgpack",
    Format.CBOR: ".cbor",
    Format.PROTOBUF: ".pb",
    Format.IMAGE: ".bin",
    Format.BINARY: ".bin",
}


def suffix(detection: Detection) -> str:
    """Give the ending, with its dot, for a file that holds the stored bytes."""
    if detection.layers:
        return _BY_LAYER[detection.layers[0]]
    if header := image.header(detection.stored):
        return header.suffix
    if detection.format is Format.BINARY and (named := signature(detection.stored)):
        return named[1]
    return SUFFIXES.get(detection.language or "", _BY_FORMAT[detection.format])
