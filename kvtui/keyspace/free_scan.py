"""Reads everything below a prefix, side by side, whatever order the server lists in.

A listing in no order cannot be cut where it stands, so balance is bought before reading: from
the keys seen first it is guessed how the rest is spread, and only what would take too long in
one piece is split. Where the guess was wrong, whoever is idle at the end splits the longest.
"""

from math import inf
from typing import Final

from kvtui.keyspace.census import Census
from kvtui.keyspace.piece import State
from kvtui.keyspace.regions import Region, Regions, shared_prefix
from kvtui.keyspace.savings import Savings
from kvtui.keyspace.waiting import Waiting
from kvtui.protocol import KEY_ALPHABET
from kvtui.records import KeyPage

_SEQUENTIAL_PAGES: Final = 8
_SLOTS: Final = 16
_FEW_SAMPLES: Final = 30
_UNEVEN: Final = 1.3
"""A region is split when it holds so many times an even share of all."""
_TRUSTED_SHARE: Final = 0.005
_WORTH_PAGES: Final = 16
_MOST_EXTRA: Final = 0.5
_FREE_EXTRA: Final = 256
_FREE_PER_PAGE: Final = 4


class FreeScan:
    """Decides which region to list next; see `Scan` for what drives it.

    With regions that only want children, it lists what `Savings` does not spare.
    """

    def __init__(self, regions: Regions, census: Census | None = None) -> None:
        self._regions = regions
        self._savings = Savings(regions.children) if regions.children is not None else None
        self._waiting = Waiting()
        self._census = census
        self._pages_in_all: float | None = None
        self._is_planned = False
        self._spent = 0
        """Requests that splits for balance cost."""
        self._even_pages = inf
        self._is_clustered = census is not None and census.is_clustered
        self._page_count = 0
        self._empty_count = 0
        self.idle_share = 0.0
        for region in regions.leaves():
            self._push(region)
        self._settle_census()

    @property
    def root(self) -> Region:
        return self._regions.root

    @property
    def is_done(self) -> bool:
        return self.root.state is State.DONE

    @property
    def done_count(self) -> int:
        return self._regions.done_count

    @property
    def branch_count(self) -> int:
        return self._regions.made_count

    def next(self) -> Region | None:
        """Give a region to list, or None where all waits for answers."""
        if self._census is not None and self._census.region is not None:
            region = self._census.region
            return region if region.state is State.NEW else None
        waiting = self._waiting
        return waiting.next_new() or self._spread() or waiting.next_open() or self._race()

    def feed(self, region: Region, page: KeyPage) -> None:
        self._page_count += 1
        self._empty_count += not page.keys
        if self._census is not None and region is self._census.region:
            self._census.feed(page)
            self._settle_census()
            return
        if region.state is State.DONE:
            return
        self._regions.feed(region, page)
        racer = region.racer
        if racer is not None:
            self._judge(racer)
        elif region.state is State.OPEN:
            self._correct(region)
            self._consider(region)
        if self._page_count == _SEQUENTIAL_PAGES and not self.is_done and not self._is_planned:
            self._begin_census()

    def give_back(self, region: Region) -> None:
        """Undo that a page of a region is under way."""
        region.give_back()
        self._push(region)

    def _push(self, region: Region) -> None:
        self._waiting.push(region, self._left_pages(region))

    def _left_pages(self, region: Region) -> float:
        if self._pages_in_all is None:
            return float(region.page_count)
        return region.share * self._pages_in_all - region.page_count

    # How many keys there are.

    def _begin_census(self) -> None:
        self._census = Census(self.root.sample, self.root.page_keys)
        self._is_clustered = self._census.is_clustered
        self._settle_census()

    def _settle_census(self) -> None:
        census = self._census
        if census is not None and census.region is None:
            self._census = None
            self._plan(census.pages)

    def _correct(self, region: Region) -> None:
        """Raise the guess where a region holds more than it allows."""
        if self._pages_in_all is not None and region.share > _TRUSTED_SHARE:
            least = region.page_count / region.share
            if least > 1.1 * self._pages_in_all:
                self._pages_in_all = least

    # Splitting.

    def _plan(self, pages_in_all: float | None) -> None:
        """Split what would take longer than an even share of all, and what need not be read."""
        self._is_planned = True
        if pages_in_all is not None and pages_in_all > 1.5 * self.root.page_count:
            self._pages_in_all = pages_in_all
        if self._savings is not None and self._pages_in_all is not None:
            expected = self._savings.requests(self.root, self._pages_in_all)
            self._even_pages = min(expected, self._pages_in_all) / _SLOTS
        for region in [leaf for leaf in self._regions.leaves() if leaf.racer is None]:
            self._settle(region)

    def _settle(self, region: Region) -> None:
        """Decide whether a region is listed itself, or its parts are."""
        if region.sample and (self._is_spared(region) or self._is_too_long(region)):
            for part in self._replace(region):
                self._settle(part)
        elif region.is_split:
            self._regions.join(region)

    def _is_spared(self, region: Region) -> bool:
        """Tell whether splitting a region spares more requests than it costs."""
        if self._savings is None or region.is_exact or region.is_probe:
            return False
        left = None if self._pages_in_all is None else self._left_pages(region)
        return self._savings.is_worth_a_split(region, left, self._even_pages)

    def _is_too_long(self, region: Region) -> bool:
        is_uneven = self._pages_in_all is not None and region.share * _SLOTS >= _UNEVEN
        return is_uneven and len(region.sample) >= _FEW_SAMPLES and self._may_spend(region)

    def _cost(self, region: Region) -> int:
        return len(KEY_ALPHABET) * (len(self._node(region)) - len(region.prefix) + 1)

    def _consider(self, region: Region) -> None:
        """Read on in a region, or split it where that has come to look cheaper."""
        is_time = region.page_count & (region.page_count - 1) == 0
        if is_time and self._is_planned and self._is_spared(region):
            for part in self._replace(region):
                self._settle(part)
        else:
            self._push(region)

    def _replace(self, region: Region) -> list[Region]:
        """List the parts of a region in its place; give those that are known to hold keys."""
        if not region.is_split:
            self._split(region)
        self._regions.stop(region)
        for part in region.parts:
            self._push(part)
        return [part for part in region.parts if part.sample and part.is_live]

    def _node(self, region: Region) -> str:
        """Give the beginning at which the keys of a region part, as far as was seen."""
        if self._savings is not None:
            return self._savings.node(region)
        if not region.sample or self._pages_in_all is None:
            return region.prefix
        shared = shared_prefix(region.sample)
        start = len(region.prefix)
        digit = next((at for at in range(start, len(shared)) if shared[at].isdigit()), len(shared))
        return shared[:digit]

    def _split(self, region: Region) -> list[Region]:
        parts = self._regions.split(region, self._node(region))
        for part in parts:
            self._push(part)
        return parts

    def _spread(self) -> Region | None:
        """Split early where nothing is known of sizes, until there is enough to read."""
        if not self._is_clustered or self._savings is not None or self._waiting.has_new:
            return None
        racers = self._racers()
        if len(racers) >= 3 * _SLOTS or not racers:
            return None
        region = min(racers, key=lambda region: (len(region.prefix), region.page_count))
        if not self._may_spend(region):
            return None
        self._split(region)
        return self._waiting.next_new()

    def _race(self) -> Region | None:
        """Split the longest listing while it goes on, and give the first of its parts."""
        if not self._is_planned:
            return None
        longest = max(self._racers(), key=self._risk, default=None)
        if longest is None or self._risk(longest) < _WORTH_PAGES or not self._may_spend(longest):
            return None
        self._split(longest)
        return self._waiting.next_new()

    def _may_spend(self, region: Region) -> bool:
        """Tell whether splitting a region for balance is within what that may cost, and count it.

        It may cost a part of what is read anyway, and some more as soon as that is not little.
        """
        read = self._page_count - self._empty_count
        # Where only children are wanted, most of those pages are never read.
        pages = self._pages_in_all if self._savings is None else None
        free = _FREE_PER_PAGE * read if pages is None else pages
        allowed = _MOST_EXTRA * max(pages or 0, read) + min(_FREE_EXTRA, free)
        cost = self._cost(region)
        if max(self._spent, self._empty_count) + cost > allowed:
            return False
        self._spent += cost
        return True

    def _racers(self) -> list[Region]:
        return [
            region
            for region in self._regions.leaves()
            if region.cursor is not None and not region.is_split and region.racer is None
        ]

    def _risk(self, region: Region) -> float:
        """Give how many pages a listing may have left, if they are worth a race."""
        left = self._left_pages(region)
        if self._pages_in_all is None or left < -0.25 * region.page_count - 8:
            return region.page_count
        return left if left > 2 * region.page_count else 0.0

    def _judge(self, racer: Region) -> None:
        """Stop a listing once its parts have all answered and several of them have more."""
        parts = racer.live_parts()
        if any(part.page_count == 0 for part in parts):
            return
        if len(parts) == 1:
            self._split(parts[0])
            self._regions.stop(parts[0])
            return
        self._regions.stop(racer)
        for part in parts:
            self._push(part)
