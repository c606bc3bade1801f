"""Finding text in text and bytes in bytes: smart case, forwards and backwards.

Letters are folded block by block: a lowered copy of a large value would double its memory.
"""

import re
from typing import AnyStr, Final

_BLOCK: Final = 1 << 16
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


def find_exact(
    data: AnyStr, needle: AnyStr, start: int, *, is_backward: bool = False
) -> int | None:
    """Do as `find`, with case."""
    at = data.rfind(needle, 0, start + len(needle)) if is_backward else data.find(needle, start)
    return None if at < 0 else at


def find_bytes(content: bytes, needle: str, start: int, *, is_backward: bool = False) -> int | None:
    """Give where `needle` is found in `content`, as text or as bytes written in hex."""
    hits = [find(content, needle.encode("utf-8", "replace"), start, is_backward=is_backward)]
    if digits := _HEX.fullmatch(needle.strip()):
        wanted = bytes.fromhex(digits[1].replace(":", " "))
        hits.append(find_exact(content, wanted, start, is_backward=is_backward))
    found = [at for at in hits if at is not None]
    if not found:
        return None
    return max(found) if is_backward else min(found)


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
