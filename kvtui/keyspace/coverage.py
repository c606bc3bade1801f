"""How much of every prefix has been listed."""

from bisect import bisect_left, bisect_right
from enum import Enum

from kvtui.keyspace.chunk import PAST_EVERYTHING


class Coverage(Enum):
    """What can be said of the keys below a prefix."""

    UNKNOWN = "unknown"
    """Nothing was listed there by itself."""
    PARTIAL = "partial"
    """The listing has more."""
    ALL_FOUND = "all found"
    """Nothing likely is left to ask for; that there are no other children is not proven."""
    PROVEN = "proven"
    """There are no other children; not everything below them is listed."""
    COMPLETE = "complete"
    """A listing came to its end: nothing is missing."""


class CoverageMap:
    """Coverage by prefix. What is complete makes everything below it complete.

    Prefixes need not end at a separator: a listing of `us` covers the folder `user/`.
    """

    def __init__(self) -> None:
        self._complete: list[str] = []
        """Sorted, and none begins with another."""
        self._said: dict[str, Coverage] = {}

    def set(self, prefix: str, coverage: Coverage) -> None:
        """Say what is known of `prefix` itself; COMPLETE replaces what was said below it."""
        if coverage is Coverage.COMPLETE:
            self._complete_below(prefix)
            return
        start = bisect_left(self._complete, prefix)
        if self._complete[start : start + 1] == [prefix]:
            del self._complete[start]
        self._said[prefix] = coverage

    def get(self, prefix: str) -> Coverage:
        if prefix in self._said:
            return self._said[prefix]
        at = bisect_right(self._complete, prefix) - 1
        is_complete = at >= 0 and prefix.startswith(self._complete[at])
        return Coverage.COMPLETE if is_complete else Coverage.UNKNOWN

    def _complete_below(self, prefix: str) -> None:
        self._drop_below(prefix)
        at = bisect_right(self._complete, prefix)
        if not (at and prefix.startswith(self._complete[at - 1])):
            self._complete.insert(at, prefix)

    def _drop_below(self, prefix: str) -> None:
        start = bisect_left(self._complete, prefix)
        stop = bisect_left(self._complete, prefix + PAST_EVERYTHING)
        del self._complete[start:stop]
        for said in [said for said in self._said if said.startswith(prefix)]:
            del self._said[said]
