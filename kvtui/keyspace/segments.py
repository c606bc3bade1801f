"""A prefix cut into segments, for a server that lists in byte order.

Segments stand in key order and none overlaps another. Each is listed by its own prefix with its
own cursor. Because the listing ascends, a segment may be split at the key it has reached: what
sorts after that key is handed to new segments, one for every next character, which can be listed
side by side. A segment that reads on past its end takes over the segments after it that nobody
has asked for, until it meets one that somebody else reads.
"""

from bisect import bisect_left
from collections.abc import Iterator
from enum import Enum

from kvtui.keyspace.chunk import PAST_EVERYTHING
from kvtui.records import KeyPage


class State(Enum):
    """What happens to a segment."""

    NEW = "new"
    """Not asked for."""
    ASKED = "asked"
    """Its first page is under way."""
    OPEN = "open"
    """It has more pages."""
    READING = "reading"
    """One of them is under way."""
    DONE = "done"


class Segment:
    """Part of the key space, from its prefix to where the next segment begins."""

    __slots__ = (
        "cursor",
        "following",
        "is_empty",
        "key_count",
        "last",
        "page_count",
        "prefix",
        "start",
        "state",
    )

    def __init__(self, prefix: str, following: "Segment | None" = None) -> None:
        self.prefix = prefix
        self.following = following
        self.state = State.NEW
        self.cursor: str | None = None
        self.start = ""
        """The first key listed."""
        self.last = ""
        """The last key listed."""
        self.is_empty = True
        """Whether no key of it was listed by its own prefix."""
        self.page_count = 0
        self.key_count = 0

    @property
    def is_under_way(self) -> bool:
        return self.state in {State.ASKED, State.READING}


class Segments:
    """The segments of one prefix, first to last."""

    def __init__(self, prefix: str) -> None:
        self.first = Segment(prefix)
        self.made_count = 1
        self.done_count = 0

    def __iter__(self) -> Iterator[Segment]:
        segment: Segment | None = self.first
        while segment is not None:
            yield segment
            segment = segment.following

    def feed(self, segment: Segment, page: KeyPage) -> None:
        """Take in the next page of a segment."""
        if segment.state is State.DONE:
            return
        segment.page_count += 1
        segment.key_count += len(page)
        if page.keys:
            segment.is_empty = False
            segment.start = segment.start or page.keys[0]
            segment.last = page.keys[-1]
        if page.has_more:
            segment.cursor, segment.state = page.cursor, State.OPEN
            self._pass_over(segment, page)
        else:
            self._end(segment)

    def give_back(self, segment: Segment) -> None:
        """Undo that a page of a segment is under way."""
        if segment.is_under_way:
            segment.state = State.OPEN if segment.cursor else State.NEW

    def split(self, segment: Segment, path: str, alphabet: str) -> list[Segment]:
        """Hand what sorts after everything below `path` to new segments, given in key order.

        The segment keeps what begins with `path`, which begins with the segment's prefix.
        """
        limit = segment.following.prefix if segment.following else PAST_EVERYTHING
        made: list[Segment] = []
        for at in range(len(path) - 1, len(segment.prefix) - 1, -1):
            ends = (path[:at] + character for character in alphabet if character > path[at])
            made += [Segment(prefix) for prefix in ends if prefix < limit]
        self.made_count += len(made)
        for before, after in zip([segment, *made], [*made, segment.following], strict=True):
            before.following = after
        return made

    def _end(self, segment: Segment) -> None:
        """Close a segment whose listing came to its end, and all it has read through."""
        self._close(segment)
        after = segment.following
        while after is not None and after.prefix.startswith(segment.prefix):
            self._close(after)
            after = after.following

    def _pass_over(self, segment: Segment, page: KeyPage) -> None:
        """Take over the segments that a page has reached, or end where another one reads."""
        after = segment.following
        while after is not None and after.prefix <= segment.last:
            start = bisect_left(page.keys, after.prefix)
            is_there = start < len(page) and page.keys[start].startswith(after.prefix)
            if not after.is_empty or (is_there and after.state is not State.NEW):
                self._close(segment)
                return
            self._close(after)
            after = segment.following = after.following

    def _close(self, segment: Segment) -> None:
        if segment.state is not State.DONE:
            segment.state = State.DONE
            self.done_count += 1
