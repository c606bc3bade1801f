"""A prefix cut into segments, for a server that lists in byte order.

Segments stand in key order and none overlaps another. Each is listed by its own prefix with its
own cursor. Because the listing ascends, a segment may be split at the key it has reached: what
sorts after that key is handed to new segments, one for every next character, which can be listed
side by side. A segment that reads on past its end takes over the segments after it that nobody
has asked for, until it meets one that somebody else reads.
"""

from bisect import bisect_left
from collections.abc import Iterator

from kvtui.keyspace.chunk import PAST_EVERYTHING
from kvtui.keyspace.piece import Piece, State
from kvtui.records import KeyPage


class Segment(Piece):
    """Part of the key space, from its prefix to where the next segment begins."""

    __slots__ = ("following", "is_empty", "last", "start")

    def __init__(self, prefix: str, following: "Segment | None" = None) -> None:
        super().__init__(prefix)
        self.following = following
        self.start = ""
        """The first key listed."""
        self.last = ""
        """The last key listed."""
        self.is_empty = True
        """Whether no key of it was listed by its own prefix."""

    @property
    def spared_count(self) -> int:
        """How many segments that nobody has asked for are read through with it."""
        count = 0
        after = self.following
        while after is not None and after.is_empty and after.prefix.startswith(self.prefix):
            count += after.state is State.NEW
            after = after.following
        return count


class Segments:
    """The segments of one prefix, first to last."""

    def __init__(self, prefix: str) -> None:
        self.first = Segment(prefix)
        self.made_count = 1
        self.done_count = 0

    @property
    def live_count(self) -> int:
        """How many segments are not done."""
        return self.made_count - self.done_count

    def __iter__(self) -> Iterator[Segment]:
        segment: Segment | None = self.first
        while segment is not None:
            yield segment
            segment = segment.following

    def prune(self) -> None:
        """Forget segments that are done and no longer tell where another one has to end."""
        before, segment = self.first, self.first.following
        while segment is not None:
            is_border = not segment.is_empty and (before.state is not State.DONE or before.is_empty)
            if segment.state is State.DONE and not is_border:
                before.following = segment.following
            else:
                before = segment
            segment = segment.following

    def feed(self, segment: Segment, page: KeyPage) -> None:
        """Take in the next page of a segment."""
        if segment.state is State.DONE:
            return
        segment.take(page)
        if page.keys:
            segment.is_empty = False
            segment.start = segment.start or page.keys[0]
            segment.last = page.keys[-1]
        if page.has_more:
            self._pass_over(segment, page)
        else:
            self._end(segment)

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
