"""Finds the children of a folder on a server that lists in byte order.

A page that lies wholly in one child says that this child is large. Everything that could sort
after it is then asked for by its own prefix, likely names first, while the child itself is left
unread. To prove that nothing else exists, every gap is either asked for or read through,
whichever seems to be cheaper.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kvtui.keyspace.children import Children
from kvtui.keyspace.chunk import child_path
from kvtui.keyspace.guess import Scale, likelihood
from kvtui.keyspace.piece import State
from kvtui.keyspace.segments import Segment, Segments
from kvtui.protocol import KEY_ALPHABET, SEPARATOR
from kvtui.records import KeyPage

_BARREN_SHARE: Final = 20
"""A page with fewer than one new child in so many keys is followed by the next one unasked."""
_MOST_BARREN_PAGES: Final = 8
_PATIENCE: Final = 8
_LEAST_PART: Final = 1e-9
_FEW_REQUESTS: Final = 1024
"""So many are made on the word of a guess alone."""


@dataclass(slots=True)
class _Large:
    """A child that filled a whole page, seen from the segment that reads in it."""

    folder: str
    page_count: int = 0
    left_pages: float = 0.0
    """A guess at how many pages are left of it."""
    is_given_up: bool = False


class OrderedDiscovery:
    """Decides what to ask for; see `Discovery` for what drives it."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self._segments = Segments(children.prefix)
        self._likely: list[tuple[tuple[int, int, int], int, Segment]] = []
        self._large: dict[Segment, _Large] = {}
        self._barren: list[Segment] = []
        self._ready: list[Segment] = []
        self._made = 0
        self._is_proving = False
        self._new_count = 0
        """How many segments nobody has asked for, about."""
        self._promises: list[Segment] = []
        """Likely segments that are under way."""
        self._luck = _PATIENCE
        """How many more large children may turn out too large to be read to their end."""

    @property
    def root(self) -> Segment:
        return self._segments.first

    @property
    def is_proven(self) -> bool:
        """Whether every child is known: all is listed, or lies in a child that is known."""
        live_count = self._segments.live_count
        if live_count > len(self._large):
            return False
        return live_count == sum(segment.state is not State.DONE for segment in self._large)

    def next_find(self) -> Segment | None:
        """Give the likeliest segment to hold a child not yet seen, or None."""
        while self._barren:
            segment = self._barren.pop()
            if segment.state is State.OPEN:
                return segment
        while self._likely:
            rank, _, segment = self._likely[0]
            if segment.state is not State.NEW:
                heapq.heappop(self._likely)
            elif rank[0] > 1 and self._has_promises():
                return None
            else:
                heapq.heappop(self._likely)
                self._promises += [segment] * (rank[0] == 0)
                return segment
        return None

    def next_proof(self) -> Segment | None:
        """Give a segment that has to be listed for the proof, or None while all wait."""
        for attempt in range(2):
            while self._ready:
                segment = self._ready.pop()
                if segment.state in {State.NEW, State.OPEN}:
                    return segment
            if attempt == 0:
                self._is_proving = True
                self._ready = list(self._needed())[::-1]
        return None

    def feed(self, segment: Segment, page: KeyPage) -> int:
        """Take in a page; give how many children it brought."""
        found = self._children.add(page.keys)
        self._segments.feed(segment, page)
        if segment.state is State.OPEN and page.keys:
            self._look_at(segment, page, found)
        elif segment.state is State.DONE:
            self._luck += self._large.pop(segment, None) is not None
        if segment.state is State.OPEN and self._is_proving and self._is_worth_reading(segment):
            self._ready.append(segment)
        return found

    def give_back(self, segment: Segment) -> None:
        segment.give_back()

    def _look_at(self, segment: Segment, page: KeyPage, found: int) -> None:
        folder = child_path(page.keys[-1], len(self._children.prefix))
        is_large = folder.endswith(SEPARATOR) and page.keys[0].startswith(folder)
        large = self._large.get(segment)
        if large is not None and (not is_large or large.folder != folder):
            self._luck += 1
        if not is_large:
            self._large.pop(segment, None)
            if found * _BARREN_SHARE < len(page) and segment.page_count <= _MOST_BARREN_PAGES:
                self._barren.append(segment)
            return
        if large is None or large.folder != folder:
            large = self._large[segment] = _Large(folder)
            self._split(segment, folder)
        large.page_count += 1
        read = Scale(page.keys, len(folder)).position(page.keys[-1])
        large.left_pages = large.page_count * (1 - read) / max(read, _LEAST_PART)

    def _split(self, segment: Segment, folder: str) -> None:
        for made in self._segments.split(segment, folder, KEY_ALPHABET):
            at = len(made.prefix) - 1
            self._made += 1
            rank = likelihood(folder, at, made.prefix[at])
            heapq.heappush(self._likely, (rank, self._made, made))

    def _has_promises(self) -> bool:
        self._promises = [segment for segment in self._promises if segment.is_under_way]
        return bool(self._promises)

    def _needed(self) -> Iterator[Segment]:
        """Give what the proof needs, leaving out what a listing will read through anyway."""
        self._segments.prune()
        self._new_count = sum(segment.state is State.NEW for segment in self._segments)
        reader: Segment | None = None
        for segment in self._segments:
            if segment.state is State.DONE:
                reader = reader if segment.is_empty else None
            elif segment.state is State.NEW:
                if reader is None or not segment.prefix.startswith(reader.prefix):
                    yield segment
            else:
                reader = segment if self._is_worth_reading(segment) else None
                if reader is not None and segment.state is State.OPEN:
                    yield segment

    def _is_worth_reading(self, segment: Segment) -> bool:
        """Tell whether reading on costs less than asking for what may come after."""
        large = self._large.get(segment)
        if large is None:
            return True
        saved = segment.spared_count
        if large.page_count > max(saved, _PATIENCE):
            self._luck -= not large.is_given_up
            large.is_given_up = True
            return False
        is_gamble = self._new_count > _FEW_REQUESTS and self._luck > 0
        return large.left_pages <= saved or is_gamble
