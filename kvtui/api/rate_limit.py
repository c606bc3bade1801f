"""What answers say about the rate limit, and what of the current window is left to whom."""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx
import msgspec

from kvtui.records import Priority

MAX_WINDOW_SECONDS: Final = 60.0
"""No window is believed to last longer: a wrong header must not stop everything for a day."""
MARGIN_SECONDS: Final = 0.02
"""Added to the end of a window: whoever comes early by a rounding error is refused."""

_NUMBER: Final = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)")
_RESERVED: Final = {Priority.INTERACTIVE: 0.0, Priority.VISIBLE: 0.05, Priority.BACKGROUND: 0.1}
"""The share of a window that a priority leaves to those before it, less and less until its end."""
_SHORT_SECONDS: Final = 1.0
"""A window no longer than this would be over before an answer tells that it has begun."""
_SLACK_SECONDS: Final = 0.03
"""By so much a pace is slower than the window would allow."""
_CATCH_UP_SECONDS: Final = 0.1
"""How far requests that keep a pace may catch up when this machine held them up."""
_MOST_UNDER_WAY: Final = 64
_FEW: Final = 25
"""So many requests in a window must there be for each that is kept until its very end."""
_ROUNDING_SECONDS: Final = 1e-9


class RateLimit(msgspec.Struct, frozen=True):
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
    """The current window of the rate limit, as far as answers have told.

    A long window is spent as fast as can be, but for what is kept for more urgent requests. In a
    short one, all but the most urgent go at an even pace, and the slack is what is kept.
    """

    def __init__(self) -> None:
        self._limit = 0
        self._told_remaining = 0
        """By the newest answer, or by the clock."""
        self._resets_at = 0.0
        self._length_seconds = 0.0
        self._is_guessed = False
        """Whether only the clock says that this window has begun, and no answer yet."""
        self._spent_count = 0
        self._newest_turn = 0
        self._first_turn = 0
        """Answers to requests before this one tell nothing about this window."""
        self._under_way: dict[int, _Sent] = {}
        self._trip_seconds = math.inf
        """The shortest time from a request to its answer."""
        self._paced_until = 0.0
        self._held_until = 0.0
        """How long the window holds up those that keep a pace; 0 where it does not."""

    def spend(self, priority: Priority, now: float) -> int:
        """Count a request, and return its number among all of them."""
        self._spent_count += 1
        pace_seconds = self._pace_seconds(priority)
        if pace_seconds:
            # What the window held up is not caught up: it would only be held up again.
            due_at = max(now - _CATCH_UP_SECONDS, min(self._held_until, now))
            self._paced_until = max(self._paced_until, due_at) + pace_seconds
            self._held_until = 0.0
        self._under_way[self._spent_count] = _Sent(now, now + self._lag_seconds(priority))
        self._forget_all_but(_MOST_UNDER_WAY)
        return self._spent_count

    def learn(self, seen: RateLimit, turn: int, now: float, under_way: int = 0) -> None:
        """Take in the headers of the answer to request `turn`, while others are `under_way`.

        Those are taken as not yet counted in them.
        """
        sent = self._under_way.pop(turn, None)
        if sent is not None:
            self._trip_seconds = min(self._trip_seconds, now - sent.at)
        self._forget_all_but(under_way)
        if seen.remaining is None or seen.reset_seconds is None or turn < self._first_turn:
            return
        if turn < self._newest_turn and seen.remaining >= self._told_remaining:
            return
        length_seconds = min(seen.reset_seconds, MAX_WINDOW_SECONDS) + MARGIN_SECONDS
        is_over = self._is_guessed or now >= self._resets_at
        # Requests that overtake each other make small differences too.
        is_new = is_over or seen.remaining > self._told_remaining + under_way
        # Servers round the time up: within one window the earliest word is the closest.
        self._resets_at = min(now + length_seconds, math.inf if is_new else self._resets_at)
        self._is_guessed = False
        self._newest_turn = max(self._newest_turn, turn)
        self._told_remaining = seen.remaining
        self._limit = seen.limit or max(self._limit, seen.remaining + 1)
        self._length_seconds = max(self._length_seconds, length_seconds)

    def hold_seconds(self, priority: Priority, now: float) -> float:
        """Return how long a request of this priority is to wait for its turn."""
        if not self._limit:
            return 0.0
        remaining = self._remaining()
        opens_at = self._opens_at(priority, remaining)
        if self._pace_seconds(priority):
            if opens_at > max(now, self._paced_until):
                self._held_until = opens_at
            opens_at = max(opens_at, self._paced_until)
        if opens_at - now > _ROUNDING_SECONDS:
            return opens_at - now
        if now >= self._resets_at and remaining <= self._least_kept(priority):
            self._begin(now)
        return 0.0

    def _remaining(self) -> int:
        landing = sum(sent.lands_at < self._resets_at for sent in self._under_way.values())
        return self._told_remaining - landing

    def _opens_at(self, priority: Priority, remaining: int) -> float:
        """Return from when on more is left than is kept, which gets less until the end."""
        if remaining <= self._least_kept(priority):
            return self._resets_at - self._lag_seconds(priority)
        kept = 0.0 if self._pace_seconds(priority) else self._limit * _RESERVED[priority]
        seconds = (remaining - 1) * self._length_seconds / kept if kept else math.inf
        return self._resets_at - seconds

    def _least_kept(self, priority: Priority) -> int:
        """Return how many are kept even at the end of a window."""
        return 0 if self._pace_seconds(priority) else min(priority, self._limit // _FEW)

    def _pace_seconds(self, priority: Priority) -> float:
        """Return the time from one request to the next; 0 where they need not keep a pace."""
        seconds = self._length_seconds - MARGIN_SECONDS
        is_short = self._limit > 0 and seconds <= _SHORT_SECONDS
        is_paced = is_short and priority is not Priority.INTERACTIVE
        return (seconds + _SLACK_SECONDS) / max(self._limit - 1, 1) if is_paced else 0.0

    def _lag_seconds(self, priority: Priority) -> float:
        """Return how long a request that keeps a pace is certainly on its way to being counted."""
        is_known = math.isfinite(self._trip_seconds) and self._pace_seconds(priority) > 0
        return self._trip_seconds / 2 if is_known else 0.0

    def _begin(self, now: float) -> None:
        """Take a new window for begun; what is answered from before it says nothing about it."""
        self._told_remaining = max(self._limit - len(self._under_way), 1)
        self._under_way.clear()
        self._resets_at = now + self._length_seconds
        self._first_turn = self._spent_count + 1
        self._is_guessed = True

    def _forget_all_but(self, count: int) -> None:
        """Forget the oldest requests: those that never were answered."""
        while len(self._under_way) > max(count, 0):
            del self._under_way[next(iter(self._under_way))]


class _Sent(msgspec.Struct, frozen=True):
    """A request on its way."""

    at: float
    lands_at: float
    """The earliest time when it can be counted."""


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
