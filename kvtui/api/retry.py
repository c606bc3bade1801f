"""Whether a request that failed is sent again: a decision from what is known, and nothing else.

A read is sent again while that can help. A write is sent again only if certainly nothing of it left
this machine: another writer may have come in between, and would be overwritten by the repeat.
"""

from enum import Enum
from typing import Final

import msgspec

MAX_ATTEMPTS: Final = 4
PATIENCE_SECONDS: Final = 20.0
"""How long somebody is kept waiting by repeats, and by a rate limit, before being told."""
BASE_DELAY_SECONDS: Final = 0.3
MAX_DELAY_SECONDS: Final = 5.0
MIN_LIMITED_DELAY_SECONDS: Final = 0.5
"""After 429 and 503 without a time: never two requests within half a second."""
MAX_JITTER_SECONDS: Final = 0.02
"""Added to a time the server gave, so that not everyone comes back at once."""


class Phase(Enum):
    """How far a request got."""

    NOT_SENT = "not sent"
    """Certainly no byte of it left."""
    SENT = "sent"
    """Some of it may have been received."""


class Outcome(Enum):
    """How an attempt ended that brought nothing usable."""

    LOST = "lost"
    """No answer, or only a part of one."""
    RATE_LIMITED = "rate limited"
    """429."""
    OVERLOADED = "overloaded"
    """503."""
    FAILED = "failed"
    """Other 5xx, and 408."""
    REFUSED = "refused"
    """Other 4xx: an answer that will not change."""
    UNTRUSTED = "untrusted"
    """A whole answer that is not the API's; it will not change either."""


class Failure(msgspec.Struct, frozen=True):
    """One failed attempt, with what counts for the decision."""

    is_write: bool
    phase: Phase
    outcome: Outcome
    attempt: int
    """1 for the first."""
    elapsed_seconds: float
    """Since the first attempt began, without the time spent waiting for a turn."""
    retry_after_seconds: float | None = None
    """What the server asked for."""
    is_patient: bool = False
    """Nobody is looking: a rate limit may take as long as it takes."""


class Wait(msgspec.Struct, frozen=True):
    """Send it again after this many seconds."""

    seconds: float


class GiveUp(msgspec.Struct, frozen=True):
    """Tell the error."""


class Resolve(msgspec.Struct, frozen=True):
    """It is not known whether the write was done: somebody must read to find out."""


Decision = Wait | GiveUp | Resolve

_DEFINITE: Final = {Outcome.REFUSED, Outcome.UNTRUSTED}


def decide(failure: Failure, fraction: float, *, has_budget: bool = True) -> Decision:
    """Say what comes after `failure`; `fraction` is a random number in [0, 1)."""
    if failure.is_write and failure.phase is Phase.SENT:
        is_refused = failure.outcome in {Outcome.REFUSED, Outcome.RATE_LIMITED}
        return GiveUp() if is_refused else Resolve()
    if failure.outcome in _DEFINITE or failure.attempt >= MAX_ATTEMPTS or not has_budget:
        return GiveUp()
    seconds = delay_seconds(failure, fraction)
    is_held_by_limit = failure.is_patient and failure.outcome is Outcome.RATE_LIMITED
    if not is_held_by_limit and failure.elapsed_seconds + seconds > PATIENCE_SECONDS:
        return GiveUp()
    return Wait(seconds)


def delay_seconds(failure: Failure, fraction: float) -> float:
    """Return the pause after `failure`: the server's wish, else exponential with full jitter."""
    is_limited = failure.outcome in {Outcome.RATE_LIMITED, Outcome.OVERLOADED}
    least = MIN_LIMITED_DELAY_SECONDS if is_limited else 0.0
    if is_limited and failure.retry_after_seconds is not None:
        return max(least, failure.retry_after_seconds) + fraction * MAX_JITTER_SECONDS
    ceiling = min(MAX_DELAY_SECONDS, BASE_DELAY_SECONDS * 2.0 ** (failure.attempt - 1))
    return least + fraction * ceiling


class RetryBudget:
    """Repeats allowed for now: some at once, then one for ten calls or for six seconds.

    Without it, an outage would multiply the requests of everybody who notices it.
    """

    CAPACITY: Final = 10.0
    PER_CALL: Final = 0.1
    PER_SECOND: Final = 1 / 6

    def __init__(self, now: float) -> None:
        self._left = self.CAPACITY
        self._updated_at = now

    def count_call(self, now: float) -> None:
        self._refill(now, self.PER_CALL)

    def has_left(self, now: float) -> bool:
        self._refill(now)
        return self._left >= 1

    def spend(self) -> None:
        self._left -= 1

    def _refill(self, now: float, extra: float = 0.0) -> None:
        earned = (now - self._updated_at) * self.PER_SECOND + extra
        self._left = min(self.CAPACITY, self._left + earned)
        self._updated_at = now
