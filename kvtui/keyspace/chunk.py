"""A run of neighbouring keys with their sizes and times, packed: what an index is made of."""

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress
from operator import ne
from typing import Final

from kvtui.keyspace.columns import Columns
from kvtui.keyspace.packing import pack_matrix, pack_strings, unpack_matrix, unpack_strings
from kvtui.protocol import SEPARATOR
from kvtui.records import KeyEntry

PAST_EVERYTHING: Final = "\U0010ffff"
"""Sorts after any character of a key: `prefix + PAST_EVERYTHING` ends what begins with `prefix`."""

_OPEN_CHUNKS: Final = 64
"""How many are kept unpacked: those on screen and those a page is being merged into."""
_NO_SIZE: Final = 0xFFFF_FFFF

_Packed = bytes | tuple[str, ...]
"""Strings that cannot be packed are kept as they are."""


class Chunk:
    """About a thousand keys, never changed: a change makes another chunk."""

    __slots__ = (
        "_count",
        "_keys",
        "_sizes",
        "_times",
        "base_length",
        "child_count",
        "first",
        "last",
        "size_bytes",
    )

    def __init__(self, columns: Columns) -> None:
        keys = columns.keys
        self._count = len(keys)
        self._keys = _pack(keys)
        self._sizes = _pack_sizes(columns.sizes_bytes)
        self._times = _pack_times(columns.updated_at)
        self.first = keys[0]
        self.last = keys[-1]
        self.size_bytes = sum(filter(None, columns.sizes_bytes))
        self.base_length = shared_folder_length(self.first, self.last)
        """Length of the innermost folder that holds all the keys."""
        self.child_count = _count_children(keys, self.base_length)
        """How many children of that folder have keys here."""

    def __len__(self) -> int:
        return self._count

    @property
    def keys(self) -> list[str]:
        """The keys, which nobody may change."""
        return _open_keys(self._keys)

    def columns(self) -> Columns:
        sizes, times = _open_details(self._sizes, self._times)
        return Columns(self.keys, sizes, times)

    def passing(self) -> list[str]:
        """Give the keys without keeping them open, for whoever reads through many chunks."""
        return _unpack(self._keys)

    def entry(self, position: int) -> KeyEntry:
        sizes, times = _open_details(self._sizes, self._times)
        return KeyEntry(self.keys[position], sizes[position], times[position])

    def beginnings(self, prefix_length: int) -> Sequence[int]:
        """Give the positions where another child of a prefix of that length begins."""
        if self.base_length <= prefix_length and self.child_count == self._count:
            return range(self._count)
        return _open_beginnings(self._keys, prefix_length)


def shared_folder_length(first: str, last: str) -> int:
    """Give the length of the innermost folder that holds both keys."""
    length = 0
    limit = min(len(first), len(last))
    while length < limit and first[length] == last[length]:
        length += 1
    return first.rfind(SEPARATOR, 0, length) + 1


def child_path(key: str, prefix_length: int) -> str:
    """Give the child below a prefix that leads to `key`: a folder ending in "/", or the key."""
    return key[: key.find(SEPARATOR, prefix_length) + 1] or key


def _beginnings(keys: Sequence[str], prefix_length: int) -> Sequence[int]:
    paths = _child_paths(keys, prefix_length)
    return [0, *compress(range(1, len(paths)), map(ne, paths[1:], paths))]


def _count_children(keys: Sequence[str], prefix_length: int) -> int:
    if "".join(keys).count(SEPARATOR) == len(keys) * keys[0].count(SEPARATOR, 0, prefix_length):
        return len(keys)
    paths = _child_paths(keys, prefix_length)
    changes: Iterator[bool] = map(ne, paths[1:], paths)
    return 1 + sum(changes)


def _child_paths(keys: Sequence[str], prefix_length: int) -> list[str]:
    # `child_path` for each, spelled out because every listed key passes here.
    return [key[: key.find(SEPARATOR, prefix_length) + 1] or key for key in keys]


def _pack(strings: Sequence[str], *, is_random: bool = False) -> _Packed:
    return pack_strings(strings, is_random=is_random) or tuple(strings)


def _unpack(packed: _Packed) -> list[str]:
    return list(packed) if isinstance(packed, tuple) else unpack_strings(packed)


def _pack_sizes(sizes: Sequence[int | None]) -> _Packed:
    try:
        packed = array("I", [_NO_SIZE if size is None else size for size in sizes])
    except OverflowError:
        return tuple("" if size is None else str(size) for size in sizes)
    return pack_matrix(packed.tobytes(), packed.itemsize)


def _pack_times(times: Sequence[str | None]) -> _Packed:
    return _pack([time or "" for time in times], is_random=True)


def _unpack_sizes(packed: _Packed) -> list[int | None]:
    if isinstance(packed, tuple):
        return [int(size) if size else None for size in packed]
    numbers = array("I", unpack_matrix(packed))
    if _NO_SIZE in numbers:
        return [None if number == _NO_SIZE else number for number in numbers]
    return list(numbers)


@lru_cache(maxsize=_OPEN_CHUNKS)
def _open_keys(packed: _Packed) -> list[str]:
    return _unpack(packed)


@lru_cache(maxsize=_OPEN_CHUNKS)
def _open_details(sizes: _Packed, times: _Packed) -> tuple[list[int | None], list[str | None]]:
    unpacked = _unpack(times)
    known: list[str | None] = [*unpacked]
    if "" in unpacked:
        known = [time or None for time in unpacked]
    return _unpack_sizes(sizes), known


@lru_cache(maxsize=4 * _OPEN_CHUNKS)
def _open_beginnings(packed: _Packed, prefix_length: int) -> Sequence[int]:
    return _beginnings(_open_keys(packed), prefix_length)
