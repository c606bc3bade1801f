"""Places in bytes, as people write them."""

import re
from typing import Final

_OFFSET: Final = re.compile(
    r"(?P<base>[+-]|end\s*-?)?\s*(?P<number>0x[0-9a-f]{1,16}|[0-9a-f]{1,15}h|\d[\d,]{0,20})?",
    re.IGNORECASE,
)
OFFSETS: Final = "1234, 0x4d2, +16 or -16 from here, end-8"
"""What can be written, for people."""


def offset_from(text: str, *, current: int, size: int) -> int | None:
    """Read an offset: `1234`, `0x4d2`, `4d2h`, `+16` or `-16` from `current`, `end-8`.

    None where it is no offset of one of `size` bytes.
    """
    match = _OFFSET.fullmatch(text.strip())
    if match is None or not text.strip():
        return None
    base = (match["base"] or "").replace(" ", "").lower()
    number = _number(match["number"]) if match["number"] else 1 if base == "end" else None
    if number is None:
        return None
    starts = {"": number, "+": current + number, "-": current - number}
    at = starts.get(base, size - number)
    return at if 0 <= at < size else None


def _number(text: str) -> int:
    text = text.lower().replace(",", "")
    if text.endswith("h") and not text.startswith("0x"):
        return int(text[:-1], 16)
    return int(text, 16 if text.startswith("0x") else 10)
