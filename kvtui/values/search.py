"""Finding text in text and bytes in bytes: smart case, forwards and backwards.

Letters are folded block by block: a lowered copy of a large value would double its memory.
"""

import re
from collections.abc import Iterator
from typing import AnyStr, Final

_BLOCK: Final = 1 << 16
_HEX_MARK: Final = "x:"
_HEX: Final = re.compile(r"(?:0x)?([0-9a-f]{2}(?:[ :]?[0-9a-f]{2})*)", re.IGNORECASE)


def find(data: AnyStr, needle: AnyStr, start: int, *, is_backward: bool = False) -> int | None:
    """Give where `needle` first begins at or after `start`; backwards, at or before it.

    Case matters when the needle has a capital letter.
    """
    if not needle:
        return None
    if _folded(needle) != needle:
        return find_exact(data, needle, start, is_backward=is_backward)
    if is_backward:
        return _find_folded_backward(data, needle, start)
    return _find_folded(data, needle, start)


def occurrences(text: str, needle: str) -> Iterator[tuple[int, int]]:
    """Give where `needle` begins and ends in `text`, one place after the other."""
    at = find(text, needle, 0)
    while at is not None:
        yield at, at + len(needle)
        at = find(text, needle, at + len(needle))


def find_exact(
    data: AnyStr, needle: AnyStr, start: int, *, is_backward: bool = False
) -> int | None:
    """Do as `find`, with case."""
    at = data.rfind(needle, 0, start + len(needle)) if is_backward else data.find(needle, start)
    return None if at < 0 else at


def find_bytes(content: bytes, needle: str, start: int, *, is_backward: bool = False) -> int | None:
    """Give where `needle` begins in `content` (see `find_byte_span`)."""
    found = find_byte_span(content, needle, start, is_backward=is_backward)
    return None if found is None else found[0]


def find_byte_span(
    content: bytes, needle: str, start: int, *, is_backward: bool = False
) -> tuple[int, int] | None:
    """Give where `needle` begins and ends in `content`, as text or as bytes written in hex.

    After `x:` it is read as hex alone.
    """
    text = needle.encode("utf-8", "replace")
    hits: list[tuple[int, int]] = []
    if not needle.startswith(_HEX_MARK):
        at = find(content, text, start, is_backward=is_backward)
        hits += [] if at is None else [(at, at + len(text))]
    if digits := _HEX.fullmatch(needle.removeprefix(_HEX_MARK).strip()):
        wanted = bytes.fromhex(digits[1].replace(":", " "))
        at = find_exact(content, wanted, start, is_backward=is_backward)
        hits += [] if at is None else [(at, at + len(wanted))]
    return (max if is_backward else min)(hits, default=None)


def byte_spans(content: bytes, needle: str) -> Iterator[tuple[int, int]]:
    """Give every place of `needle` in `content`, one after the other (see `find_byte_span`)."""
    found = find_byte_span(content, needle, 0)
    while found is not None and found[1] > found[0]:
        yield found
        found = find_byte_span(content, needle, found[1])


def _find_folded(data: AnyStr, needle: AnyStr, start: int) -> int | None:
    for at in range(start, len(data), _BLOCK):
        found = _folded(data[at : at + _BLOCK + len(needle) - 1]).find(needle)
        if found >= 0:
            return at + found
    return None


def _find_folded_backward(data: AnyStr, needle: AnyStr, start: int) -> int | None:
    overlap = len(needle) - 1
    for stop in range(start + 1, 0, -_BLOCK):
        low = max(0, stop - _BLOCK)
        found = _folded(data[low : stop + overlap]).rfind(needle)
        if found >= 0:
            return low + found
    return None


def _folded(data: AnyStr) -> AnyStr:
    """Lower `data` without changing its length: İ is the one letter that would."""
    if isinstance(data, str):
        return data.replace("İ", "i").lower()
    return data.lower()
