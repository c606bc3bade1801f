"""Finds the children of a folder on a server that lists in any order.

The folder is split into one region for every next character, likely names first, and regions that
turn out long are split again down to the names of the children: a child that is known to be there
is never listed. For the proof, a region is split or read to its end, whichever seems cheaper.
"""

import heapq
from bisect import bisect_left
from itertools import islice, takewhile
from typing import Final

from kvtui.keyspace.census import Census
from kvtui.keyspace.children import Children
from kvtui.keyspace.free_scan import FreeScan
from kvtui.keyspace.guess import likelihood
from kvtui.keyspace.piece import State
from kvtui.keyspace.regions import Region, Regions
from kvtui.keyspace.savings import Savings
from kvtui.records import KeyPage

_LONG_PAGES: Final = 4
_NEIGHBOURS: Final = 8


class FreeDiscovery:
    """Decides what to ask for; see `Discovery` for what drives it."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self._regions = Regions(children.prefix, children)
        self._savings = Savings(children)
        self._likely: list[tuple[tuple[int, int, int], int, Region]] = []
        self._census: Census | None = None
        self._reading: FreeScan | None = None
        self._made = 0

    @property
    def root(self) -> Region:
        return self._regions.root

    @property
    def is_proven(self) -> bool:
        return self.root.state is State.DONE

    def next_find(self) -> Region | None:
        """Give the likeliest region to hold a child not yet seen, or None."""
        census = self._census
        if census is not None and census.region is not None and census.region.state is State.NEW:
            return census.region
        while self._likely:
            region = heapq.heappop(self._likely)[2]
            if region.state is State.NEW and region.is_live:
                if not self._is_long(region):
                    return region
                self._split(region)
        return None

    def next_proof(self) -> Region | None:
        """Give a region that has to be listed for the proof, or None while all wait."""
        if self._reading is None:
            self._reading = FreeScan(self._regions, self._census)
        return self._reading.next()

    def feed(self, region: Region, page: KeyPage) -> int:
        """Take in a page; give how many children it brought."""
        found = self._children.add(page.keys)
        if self._reading is not None:
            self._reading.feed(region, page)
            return found
        if self._census is not None and region is self._census.region:
            self._census.feed(page)
            return found
        self._regions.feed(region, page)
        is_open = region.state is State.OPEN and not region.is_split
        if is_open and not self._is_rich(region, page):
            self._split(region)
        return found

    def give_back(self, region: Region) -> None:
        """Undo that a page of a region is under way."""
        if self._reading is not None:
            self._reading.give_back(region)
            return
        region.give_back()
        self._push(region, (0, 0, 0))

    def _is_rich(self, region: Region, page: KeyPage) -> bool:
        return region is self.root and self._children.are_rows(page.keys)

    def _is_long(self, region: Region) -> bool:
        """Tell whether listing a region would surely bring only a part of it."""
        pages = self._census.pages if self._census is not None else None
        by_guess = pages is not None and region.share * pages > _LONG_PAGES
        return by_guess or len(region.sample) * 2 >= self.root.page_keys

    def _split(self, region: Region) -> None:
        """Look for siblings of the children that a region is known to hold."""
        if region is self.root:
            self._census = Census(region.sample, region.page_keys)
        parts = self._regions.split(region, self._savings.node(region))
        if region is self.root:
            self._regions.stop(region)
        names = sorted(self._children.paths)
        for part in parts:
            self._push(part, _rank(part, names))

    def _push(self, region: Region, rank: tuple[int, int, int]) -> None:
        self._made += 1
        heapq.heappush(self._likely, (rank, self._made, region))


def _rank(part: Region, names: list[str]) -> tuple[int, int, int]:
    at = len(part.prefix) - 1
    if part.is_exact:
        return 4, at, 0
    if part.sample:
        return 2, at, 2
    stem = part.prefix[:at]
    near = takewhile(lambda name: name.startswith(stem), names[bisect_left(names, stem) :])
    ranks = [
        likelihood(name, at, part.prefix[at])
        for name in islice(near, _NEIGHBOURS)
        if len(name) > at
    ]
    return min(ranks, default=(2, at, 1))
