"""Sizes, ages, counts and statuses as short strings."""

from datetime import UTC, datetime
from typing import Final

import msgspec

from kvtui.protocol import Status

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
YEAR: Final = 365 * DAY

_UNITS: Final = (
    (MINUTE, 1, "s"),
    (HOUR, MINUTE, "min"),
    (2 * DAY, HOUR, "h"),
    (YEAR, DAY, "d"),
    (float("inf"), YEAR, "y"),
)
"""Up to which span, in seconds, each unit is used."""


class Glyph(msgspec.Struct, frozen=True):
    """A status as a person sees it: a shape, a word and the class that colours it."""

    shape: str
    ascii_shape: str
    word: str
    style: str


GLYPHS: Final[dict[str, Glyph]] = {
    Status.PROVISION_OK: Glyph("●", "*", "ok", "status--ok"),
    Status.PENDING: Glyph("◌", "o", "pending", "status--waiting"),
    Status.PROVISION_FAILED: Glyph("✗", "x", "failed", "status--failed"),
    Status.DELETING: Glyph("…", "~", "deleting", "status--waiting"),
    Status.DELETE_FAILED: Glyph("!", "!", "delete failed", "status--failed"),
}


def glyph(status: str) -> Glyph:
    """Give the glyph of a status; one that is not known keeps its own word."""
    return GLYPHS.get(status) or Glyph("?", "?", status, "status--waiting")


def size(size_bytes: int | None) -> str:
    """Give `size_bytes` in at most eight cells, such as `21 B` or `1.2 kB`."""
    if size_bytes is None:
        return ""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    from humanize import naturalsize

    return naturalsize(size_bytes, format="%.1f")


def exact_size(size_bytes: int) -> str:
    """Give `size_bytes` with the exact number beside the rounded one."""
    return size(size_bytes) if size_bytes < 1000 else f"{size(size_bytes)} ({size_bytes:,} B)"


def count(number: int, *, is_exact: bool = True) -> str:
    """Give a number of keys: `4,213`, or `4,213+` while there may be more."""
    return f"{number:,}" if is_exact else f"{number:,}+"


def plural(number: int, noun: str) -> str:
    """Give `1 key`, `2 keys`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def seconds_since_epoch(timestamp: str | None) -> float | None:
    """Read a timestamp of the API, with any number of fractional digits; None if it is none."""
    if not timestamp:
        return None
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def age(timestamp: str | None, now: float) -> str:
    """Give how long ago `timestamp` was, in at most ten cells, such as `3 min ago`."""
    moment = seconds_since_epoch(timestamp)
    return "" if moment is None else ago(now - moment)


def ago(seconds: float) -> str:
    """Give a time span in at most ten cells, such as `3 min ago`."""
    if seconds < 10:
        return "now"
    unit_seconds, unit = next(
        (unit_seconds, unit) for limit, unit_seconds, unit in _UNITS if seconds < limit
    )
    return f"{seconds / unit_seconds:.0f} {unit} ago"


def fit(text: str, width: int) -> str:
    """Cut `text` to `width` characters, keeping its beginning."""
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def shorten_left(text: str, width: int) -> str:
    """Cut `text` to `width` characters, keeping its end, which says more in a path."""
    if len(text) <= width:
        return text
    return "…" + text[len(text) - width + 1 :] if width > 0 else ""
