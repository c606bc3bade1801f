"""Plain and source text, decoded from the encodings that are met in practice."""

import codecs
from typing import Final, NamedTuple

from kvtui.values.detection import Encoding
from kvtui.values.formats.highlight import MAX_CHARACTERS, SourceColouring
from kvtui.values.text_lines import Document
from kvtui.values.wrapping import LineIndex

_MARKS: Final = (
    (codecs.BOM_UTF8, Encoding.UTF_8_BOM),
    (codecs.BOM_UTF16_LE, Encoding.UTF_16_LE),
    (codecs.BOM_UTF16_BE, Encoding.UTF_16_BE),
)
_TEXT_CONTROLS: Final = b"\a\b\t\n\v\f\r\x1b"
_CONTROLS: Final = bytes(code for code in (*range(0x20), 0x7F) if code not in _TEXT_CONTROLS)
_HIGH_CONTROLS: Final = bytes(range(0x80, 0xA0))
_FOREIGN: Final = _CONTROLS + _HIGH_CONTROLS + b"\a\b\x1b"
_HIGH: Final = bytes(range(0xA0, 0x100))
_MAX_CONTROLS: Final = 0.1
_MAX_HIGH: Final = 0.3
_SAMPLE: Final = 4096
"""Most of what is no text shows it here."""
_PARTS, _PART = 64, 16 * 1024
_MIN_LATIN_1: Final = 4
_MIN_UTF_16: Final = 8


class Decoded(NamedTuple):
    """Text, and how it was written as bytes; the byte order mark is not part of it."""

    text: str
    encoding: Encoding


def decoded(content: bytes) -> Decoded | None:
    """Decode bytes that are surely Unicode text; None otherwise. Never replaces anything."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content.removeprefix(mark), encoding)
    utf_8 = _strictly(content, Encoding.UTF_8)
    return (_utf_16(content) or utf_8) if utf_8 is None or b"\0" in content else utf_8


def latin_1(content: bytes) -> Decoded | None:
    """Decode what looks like one-byte text: words with an accent here and there."""
    if len(content) < _MIN_LATIN_1:
        return None
    if _count(content[:_SAMPLE], _FOREIGN) or _count(content, _FOREIGN):
        return None
    if _count(content, _HIGH) > _MAX_HIGH * len(content):
        return None
    return Decoded(content.decode(Encoding.LATIN_1), Encoding.LATIN_1)


def is_legible(text: str) -> bool:
    """Tell text from bytes that only happen to be valid: by NUL and other control characters."""
    content = _sample(text).encode()
    return "\0" not in text and _count(content, _CONTROLS) <= _MAX_CONTROLS * len(content)


def _sample(text: str) -> str:
    """Give what is enough of a text to judge it by: parts from everywhere in a large one."""
    if len(text) <= _PARTS * _PART:
        return text
    return "".join(text[at : at + _PART] for at in range(0, len(text), len(text) // _PARTS))


def document(text: str, language: str | None = None) -> Document:
    """Prepare text for showing, coloured where it is short enough."""
    index = LineIndex(text)
    if language is None or len(text) > MAX_CHARACTERS:
        return Document(index)
    return Document(index, SourceColouring(text, language))


def _strictly(content: bytes, encoding: Encoding) -> Decoded | None:
    try:
        text = content.decode("utf-8" if encoding is Encoding.UTF_8_BOM else encoding)
    except UnicodeDecodeError:
        return None
    return Decoded(text, encoding)


def _utf_16(content: bytes) -> Decoded | None:
    """Decode UTF-16 without a mark, known by its zero bytes: every other one."""
    half = len(content) // 2
    if len(content) % 2 or len(content) < _MIN_UTF_16:
        return None
    if 0 in content[:_SAMPLE:2] and 0 in content[1:_SAMPLE:2]:
        return None
    even, odd = content[::2].count(0), content[1::2].count(0)
    if odd > 0.7 * half and not even:
        return _strictly(content, Encoding.UTF_16_LE)
    if even > 0.7 * half and not odd:
        return _strictly(content, Encoding.UTF_16_BE)
    return None


def _count(content: bytes, wanted: bytes) -> int:
    return len(content) - len(content.translate(None, wanted))
