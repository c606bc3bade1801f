"""The regions that wait to be listed: new ones by what they may hold, open ones by what is left."""

import heapq

from kvtui.keyspace.guess import likelihood
from kvtui.keyspace.piece import State
from kvtui.keyspace.regions import Region


class Waiting:
    """Two queues of regions; one that is closed or stopped meanwhile is passed over."""

    def __init__(self) -> None:
        self._new: list[tuple[tuple[float, ...], int, Region]] = []
        self._open: list[tuple[float, int, Region]] = []
        self._pushed_count = 0

    @property
    def has_new(self) -> bool:
        """Whether parts may wait that were not asked for."""
        return bool(self._new)

    def push(self, region: Region, left_pages: float) -> None:
        """Let a region wait, which has about so many pages left."""
        self._pushed_count += 1
        if region.cursor is None and region.parent is not None:
            heapq.heappush(self._new, (_rank(region), self._pushed_count, region))
        elif region.state is not State.DONE:
            heapq.heappush(self._open, (-left_pages, self._pushed_count, region))

    def next_new(self) -> Region | None:
        """Give the part that most likely holds the most of those not asked for."""
        while self._new:
            region = heapq.heappop(self._new)[2]
            if region.state is State.NEW and region.is_live:
                return region
        return None

    def next_open(self) -> Region | None:
        """Give the listing with the most left."""
        while self._open:
            region = heapq.heappop(self._open)[2]
            if region.state in {State.NEW, State.OPEN} and region.is_live:
                return region
        return None


def _rank(region: Region) -> tuple[float, ...]:
    way = region.parent.node if region.parent is not None else ""
    at = len(region.prefix) - 1
    is_near = len(way) > at >= 0 and way[:at] == region.prefix[:at]
    rank = likelihood(way, at, region.prefix[at]) if is_near else (2, at, 0)
    return (-region.share, *rank)
