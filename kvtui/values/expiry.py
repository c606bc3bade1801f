"""Times at which a value says of itself that it expires, and what other instants it holds."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

MAX_FOUND: Final = 8

_NAMES: Final = (
    r"exp|expire[sd]?|expiry|expiration|expires?_?(?:at|on|time|date)|expiry_?(?:at|time|date)"
    r"|expiration_?(?:at|time|date)|ttl_?until|valid_?(?:until|to|before)|not_?after"
)
_MEMBER: Final = re.compile(
    rf'"(?=[eEtTvVnN])(?P<name>(?i:{_NAMES}))"\s*:\s*'
    r'(?:"(?P<text>[^"\\]{1,40})"|(?P<number>\d{8,20})(?:\.\d+)?\b)'
)
_UNITS: Final = ((10**16, 10**9), (10**14, 10**6), (10**11, 10**3))
"""From which number on an instant is counted in which fraction of a second."""
_MIN_SECONDS: Final = 10**8
_DIGITS: Final = re.compile(r"\d{8,20}")
_SPANS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


@dataclass(frozen=True, slots=True)
class Expiry:
    """A member of a value that tells when it expires."""

    name: str
    at: datetime
    """In UTC."""

    def has_passed(self, now: float) -> bool:
        return self.at.timestamp() <= now


def expiries(text: str) -> list[Expiry]:
    """Find what in JSON text, or text written like it, tells of an expiry."""
    found: dict[Expiry, None] = {}
    for member in _MEMBER.finditer(text):
        at = instant(member["text"] or member["number"])
        if at is not None:
            found[Expiry(member["name"], at)] = None
        if len(found) == MAX_FOUND:
            break
    return list(found)


def instant(written: str) -> datetime | None:
    """Read an instant: seconds or fractions of them since 1970, or ISO 8601; else None."""
    try:
        if _DIGITS.fullmatch(written):
            return _from_number(int(written))
        at = datetime.fromisoformat(written)
    except (ValueError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _from_number(number: int) -> datetime | None:
    divisor = next((per_second for least, per_second in _UNITS if number >= least), 1)
    seconds = number / divisor
    return datetime.fromtimestamp(seconds, UTC) if seconds >= _MIN_SECONDS else None


def described(at: datetime, now: float) -> str:
    """Write an instant, and how far from `now` it is."""
    text = at.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00") + " UTC"
    seconds = at.timestamp() - now
    distance = _distance(abs(seconds))
    return f"{text}, {f'in {distance}' if seconds > 0 else f'{distance} ago'}"


def _distance(seconds: float) -> str:
    name, length = next((unit for unit in _SPANS if seconds >= unit[1]), _SPANS[-1])
    return f"{seconds // length:,.0f} {name}"
