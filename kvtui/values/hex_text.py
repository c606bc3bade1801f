"""Bytes written as a hex dump that any editor of text can hold, and read back strictly."""

import re
from collections.abc import Iterator
from typing import Final

_ROW: Final = 16
_GUIDE: Final = (
    "# Change, add or take out bytes in the middle column: two hex digits a byte, as many in a",
    "# line as you like. Offsets, the text on the right and lines with # are not read.",
)
_OFFSET: Final = re.compile(r"\s*(?:([0-9a-fA-F]{1,16}):)?")
_BYTES: Final = re.compile(r"(?:[0-9a-fA-F]{2})+")
_TEXT: Final = bytes(code if 0x20 <= code < 0x7F else 0x2E for code in range(256))


class HexTextError(Exception):
    """A hex dump that cannot be read; the message names the line."""


def hex_text(content: bytes) -> str:
    """Write bytes as lines of offset, bytes and text, below a few words on how to change them."""
    return "\n".join((*_GUIDE, *_rows(content), ""))


def with_problem(text: str, problem: str) -> str:
    """Put `problem` on top of a dump, in place of the one before."""
    lines = text.split("\n")
    while lines and lines[0].startswith("#"):
        del lines[0]
    return "\n".join((f"# Not saved: {problem}", *_GUIDE, *lines))


def bytes_of(text: str, original: bytes) -> bytes:
    """Read a dump of `original` that was edited.

    Raises HexTextError where anything could have been meant otherwise than it is read.
    """
    lines = enumerate(text.splitlines(), start=1)
    return b"".join(
        _line_bytes(number, line, original)
        for number, line in lines
        if line.strip() and not line.lstrip().startswith("#")
    )


def _rows(content: bytes) -> Iterator[str]:
    for offset in range(0, len(content), _ROW):
        row = content[offset : offset + _ROW]
        digits = f"{row[:8].hex(' ')}  {row[8:].hex(' ')}"
        yield f"{offset:08x}: {digits:<48}  |{row.translate(_TEXT).decode('ascii')}|"


def _line_bytes(number: int, line: str, original: bytes) -> bytes:
    digits, bar, text = line.partition("|")
    offset = _OFFSET.match(digits)
    words = digits[offset.end() if offset else 0 :].split()
    for word in words:
        if not _BYTES.fullmatch(word):
            raise HexTextError(f"line {number}: {word} is not bytes of two hex digits")
    content = bytes.fromhex("".join(words))
    if bar and offset and offset[1]:
        _check_text(number, text, content, original, int(offset[1], 16))
    return content


def _check_text(number: int, text: str, content: bytes, original: bytes, offset: int) -> None:
    """Refuse a line of which only the text was changed: its bytes would stay as they were."""
    is_untouched = content == original[offset : offset + _ROW]
    expected = content.translate(_TEXT).decode("ascii") + "|"
    if is_untouched and text.rstrip() != expected.rstrip():
        raise HexTextError(f"line {number}: the text on the right was changed, but it is not read")
