"""Reads everything below a prefix, side by side, on a server that lists in byte order.

One listing is followed until it turns out long. Then whoever is idle takes the listing with the
most left to read and splits it where it stands: it keeps what begins like its last key, and
every next character becomes a segment of its own, likely ones first.
"""

import heapq
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kvtui.keyspace.chunk import PAST_EVERYTHING
from kvtui.keyspace.guess import Scale, forks, likelihood
from kvtui.keyspace.piece import State
from kvtui.keyspace.segments import Segment, Segments
from kvtui.protocol import KEY_ALPHABET
from kvtui.records import KeyPage

_SEQUENTIAL_PAGES: Final = 8
_WORTH_PAGES: Final = 16
_MOST_EXTRA: Final = 0.35
_LINDY: Final = 32
_IDLE_SHARE: Final = 3.0
_SHARE: Final = 0.35


@dataclass(slots=True)
class _Stream:
    """A segment with more pages."""

    keys: Sequence[str] = ()
    """Those of the last page that had any."""
    scale: Scale | None = None
    """What they tell, or None before the first."""
    context: str = ""
    context_pages: int = 0
    scout_count: int = 0
    tried: set[str] = field(default_factory=set)

    def look_at(self, keys: Sequence[str], start: int) -> None:
        """Note how far the listing has come, and how long it has been in folders of one kind."""
        self.keys, self.scale = keys, Scale(keys, start)
        context = re.sub(r"\d+", "#", self.scale.folder)
        self.context_pages = self.context_pages + 1 if self.context == context else 1
        self.context = context


class OrderedScan:
    """Decides which segment to list next; see `Scan` for what drives it."""

    def __init__(self, prefix: str) -> None:
        self._segments = Segments(prefix)
        self._new: list[tuple[tuple[int, int, int], int, Segment]] = []
        self._open: list[tuple[float, int, Segment]] = [(0.0, 0, self._segments.first)]
        self._streams: dict[Segment, _Stream] = {}
        self._kinds: Counter[int] = Counter()
        """How many segments hold keys, by the length of their prefixes."""
        self._made = 0
        self.idle_share = 0.0
        self._page_count = 0
        self._empty_count = 0

    @property
    def is_done(self) -> bool:
        return not self._streams and not self._new and self._segments.first.page_count > 0

    def next(self) -> Segment | None:
        """Give a segment to list, or None where all waits for answers."""
        return self._next_new() or self._next_open() or self._scout()

    def feed(self, segment: Segment, page: KeyPage) -> None:
        self._page_count += 1
        self._empty_count += not page.keys
        is_first = segment.is_empty and bool(page.keys)
        self._segments.feed(segment, page)
        if is_first:
            self._kinds[len(segment.prefix)] += 1
            self._release(segment)
        if segment.state is not State.OPEN:
            self._streams.pop(segment, None)
            return
        stream = self._streams.setdefault(segment, _Stream())
        if page.keys:
            stream.look_at(page.keys, len(segment.prefix))
        self._made += 1
        heapq.heappush(self._open, (-self._density(segment), self._made, segment))
        if self._page_count == _SEQUENTIAL_PAGES and segment.last:
            self._segments.split(segment, segment.last[: len(segment.prefix) + 1], KEY_ALPHABET)
            self._release(segment, is_whole=True)

    @property
    def done_count(self) -> int:
        return self._segments.done_count

    @property
    def branch_count(self) -> int:
        return self._segments.made_count

    def give_back(self, segment: Segment) -> None:
        """Undo that a page of a segment is under way."""
        if segment.state is State.DONE:
            return
        segment.give_back()
        self._made += 1
        heapq.heappush(self._open, (0.0, self._made, segment))

    def _release(self, segment: Segment, *, is_whole: bool = False) -> None:
        """Have all asked for that only a listing stopped by this segment could have reached."""
        after = segment.following
        while after is not None and after.is_empty:
            is_reached = after.prefix.startswith(segment.prefix)
            if after.state is State.NEW and (is_whole or not is_reached):
                self._made += 1
                heapq.heappush(self._new, (_rank(segment, after), self._made, after))
            after = after.following

    def _next_new(self) -> Segment | None:
        while self._new:
            segment = heapq.heappop(self._new)[2]
            if segment.state is State.NEW:
                return segment
        return None

    def _next_open(self) -> Segment | None:
        while self._open:
            segment = heapq.heappop(self._open)[2]
            if segment.state in {State.NEW, State.OPEN}:
                return segment
        return None

    def _scout(self) -> Segment | None:
        """Split a listing that has much left, and give one of the new segments."""
        if self._page_count < _SEQUENTIAL_PAGES:
            return None
        left = {segment: self._left_pages(segment) for segment in self._streams}
        expected = sum(left.values()) / 2
        budget = _MOST_EXTRA * (self._page_count - self._empty_count + expected) + 128
        if self._empty_count > budget:
            return None
        for segment in sorted(left, key=left.__getitem__, reverse=True):
            if left[segment] < _WORTH_PAGES:
                return None
            stream = self._streams[segment]
            if 4 * stream.scout_count > segment.page_count:
                continue
            scout = self._split(segment, stream, left[segment])
            if scout is not None:
                stream.scout_count += 1
                return scout
        return None

    def _split(self, segment: Segment, stream: _Stream, left: float) -> Segment | None:
        following = segment.following
        limit = following.prefix if following else PAST_EVERYTHING
        ats = forks(segment.prefix, segment.last, limit, stream.keys)
        own = len(segment.prefix)
        if self._kinds[own] > 2 and segment.last[own : own + 1].isalpha() and own not in ats:
            ats.insert(0, own)
        for at in ats:
            path = segment.last[: at + 1]
            if path in stream.tried:
                continue
            share = _SHARE + _IDLE_SHARE * self.idle_share
            pages = segment.page_count
            if stream.scale is not None and at >= len(stream.scale.folder):
                pages = stream.context_pages
            if self._cost(segment, path, limit) > share * min(left, _LINDY * pages):
                break
            stream.tried.add(path)
            self._segments.split(segment, path, KEY_ALPHABET)
            best = self._likeliest(segment, path)
            if best is not None:
                return best
        return None

    def _cost(self, segment: Segment, path: str, limit: str) -> int:
        return (
            sum(
                character > path[at] and path[:at] + character < limit
                for at in range(len(segment.prefix), len(path))
                for character in KEY_ALPHABET
            )
            + segment.spared_count
        )

    def _likeliest(self, segment: Segment, path: str) -> Segment | None:
        """Give the likeliest of the segments that were just made beside `path`."""
        at = len(path) - 1
        ranked = []
        after = segment.following
        while (
            after is not None and after.prefix[:at] == path[:at] and len(after.prefix) == len(path)
        ):
            if after.state is State.NEW:
                ranked.append((likelihood(path, at, after.prefix[at]), after.prefix, after))
            after = after.following
        return min(ranked)[2] if ranked else None

    def _end(self, segment: Segment) -> str:
        """Give the prefix from where on a segment is not expected to hold keys."""
        after = segment.following
        while after is not None and after.state is State.NEW:
            after = after.following
        if after is None or not after.prefix.startswith(segment.prefix):
            return PAST_EVERYTHING
        return after.prefix

    def _left_pages(self, segment: Segment) -> float:
        return min(self._density(segment), _LINDY * segment.page_count)

    def _density(self, segment: Segment) -> float:
        scale = self._streams[segment].scale
        if scale is None:
            return 0.0
        start = segment.start if scale.covers(segment.start) else scale.folder
        begun, here = scale.position(start), scale.position(segment.last)
        end = self._end(segment)
        there = 1.0 if end == PAST_EVERYTHING else scale.position(end)
        if here <= begun:
            return float(segment.page_count)
        return segment.page_count * max(there - here, 0) / (here - begun)


def _rank(beside: Segment, segment: Segment) -> tuple[int, int, int]:
    at = len(segment.prefix) - 1
    path = beside.last or beside.prefix
    if path[:at] != segment.prefix[:at] or at >= len(path):
        return 2, at, 0
    return likelihood(path, at, segment.prefix[at])
