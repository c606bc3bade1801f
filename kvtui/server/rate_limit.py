"""The rate limit: how many requests are left in this window, and how clients are told."""

import math

from kvtui.server.options import RateLimit
from kvtui.server.store import Clock

_UNLIMITED = {
    "x-ratelimit-limit": "2000, 2000;w=1",
    "x-ratelimit-remaining": "1999",
    "x-ratelimit-reset": "1",
}
"""What the API is reported to send; its first value is no plain number."""


class RateWindows:
    """Counts requests in fixed windows of time."""

    def __init__(self, limit: RateLimit | None, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._window_begins = -math.inf
        self._taken = 0

    def take(self) -> bool:
        """Count a request; False where it is one too many."""
        if self._limit is None:
            return True
        now = self._clock()
        if not 0 <= now - self._window_begins < self._limit.window_seconds:
            self._window_begins = now
            self._taken = 0
        if self._taken >= self._limit.count:
            return False
        self._taken += 1
        return True

    def headers(self) -> dict[str, str]:
        if self._limit is None:
            return _UNLIMITED
        count, seconds = self._limit.count, self._limit.window_seconds
        left = self._window_begins + seconds - self._clock()
        return {
            "x-ratelimit-limit": f"{count}, {count};w={seconds:g}",
            "x-ratelimit-remaining": str(count - self._taken),
            "x-ratelimit-reset": str(max(1, math.ceil(min(left, seconds)))),
        }
