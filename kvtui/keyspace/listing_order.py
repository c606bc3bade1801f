"""In which order the server lists, as far as its pages have shown."""

from dataclasses import dataclass
from enum import Enum
from itertools import islice
from operator import gt, lt
from typing import Final

from kvtui.records import KeyPage

_PROVING_FALLS: Final = 5


class Verdict(Enum):
    """What is known of the order."""

    OPEN = "open"
    """Nothing contradicts byte order, and nothing proves it: plans may not rely on it."""
    BYTE_ORDER = "byte order"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Edge:
    """The last row of a page, to be compared with the first of the page after it."""

    key: str
    updated_at: str | None


class ListingOrder:
    """The evidence of one namespace: keep it, and give it to every plan.

    Keys that ascend prove little: keys written in their order ascend in a listing by time as
    well, and a server may sort within its pages. So byte order is certified only when keys ascend
    across the border of two pages too, while their times have fallen several times. One key out
    of order revokes it for good.
    """

    def __init__(self) -> None:
        self._is_ascending = True
        self._has_crossed = False
        self._falls = 0

    @property
    def verdict(self) -> Verdict:
        if not self._is_ascending:
            return Verdict.OTHER
        is_proven = self._has_crossed and self._falls >= _PROVING_FALLS
        return Verdict.BYTE_ORDER if is_proven else Verdict.OPEN

    @property
    def lacks_border(self) -> bool:
        """Whether one more page of a listing would turn an open verdict into byte order."""
        return self._is_ascending and not self._has_crossed and self._falls >= _PROVING_FALLS

    def observe(self, page: KeyPage, before: Edge | None) -> Edge | None:
        """Look at a page; `before` is what this gave for the page before it in the same listing."""
        if not page.keys or not self._is_ascending:
            return before
        ascends = all(map(lt, page.keys, islice(page.keys, 1, None)))
        self._is_ascending = ascends and (before is None or before.key < page.keys[0])
        self._has_crossed = self._has_crossed or before is not None
        if self._falls < _PROVING_FALLS:
            self._falls += _falls([time for time in page.updated_at if time is not None])
        return Edge(page.keys[-1], page.updated_at[-1])


def _falls(times: list[str]) -> int:
    """Count how often a time is earlier than the one before it."""
    if len(set(map(len, times))) > 1:
        times = [time.rstrip("Z") for time in times]
    return sum(map(gt, times, islice(times, 1, None)))
