"""The keys seen so far: pages merge in any order, every key has a row number in key order.

A caller gives every page it receives to `merge`, its own writes to `put` and `remove`, and reads
by prefix: `count`, `size_bytes`, `entries`. `version` grows with every change. A page of a listing
in no order may touch very many chunks: `merging` takes it in by small steps, so that an event loop
can breathe between them, and `backlog` is for many such pages.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from kvtui.keyspace.chunk import PAST_EVERYTHING, Chunk, shared_folder_length
from kvtui.keyspace.columns import EMPTY, Columns, joined
from kvtui.records import KeyEntry, KeyPage

_CHUNK_KEYS: Final = 1000
"""A page of a listing becomes a chunk as it is."""
_STEP_KEYS: Final = 3000
_MOST_CHANGES: Final = 256


class KeyIndex:
    """A sorted set of keys with their sizes and times, kept in chunks of about `chunk_keys`."""

    def __init__(self, chunk_keys: int = _CHUNK_KEYS) -> None:
        self.version = 0
        self._chunk_keys = chunk_keys
        self._chunks: list[Chunk] = []
        self._firsts: list[str] = []
        self._counts: list[int] = []
        self._shared: list[int] = []
        """Per chunk: length of the innermost folder shared with the chunk before it."""
        self._starts: list[int] = [0]
        self._counted = 0
        """The row numbers of so many chunks are right."""
        self._changes: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return self.row_at(len(self._chunks), 0)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.find(key) is not None

    # Changes.

    def merge(self, page: KeyPage) -> int:
        """Take in a page; give how many of its keys were not known."""
        return self.merge_columns(Columns.of_page(page))

    def merge_columns(self, columns: Columns) -> int:
        """Take in keys that are in order already; give how many were not known."""
        return sum(self.merging(columns))

    def merging(self, columns: Columns) -> Iterator[int]:
        """Take in keys that are in order, in steps of few milliseconds; give each step's new."""
        position = added = weight = 0
        while position < len(columns):
            position, new, touched = self._absorb(columns, position)
            added += new
            weight += touched
            if weight >= _STEP_KEYS:
                yield added
                added = weight = 0
        yield added

    def put(self, entry: KeyEntry) -> None:
        """Take in an own write, which replaces what was known of its key."""
        found = self.find(entry.key)
        row = Columns([entry.key], [entry.size_bytes], [entry.updated_at])
        if found is None:
            self._absorb(row, 0)
            return
        at, position = found
        known = self._chunks[at].columns()
        parts = [known.cut(0, position), row, known.cut(position + 1, len(known))]
        self._splice(at, at + 1, joined(parts))

    def remove(self, key: str) -> bool:
        """Drop a key; tell whether it was known."""
        return self.forget_span(key, key + "\0") > 0

    def forget(self, prefix: str) -> int:
        """Drop every key that begins with `prefix`; give how many there were."""
        return self.forget_span(prefix, prefix + PAST_EVERYTHING)

    def forget_span(self, first: str, end: str) -> int:
        """Drop every key from `first` on that sorts before `end`; give how many there were."""
        (start, skipped), (stop, kept) = self.locate(first), self.locate(end)
        count = self.row_at(stop, kept) - self.row_at(start, skipped)
        if count:
            head = self._columns(start).cut(0, skipped) if skipped else EMPTY
            tail = self._columns(stop).cut(kept, self._counts[stop]) if kept else EMPTY
            self._splice(start, stop + bool(kept), joined([head, tail]))
        return count

    def snapshot(self) -> "KeyIndex":
        """Give a copy that later changes leave alone; it costs little, for chunks are shared."""
        copy = KeyIndex(self._chunk_keys)
        copy.version = self.version
        copy._chunks, copy._firsts = self._chunks[:], self._firsts[:]
        copy._counts, copy._shared = self._counts[:], self._shared[:]
        return copy

    # Questions.

    def find(self, key: str) -> tuple[int, int] | None:
        """Give chunk and position of a key, or None where it is not known."""
        at, position = self.locate(key)
        if at == len(self._chunks) or self._chunks[at].keys[position] != key:
            return None
        return at, position

    def get(self, key: str) -> KeyEntry | None:
        """Give what is known of `key`, or None."""
        found = self.find(key)
        return None if found is None else self._chunks[found[0]].entry(found[1])

    def count(self, prefix: str) -> int:
        """Count the keys that begin with `prefix`."""
        return self.rank(prefix + PAST_EVERYTHING) - self.rank(prefix)

    def size_bytes(self, prefix: str) -> int:
        """Add up the known sizes of the keys that begin with `prefix`."""
        start, stop = self.locate(prefix), self.locate(prefix + PAST_EVERYTHING)
        whole = sum(chunk.size_bytes for chunk in self._chunks[start[0] : stop[0]])
        return whole - self._sizes_before(*start) + self._sizes_before(*stop)

    def rank(self, key: str) -> int:
        """Give how many known keys sort before `key`."""
        return self.row_at(*self.locate(key))

    def entries(
        self, prefix: str = "", start: int = 0, stop: int | None = None
    ) -> Iterator[KeyEntry]:
        """Give the entries below `prefix` in key order, from the start-th to before the stop-th."""
        low, high = self.rank(prefix), self.rank(prefix + PAST_EVERYTHING)
        row = low + start
        last = high if stop is None else min(high, low + stop)
        while row < last:
            at, position = self.place_of(row)
            end = min(position + last - row, self._counts[at])
            yield from self._chunks[at].entries(position, end)
            row += end - position

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Give the keys below `prefix` in key order."""
        end = prefix + PAST_EVERYTHING
        start, stop = self.locate(prefix)[0], self.locate(end)[0]
        for chunk in self._chunks[start : stop + 1]:
            keys = chunk.passing()
            yield from keys[bisect_left(keys, prefix) : bisect_left(keys, end)]

    def entry_at(self, row: int) -> KeyEntry:
        """Give the row-th entry in key order."""
        at, position = self.place_of(row)
        return self._chunks[at].entry(position)

    def changes_since(self, version: int) -> list[tuple[str, str]] | None:
        """Give the spans (first and last key) changed since a version; None if too long ago."""
        count = self.version - version
        if count > len(self._changes):
            return None
        return self._changes[len(self._changes) - count :]

    def has_changed(self, prefix: str, version: int) -> bool:
        """Tell whether anything that begins with `prefix` may have changed since a version."""
        changes = self.changes_since(version)
        return changes is None or any(
            first <= prefix + PAST_EVERYTHING and prefix <= last for first, last in changes
        )

    # How the keys are laid out, for whoever folds or searches them chunk by chunk.

    @property
    def chunks(self) -> Sequence[Chunk]:
        """The chunks in key order; a chunk never changes, but others take its place."""
        return self._chunks

    @property
    def shared_lengths(self) -> Sequence[int]:
        """Per chunk, the length of the innermost folder shared with the chunk before it."""
        return self._shared

    def locate(self, key: str) -> tuple[int, int]:
        """Give chunk and position in it of the first known key from `key` on."""
        at = bisect_right(self._firsts, key) - 1
        if at < 0:
            return 0, 0
        chunk = self._chunks[at]
        if chunk.last < key:
            return at + 1, 0
        return at, bisect_left(chunk.keys, key)

    def chunk_before(self, key: str) -> int:
        """Give the last chunk that begins with `key` or before it; -1 where there is none."""
        return bisect_right(self._firsts, key) - 1

    def row_at(self, at: int, position: int) -> int:
        """Give the row number of a position in a chunk."""
        if self._counted < at:
            known = self._counted
            self._starts[known:] = accumulate(self._counts[known:], initial=self._starts[known])
            self._counted = len(self._chunks)
        return self._starts[at] + position

    def place_of(self, row: int) -> tuple[int, int]:
        """Give chunk and position of the row-th key."""
        self.row_at(len(self._chunks), 0)
        at = bisect_right(self._starts, row) - 1
        return at, row - self._starts[at]

    def _columns(self, at: int) -> Columns:
        return self._chunks[at].columns()

    def _sizes_before(self, at: int, position: int) -> int:
        return sum(filter(None, self._columns(at).sizes_bytes[:position])) if position else 0

    def _absorb(self, batch: Columns, start: int) -> tuple[int, int, int]:
        """Take in the keys of `batch` from `start` that fall to one chunk, or between two.

        Gives where to go on, the number of new keys and the number of keys touched.
        """
        at = bisect_right(self._firsts, batch.keys[start]) - 1
        is_last = at + 1 >= len(self._firsts)
        stop = len(batch) if is_last else bisect_left(batch.keys, self._firsts[at + 1], start)
        part = batch.cut(start, stop)
        if at >= 0 and part.keys[0] <= self._chunks[at].last:
            added = self._merge_into(at, part)
            return stop, added, len(part) + self._chunk_keys
        self._insert_after(at, part)
        return stop, len(part), len(part)

    def _merge_into(self, at: int, part: Columns) -> int:
        known = self._columns(at)
        start = bisect_left(known.keys, part.keys[0])
        if known.cut(start, start + len(part)) == part:
            return 0
        merged = known.merged(part)
        if merged != known:
            self._splice(at, at + 1, merged)
        return len(merged) - len(known)

    def _insert_after(self, at: int, part: Columns) -> None:
        is_short = 2 * len(part) < self._chunk_keys
        for neighbour in (at, at + 1) if is_short else ():
            is_there = 0 <= neighbour < len(self._chunks)
            if is_there and self._counts[neighbour] + len(part) <= self._chunk_keys:
                known = self._columns(neighbour)
                both = [known, part] if neighbour == at else [part, known]
                self._splice(neighbour, neighbour + 1, joined(both))
                return
        self._splice(at + 1, at + 1, part)

    def _splice(self, start: int, stop: int, columns: Columns) -> None:
        """Put chunks made of `columns` in the place of the chunks from `start` to `stop`."""
        removed = self._chunks[start:stop]
        chunks = [Chunk(part) for part in self._cut(columns)]
        self._chunks[start:stop] = chunks
        self._firsts[start:stop] = [chunk.first for chunk in chunks]
        self._counts[start:stop] = [len(chunk) for chunk in chunks]
        self._shared[start:stop] = [0] * len(chunks)
        for at in range(start, min(start + len(chunks) + 1, len(self._chunks))):
            before = self._chunks[at - 1].last if at else ""
            self._shared[at] = shared_folder_length(before, self._firsts[at])
        self._counted = min(self._counted, start)
        del self._starts[self._counted + 1 :]
        self._note_change([*removed, *chunks])

    def _cut(self, columns: Columns) -> Iterator[Columns]:
        """Cut into parts of about equal length, none half as long again as a chunk should be."""
        count = len(columns)
        parts = 1 if 2 * count <= 3 * self._chunk_keys else -(-count // self._chunk_keys)
        for part in range(parts if count else 0):
            yield columns.cut(count * part // parts, count * (part + 1) // parts)

    def _note_change(self, chunks: list[Chunk]) -> None:
        span = (min(chunk.first for chunk in chunks), max(chunk.last for chunk in chunks))
        self.version += 1
        self._changes.append(span)
        if len(self._changes) > 2 * _MOST_CHANGES:
            del self._changes[:_MOST_CHANGES]
