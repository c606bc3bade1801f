"""How a value can be looked at: the views by their names, and the style of text."""

from dataclasses import dataclass
from enum import StrEnum


class View(StrEnum):
    """A way to look at a value, named as its tab is."""

    JSON = "JSON"
    """Laid out over lines, every token as stored."""
    RAW = "Raw"
    """JSON as stored, coloured."""
    JWT = "JWT"
    FORM = "Form"
    MSGPACK = "MsgPack"
    CBOR = "CBOR"
    PROTOBUF = "Protobuf"
    IMAGE = "Image"
    TEXT = "Text"
    HEX = "Hex"
    INFO = "Info"
    STORED = "Stored"
    """The bytes outside all layers: text where they are text, else hex."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a person wants to see text."""

    is_wrapped: bool = True
    column: int = 0
    """How many characters of each line are left of what is seen, where lines are not wrapped."""
    shows_hidden: bool = False
    """Whether spaces, tabs and line endings are drawn."""
