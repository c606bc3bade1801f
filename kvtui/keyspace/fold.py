"""The children of one folder, numbered in key order, without a list of them.

A chunk says how many children of its innermost folder it holds, so a folder of ten thousand
chunks is folded by adding numbers up; only the chunks on its edges and those on screen are read.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from kvtui.keyspace.chunk import PAST_EVERYTHING, Chunk, child_path
from kvtui.keyspace.index import KeyIndex
from kvtui.protocol import SEPARATOR


class Child(NamedTuple):
    """A key or a folder directly below a folder; a tuple, for every row drawn makes one."""

    path: str
    """The whole key, or the whole prefix."""
    is_folder: bool
    start: int
    """Row number in the index of its first key."""
    key_count: int
    """How many known keys it stands for: 1 for a key."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a chunk holds of a folder."""

    chunk: Chunk
    low: int
    high: int
    """The keys of the folder stand from position `low` to before `high`."""
    positions: Sequence[int]
    """Where children begin that did not begin before this chunk."""

    @property
    def is_inside_one_child(self) -> bool:
        """Whether all of the chunk belongs to a child that began before it."""
        return not self.positions and self.low == 0 and self.high == len(self.chunk)


class Fold:
    """The children of `prefix` as an index holds them now; stale when the index has changed.

    Folding again is cheap with the fold that was there `before`: only what changed is counted.
    """

    def __init__(self, index: KeyIndex, prefix: str, before: "Fold | None" = None) -> None:
        self.index = index
        self.prefix = prefix
        self.version = index.version
        """Of the index."""
        self._first, self._skipped = index.locate(prefix)
        self._end, self._kept = index.locate(prefix + PAST_EVERYTHING)
        self._last = self._end if self._kept else self._end - 1
        """The last chunk that holds one of the children; before the first where there is none."""
        same, self.counts = self._counted(before)
        """Per chunk, how many children begin there."""
        kept: list[int] = before.numbers[:same] if before is not None else []
        start = kept[-1] + self.counts[same - 1] if kept else 0
        self.numbers: list[int] = kept + list(accumulate(self.counts[same:], initial=start))
        """Per chunk, the number of the first child that begins there."""

    def __len__(self) -> int:
        return self.numbers[-1]

    @property
    def key_count(self) -> int:
        """How many known keys begin with the prefix."""
        index = self.index
        return index.row_at(self._end, self._kept) - index.row_at(self._first, self._skipped)

    def number(self, path: str) -> int | None:
        """Give the number of a child by its path, or None where no known key is there."""
        at, position = self.index.locate(path)
        if not self._first <= at <= self._last:
            return None
        here = self.index.chunks[at].keys[position]
        if not here.startswith(self.prefix) or child_path(here, len(self.prefix)) != path:
            return None
        return self.numbers[at - self._first] + bisect_left(self._positions(at), position)

    def children(self, start: int, stop: int) -> Iterator[Child]:
        """Give the children from number `start` to before `stop`."""
        index = self.index
        beginnings = list(self._beginnings(start, min(stop, len(self)) + 1))
        for (at, position), following in pairwise(beginnings):
            path = child_path(index.chunks[at].keys[position], len(self.prefix))
            row = index.row_at(at, position)
            is_folder = path.endswith(SEPARATOR) and len(path) > len(self.prefix)
            count = index.row_at(*following) - row
            yield Child(path, is_folder, row, count)

    def parts(self) -> Iterator[Part]:
        """Give what every chunk holds of the folder; one key is never in two parts."""
        for at in range(self._first, self._last + 1):
            chunk = self.index.chunks[at]
            low = self._skipped if at == self._first else 0
            high = self._kept if at == self._end else len(chunk)
            yield Part(chunk, low, high, self._positions(at))

    def _beginnings(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Give chunk and position where the children begin; after the last one, the end."""
        number = start
        while number < min(stop, len(self)):
            chunk = bisect_right(self.numbers, number) - 1
            positions = self._positions(self._first + chunk)
            for position in positions[number - self.numbers[chunk] :][: stop - number]:
                yield self._first + chunk, position
                number += 1
        if number < stop:
            yield self._end, self._kept

    def _counts_of(self, start: int, stop: int) -> list[int]:
        """Count the children that begin in some chunks; only those on the edges are looked into."""
        if start >= stop:
            return []
        index, length = self.index, len(self.prefix)
        inner = slice(max(start, self._first + 1), min(stop, self._end))
        counts = [
            chunk.child_count - (shared > length)
            if chunk.base_length <= length
            else int(shared <= length)
            for chunk, shared in zip(index.chunks[inner], index.shared_lengths[inner], strict=True)
        ]
        if start == self._first:
            counts.insert(0, len(self._positions(start)))
        if stop > max(self._end, self._first + 1):
            counts.append(len(self._positions(self._end)))
        return counts

    def _counted(self, before: "Fold | None") -> tuple[int, list[int]]:
        """Count what has changed since the fold before; tell for how many chunks nothing has."""
        everything = self._first, self._last + 1
        changes = None if before is None else self.index.changes_since(before.version)
        if before is None or changes is None:
            return 0, self._counts_of(*everything)
        end = self.prefix + PAST_EVERYTHING
        touched = [span for span in changes if span[0] <= end and self.prefix <= span[1]]
        if not touched:
            return len(before.counts), before.counts
        low, high = min(first for first, _ in touched), max(last for _, last in touched)
        head = max(self.index.chunk_before(low) - self._first, 0)
        # The chunk after a change begins with another child, or no longer does.
        tail = max(self._last - self.index.chunk_before(high) - 1, 0)
        if head + tail > min(len(before.counts), self._last + 1 - self._first):
            return 0, self._counts_of(*everything)
        changed = self._counts_of(self._first + head, self._last + 1 - tail)
        unchanged = before.counts[len(before.counts) - tail :]
        return head, before.counts[:head] + changed + unchanged

    def _positions(self, at: int) -> Sequence[int]:
        """Give the positions in a chunk where a child begins that did not begin before it."""
        chunk = self.index.chunks[at]
        low = self._skipped if at == self._first else 0
        high = self._kept if at == self._end else len(chunk)
        if low >= high:
            return []
        positions = chunk.beginnings(len(self.prefix), low, high)
        continues = at > self._first and self.index.shared_lengths[at] > len(self.prefix)
        return positions[1:] if continues else positions
