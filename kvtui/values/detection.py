"""What a value was found to be."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

ARROW: Final = " ▸ "
BYTE_ORDER_MARK: Final = "\ufeff"


class Layer(StrEnum):
    """A wrapping around the bytes that matter."""

    BASE64 = "base64"
    GZIP = "gzip"
    ZLIB = "zlib"
    ZSTD = "zstd"


class Format(StrEnum):
    """What the innermost bytes are, named as it is shown."""

    EMPTY = "empty"
    JSON = "JSON"
    JSON_LINES = "JSON Lines"
    JWT = "JWT"
    FORM = "form"
    TEXT = "text"
    MSGPACK = "MessagePack"
    CBOR = "CBOR"
    PROTOBUF = "Protobuf"
    IMAGE = "image"
    BINARY = "binary"


class Encoding(StrEnum):
    """How text is written as bytes, named as Python's codecs are."""

    UTF_8 = "utf-8"
    UTF_8_BOM = "utf-8-sig"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    LATIN_1 = "latin-1"
    """What is left when nothing else fits: every byte is a character of it."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What a value is, through all its layers. There always is one."""

    stages: tuple[bytes, ...] = field(repr=False)
    """The bytes as stored, then after each layer is peeled off; one more than `layers`."""
    layers: tuple[Layer, ...]
    """The outermost first."""
    format: Format
    reason: str
    """One sentence: what speaks for the format, and against what it looks like but is not."""
    encoding: Encoding | None = None
    """Set where the innermost bytes are text, and there are any."""
    language: str | None = None
    """What the text is written in, by the name that pygments knows; None where not known."""

    @property
    def doubt(self) -> str:
        """The part of the reason that says what it looks like but is not; empty without doubts."""
        return self.reason.partition("; ")[2]

    @property
    def stored(self) -> bytes:
        return self.stages[0]

    @property
    def content(self) -> bytes:
        """The innermost bytes."""
        return self.stages[-1]

    @property
    def is_text(self) -> bool:
        """Whether the innermost bytes can be decoded."""
        return self.encoding is not None or self.format is Format.EMPTY

    @property
    def text(self) -> str | None:
        """The innermost bytes decoded, without a byte order mark; None where they are no text.

        Decoded each time: kept, it would take as much room again as the value.
        """
        if self.encoding is None:
            return "" if self.format is Format.EMPTY else None
        codec = Encoding.UTF_8 if self.encoding is Encoding.UTF_8_BOM else self.encoding
        return self.content.decode(codec).removeprefix(BYTE_ORDER_MARK)

    def path_to(self, depth: int) -> str:
        """Name what is left when `depth` layers are peeled."""
        inner = self.layers[depth] if depth < len(self.layers) else self.format
        return ARROW.join([*self.layers[:depth], inner])

    @property
    def breadcrumb(self) -> str:
        """The layers and the format, as in `base64 ▸ gzip ▸ JSON`."""
        return ARROW.join([*self.layers, self.format])
