"""How long a key lives: `30s`, `5m`, `1h30m`, `2d` to seconds and back."""

import re
from typing import Final

from kvtui.errors import SettingsError
from kvtui.protocol import MAX_TTL_SECONDS, MIN_TTL_SECONDS

_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_LIFETIME: Final = re.compile(r"\d+|(?:\d+\s*[wdhms]\s*)+", re.ASCII)
_PART: Final = re.compile(r"(\d+)\s*([wdhms]?)", re.ASCII)
_MAX_DIGITS: Final = 12
"""More cannot be within the limit, and Python refuses to read very long numbers."""


def parse_lifetime(text: str) -> int:
    """Read seconds (`90`) or numbers with units (`1h30m`, `2d`); raise SettingsError if neither."""
    spoken = text.strip().lower()
    if not _LIFETIME.fullmatch(spoken):
        raise SettingsError("a lifetime is a number of seconds, or such as 30s, 5m, 1h, 2d")
    parts = _PART.findall(spoken)
    if any(len(number) > _MAX_DIGITS for number, _ in parts):
        raise SettingsError(_OUT_OF_RANGE)
    seconds = sum(int(number) * _UNITS[unit or "s"] for number, unit in parts)
    if not MIN_TTL_SECONDS <= seconds <= MAX_TTL_SECONDS:
        raise SettingsError(_OUT_OF_RANGE)
    return seconds


def spell_lifetime(seconds: int) -> str:
    """Write `seconds` in units, such as `1h 30m`; `parse_lifetime` reads it back."""
    parts = []
    for unit, unit_seconds in _UNITS.items():
        number, seconds = divmod(seconds, unit_seconds)
        if number:
            parts.append(f"{number}{unit}")
    return " ".join(parts) or "0s"


_OUT_OF_RANGE: Final = f"a lifetime is {MIN_TTL_SECONDS} to {MAX_TTL_SECONDS:,} seconds"
