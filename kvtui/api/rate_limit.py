"""What answers say about the rate limit, and what of the current window is left to whom."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from kvtui.records import Priority

MAX_WINDOW_SECONDS: Final = 60.0
"""No window is believed to last longer: a wrong header must not stop everything for a day."""
MARGIN_SECONDS: Final = 0.02
"""Added to the end of a window: whoever comes early by a rounding error is refused."""

_NUMBER: Final = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)")
_RESERVED: Final = {Priority.INTERACTIVE: 0.0, Priority.VISIBLE: 0.05, Priority.BACKGROUND: 0.1}
"""The share of a window that a priority leaves to those before it."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The three `x-ratelimit-*` headers of one answer; None where absent or unreadable."""

    limit: int | None = None
    remaining: int | None = None
    reset_seconds: float | None = None

    @classmethod
    def of(cls, headers: httpx.Headers) -> "RateLimit":
        limit = _number(headers.get("x-ratelimit-limit"))
        remaining = _number(headers.get("x-ratelimit-remaining"))
        return cls(
            None if limit is None else int(limit),
            None if remaining is None else int(remaining),
            _number(headers.get("x-ratelimit-reset")),
        )


def retry_after_seconds(headers: httpx.Headers, epoch: float) -> float | None:
    """Return how long the server asks to wait: `Retry-After` (seconds or date), else the reset."""
    text = headers.get("retry-after")
    if text is not None:
        seconds = _whole_number(text) if text.strip()[:1].isdigit() else _until(text, epoch)
        if seconds is not None:
            return seconds
    return RateLimit.of(headers).reset_seconds


class Window:
    """The current window of the rate limit, as far as answers have told."""

    def __init__(self) -> None:
        self._limit = 0
        self._remaining = 0
        self._spent_count = 0
        self._newest_turn = 0
        self._resets_at = 0.0
        self._length_seconds = 0.0

    def spend(self) -> int:
        """Count a request, and return its number among all of them."""
        self._spent_count += 1
        self._remaining -= 1
        return self._spent_count

    def learn(self, seen: RateLimit, turn: int, now: float) -> None:
        """Take in the headers of the answer to request `turn`.

        Requests that were sent after it are taken as not yet counted in them.
        """
        if seen.remaining is None or seen.reset_seconds is None or turn < self._newest_turn:
            return
        self._newest_turn = turn
        left = max(seen.remaining - (self._spent_count - turn), 0)
        length_seconds = min(seen.reset_seconds, MAX_WINDOW_SECONDS) + MARGIN_SECONDS
        resets_at = now + length_seconds
        is_new = now >= self._resets_at or left > self._remaining
        # Servers round the time up: within one window the earliest word is the closest.
        self._resets_at = resets_at if is_new else min(self._resets_at, resets_at)
        self._remaining = left
        self._limit = seen.limit or max(self._limit, seen.remaining + 1)
        self._length_seconds = max(self._length_seconds, length_seconds)

    def hold_seconds(self, priority: Priority, now: float) -> float:
        """Return how long a request of this priority is to wait for the next window."""
        if not self._limit or self._remaining > math.ceil(self._limit * _RESERVED[priority]):
            return 0.0
        if now < self._resets_at:
            return self._resets_at - now
        self._remaining, self._resets_at = self._limit, now + self._length_seconds
        return 0.0


def _number(text: str | None) -> float | None:
    """Read the first number of `2000, 2000;w=1`."""
    match = _NUMBER.match(text or "")
    return float(match[1]) if match else None


def _whole_number(text: str) -> float | None:
    match = _NUMBER.fullmatch(text.rstrip())
    return float(match[1]) if match else None


def _until(date: str, epoch: float) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = (aware - datetime.fromtimestamp(epoch, UTC)).total_seconds()
    return seconds if seconds > 0 else None
