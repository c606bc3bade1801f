"""The keys seen so far: pages merge in any order, every key has a row number in key order.

A caller gives every page it receives to `merge`, its own writes to `put` and `remove`, and reads
by prefix: `count`, `size_bytes`, `entries`. `version` grows with every change. Where many pages
overlap what is known (listings in no order), `merging` does the same in small steps, so that an
event loop can breathe between them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from kvtui.keyspace.chunk import (
    PAST_EVERYTHING,
    Chunk,
    Columns,
    Details,
    is_newer,
    shared_folder_length,
)
from kvtui.records import KeyEntry, KeyPage

_CHUNK_KEYS = 1000
"""A page of a listing becomes a chunk as it is."""
_STEP_KEYS = 4000
_MOST_CHANGES = 256


class KeyIndex:
    """A sorted set of keys with their sizes and times, kept in chunks of about `chunk_keys`."""

    def __init__(self, chunk_keys: int = _CHUNK_KEYS) -> None:
        self._chunk_keys = chunk_keys
        self.version = 0
        self._chunks: list[Chunk] = []
        self._firsts: list[str] = []
        self._shared: list[int] = []
        """Per chunk: length of the innermost folder shared with the chunk before it."""
        self._row_starts: list[int] = [0]
        self._is_counted = True
        self._changes: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return self._starts()[-1]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def merge(self, page: KeyPage) -> int:
        """Take in a page; give how many of its keys were not known."""
        return sum(self.merging([page]))

    def merging(self, pages: Sequence[KeyPage]) -> Iterator[int]:
        """Take in pages in steps of a few milliseconds; give the new keys of every step."""
        for page in pages:
            yield from self._merging(Columns.of_page(page))

    def put(self, entry: KeyEntry) -> None:
        """Take in an own write, which replaces what was known of its key."""
        self.remove(entry.key)
        self._absorb(Columns([entry.key], [(entry.size_bytes, entry.updated_at)]), 0)

    def remove(self, key: str) -> bool:
        """Drop a key; tell whether it was known."""
        if self.get(key) is None:
            return False
        at = bisect_right(self._firsts, key) - 1
        details = self._chunks[at].columns().as_dict()
        del details[key]
        self._splice(at, at + 1, Columns.of_dict(details))
        return True

    def forget(self, prefix: str) -> int:
        """Drop every key that begins with `prefix`; give how many there were."""
        return self.forget_span(prefix, prefix + PAST_EVERYTHING)

    def forget_span(self, first: str, end: str) -> int:
        """Drop every key from `first` on that sorts before `end`; give how many there were."""
        (start, skipped), (stop, kept) = self.locate(first), self.locate(end)
        count = self.row_at(stop, kept) - self.row_at(start, skipped)
        if count:
            head = self._columns(start).cut(0, skipped)
            tail = (
                self._columns(stop).cut(kept, len(self._chunks[stop])) if kept else Columns([], [])
            )
            rest = Columns(head.keys + tail.keys, head.details + tail.details)
            self._splice(start, stop + bool(kept), rest)
        return count

    def merge_columns(self, columns: Columns) -> int:
        """Take in keys that are already in order; give how many were not known."""
        return sum(self._merging(columns))

    def get(self, key: str) -> KeyEntry | None:
        """Give what is known of `key`, or None."""
        at, position = self.locate(key)
        if at == len(self._chunks):
            return None
        entry = self._chunks[at].entry(position)
        return entry if entry.key == key else None

    def count(self, prefix: str) -> int:
        """Count the keys that begin with `prefix`."""
        return self.rank(prefix + PAST_EVERYTHING) - self.rank(prefix)

    def size_bytes(self, prefix: str) -> int:
        """Add up the known sizes of the keys that begin with `prefix`."""
        (start, skipped), (stop, kept) = (
            self.locate(prefix),
            self.locate(prefix + PAST_EVERYTHING),
        )
        whole = sum(chunk.size_bytes for chunk in self._chunks[start:stop])
        return whole - self._sizes_before(start, skipped) + self._sizes_before(stop, kept)

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
            at = bisect_right(self._starts(), row) - 1
            position = row - self._starts()[at]
            chunk = self._chunks[at]
            for here in range(position, min(len(chunk), position + last - row)):
                yield chunk.entry(here)
            row += len(chunk) - position

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Give the keys below `prefix` in key order."""
        return (entry.key for entry in self.entries(prefix))

    def entry_at(self, row: int) -> KeyEntry:
        """Give the row-th entry in key order."""
        return next(self.entries("", row, row + 1))

    def changes_since(self, version: int) -> list[tuple[str, str]] | None:
        """Give the spans (first and last key) changed since a version; None if too long ago."""
        count = self.version - version
        if count > len(self._changes):
            return None
        return self._changes[len(self._changes) - count :]

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
        """Give chunk and position in it of the first key from `key` on."""
        at = bisect_right(self._firsts, key) - 1
        if at < 0:
            return 0, 0
        chunk = self._chunks[at]
        if chunk.last < key:
            return at + 1, 0
        return at, bisect_left(chunk.columns().keys, key)

    def row_at(self, at: int, position: int) -> int:
        """Give the row number of a position in a chunk."""
        return self._starts()[at] + position

    def _starts(self) -> list[int]:
        if not self._is_counted:
            self._row_starts = list(accumulate(map(len, self._chunks), initial=0))
            self._is_counted = True
        return self._row_starts

    def _columns(self, at: int) -> Columns:
        return self._chunks[at].columns() if at < len(self._chunks) else Columns([], [])

    def _sizes_before(self, at: int, position: int) -> int:
        return sum(size or 0 for size, _ in self._columns(at).details[:position])

    def _merging(self, batch: Columns) -> Iterator[int]:
        position = added = weight = 0
        while position < len(batch):
            start = position
            position, new, touched = self._absorb(batch, start)
            added += new
            weight += touched
            if weight >= _STEP_KEYS:
                yield added
                added = weight = 0
        yield added

    def _absorb(self, batch: Columns, start: int) -> tuple[int, int, int]:
        """Take in the keys of `batch` that fall to one chunk, or between two.

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
        known = self._chunks[at].columns()
        details = known.as_dict()
        merged = details | {
            key: new
            for key, new in zip(part.keys, part.details, strict=True)
            if key not in details or _replaces(new, details[key])
        }
        if merged != details:
            self._splice(at, at + 1, Columns.of_dict(merged))
        return len(merged) - len(details)

    def _insert_after(self, at: int, part: Columns) -> None:
        neighbours = [n for n in (at, at + 1) if 0 <= n < len(self._chunks)]
        is_short = 2 * len(part) < self._chunk_keys
        for neighbour in neighbours if is_short else []:
            if len(self._chunks[neighbour]) + len(part) <= self._chunk_keys:
                known = self._chunks[neighbour].columns()
                both = (known, part) if neighbour == at else (part, known)
                joined = Columns(both[0].keys + both[1].keys, both[0].details + both[1].details)
                self._splice(neighbour, neighbour + 1, joined)
                return
        self._splice(at + 1, at + 1, part)

    def _splice(self, start: int, stop: int, columns: Columns) -> None:
        """Put chunks made of `columns` in the place of the chunks from `start` to `stop`."""
        removed = self._chunks[start:stop]
        chunks = [Chunk(part) for part in self._cut(columns)]
        self._chunks[start:stop] = chunks
        self._firsts[start:stop] = [chunk.first for chunk in chunks]
        self._shared[start:stop] = [0] * len(chunks)
        for at in range(start, min(start + len(chunks) + 1, len(self._chunks))):
            before = self._chunks[at - 1].last if at else ""
            self._shared[at] = shared_folder_length(before, self._firsts[at])
        self._is_counted = False
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


def _replaces(new: Details, known: Details) -> bool:
    return new != known and is_newer(new[1], known[1])
