"""The keys of an index that a filter shows, found bit by bit and kept up to date."""

from bisect import bisect_left, bisect_right

from kvtui.keyspace.chunk import PAST_EVERYTHING
from kvtui.keyspace.filter import KeyFilter
from kvtui.keyspace.index import KeyIndex


class Matching:
    """A second index with the shown keys of `index` below `root`.

    `step` looks at some keys; later changes of the index are followed by `step` too.
    """

    def __init__(self, index: KeyIndex, root: str, key_filter: KeyFilter) -> None:
        self.matches = KeyIndex()
        self._index = index
        self._root = root
        self._filter = key_filter
        self._version = index.version
        self._ends = root + PAST_EVERYTHING
        self._from = root
        """Keys before this one have been looked at."""

    @property
    def is_done(self) -> bool:
        """Whether every key now in the index has been looked at."""
        return self._from >= self._ends and self._version == self._index.version

    def step(self, budget_keys: int) -> bool:
        """Look at about so many keys; tell whether all have been looked at."""
        self.follow()
        while budget_keys > 0 and self._from < self._ends:
            at = self._index.locate(self._from)[0]
            if at >= len(self._index.chunks):
                self._from = self._ends
                break
            chunk = self._index.chunks[at]
            self._take(self._from, min(chunk.last + "\0", self._ends))
            self._from = chunk.last + "\0"
            budget_keys -= len(chunk)
        return self.is_done

    def follow(self) -> None:
        """Look again at what has changed among the keys already looked at."""
        changes = self._index.changes_since(self._version)
        self._version = self._index.version
        if changes is None:
            self.matches.forget("")
            self._from = self._root
            return
        for first, last in changes:
            low, end = max(first, self._root), min(last + "\0", self._ends, self._from)
            if low < end:
                self.matches.forget_span(low, end)
                self._take(low, end)

    def _take(self, first: str, end: str) -> None:
        """Take over the shown keys from `first` on that sort before `end`."""
        start, stop = self._index.locate(first)[0], self._index.locate(end)[0]
        for chunk in self._index.chunks[start : stop + 1]:
            keys = chunk.passing()
            low, high = bisect_left(keys, first), bisect_left(keys, end)
            shown = self._filter.positions(keys[low:high])
            if shown:
                self.matches.merge_columns(chunk.columns().picked(low + at for at in shown))


def count_below(keys: list[str], prefix: str) -> int:
    """Count those of sorted `keys` that begin with `prefix`."""
    return bisect_right(keys, prefix + PAST_EVERYTHING) - bisect_left(keys, prefix)
