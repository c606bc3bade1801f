"""A run of neighbouring keys with their sizes and times, packed: what an index is made of."""

from array import array
from bisect import bisect_left
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
_BLOCK: Final = 256
"""Sizes and times of so many keys are unpacked together for a screen."""
_NO_SIZE: Final = 0xFFFF_FFFF
_NO_SIZE_BYTES: Final = b"\xff\xff\xff\xff"
_FEW_CHILDREN: Final = 16
_LINE: Final = "\n"

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
        packed = _pack(keys), _pack_sizes(columns.sizes_bytes), _pack_times(columns.updated_at)
        self._keys, self._sizes, self._times = map(_settled, packed)
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
        sizes, times = _open_details(self._sizes, self._times, 0, self._count)
        return Columns(self.keys, sizes, times)

    def passing(self) -> list[str]:
        """Give the keys without keeping them open, for whoever reads through many chunks."""
        return _unpack(self._keys)

    def entry(self, position: int) -> KeyEntry:
        return next(self.entries(position, position + 1))

    def entries(self, low: int, high: int) -> Iterator[KeyEntry]:
        """Give the entries from position `low` to before `high`; a few cost less than many."""
        length = _BLOCK if high - low < 2 * _BLOCK else self._count
        keys = self.keys
        for start in range(low - low % length, high, length):
            sizes, times = _open_details(self._sizes, self._times, start, start + length)
            part = slice(max(low - start, 0), min(high - start, length))
            block = keys[start : start + length]
            yield from map(KeyEntry, block[part], sizes[part], times[part])

    def beginnings(self, prefix_length: int, low: int, high: int) -> Sequence[int]:
        """Give the positions from `low` to before `high` where children of a prefix begin.

        The keys between them all begin with the prefix, which has that length.
        """
        if self.base_length <= prefix_length and self.child_count == self._count:
            return range(low, high)
        return _open_beginnings(self._keys, prefix_length, low, high)


def shared_folder_length(first: str, last: str) -> int:
    """Give the length of the innermost folder that holds both keys."""
    return first.rfind(SEPARATOR, 0, shared_length(first, last)) + 1


def shared_length(first: str, last: str) -> int:
    """Give for how many characters two keys are the same."""
    length = 0
    limit = min(len(first), len(last))
    while length < limit and first[length] == last[length]:
        length += 1
    return length


def child_path(key: str, prefix_length: int) -> str:
    """Give the child below a prefix that leads to `key`: a folder ending in "/", or the key."""
    return key[: key.find(SEPARATOR, prefix_length) + 1] or key


def _count_children(keys: Sequence[str], prefix_length: int) -> int:
    if _has_children_alike(keys, prefix_length):
        return len(keys)
    position = 0
    for number in range(_FEW_CHILDREN):
        path = child_path(keys[position], prefix_length)
        is_folder = path.endswith(SEPARATOR) and len(path) > prefix_length
        end = path + PAST_EVERYTHING if is_folder else path + "\0"
        position = bisect_left(keys, end, position)
        if position == len(keys):
            return number + 1
    paths = child_paths(keys, prefix_length)
    changes: Iterator[bool] = map(ne, paths[1:], paths)
    return 1 + sum(changes)


def _has_children_alike(keys: Sequence[str], prefix_length: int) -> bool:
    """Tell whether every child is one key, with the same text behind each child's name."""
    first = keys[0]
    slash = first.find(SEPARATOR, prefix_length)
    tail = first[slash:] if slash >= 0 else ""
    text = _LINE.join(keys) + _LINE
    is_one_to_a_line = text.count(_LINE) == len(keys)
    if not is_one_to_a_line or text.count(SEPARATOR) != len(keys) * first.count(SEPARATOR):
        return False
    is_long_enough = min(map(len, keys)) >= prefix_length + len(tail)
    return is_long_enough and text.count(tail + _LINE) == len(keys)


def child_paths(keys: Sequence[str], prefix_length: int) -> list[str]:
    """Give the child below a prefix that leads to each key."""
    # `child_path` for each, spelled out because every listed key passes here.
    return [key[: key.find(SEPARATOR, prefix_length) + 1] or key for key in keys]


def _pack(strings: Sequence[str], *, is_random: bool = False) -> _Packed:
    return pack_strings(strings, is_random=is_random) or tuple(strings)


def _unpack(packed: _Packed, start: int = 0, stop: int | None = None) -> list[str]:
    if isinstance(packed, tuple):
        return list(packed[start:stop])
    return unpack_strings(packed, start, stop)


def _settled(packed: _Packed) -> _Packed:
    """Copy what is kept, now that the room for packing it is free, so that no gaps are left."""
    return bytes(bytearray(packed)) if isinstance(packed, bytes) else packed


def _pack_sizes(sizes: Sequence[int | None]) -> _Packed:
    try:
        packed = array("I", [_NO_SIZE if size is None else size for size in sizes])
    except OverflowError:
        return tuple("" if size is None else str(size) for size in sizes)
    return pack_matrix(packed.tobytes(), packed.itemsize)


def _pack_times(times: Sequence[str | None]) -> _Packed:
    return _pack([time or "" for time in times], is_random=True)


def _unpack_sizes(packed: _Packed, start: int, stop: int) -> list[int | None]:
    if isinstance(packed, tuple):
        return [int(size) if size else None for size in packed[start:stop]]
    content = unpack_matrix(packed, start, stop)
    numbers = array("I", content)
    if _NO_SIZE_BYTES in content:
        return [None if number == _NO_SIZE else number for number in numbers]
    return list(numbers)


@lru_cache(maxsize=_OPEN_CHUNKS)
def _open_keys(packed: _Packed) -> list[str]:
    return _unpack(packed)


@lru_cache(maxsize=_OPEN_CHUNKS)
def _open_details(
    sizes: _Packed, times: _Packed, start: int, stop: int
) -> tuple[list[int | None], list[str | None]]:
    unpacked = _unpack(times, start, stop)
    known: list[str | None] = [*unpacked]
    if not all(unpacked):
        known = [time or None for time in unpacked]
    return _unpack_sizes(sizes, start, stop), known


@lru_cache(maxsize=4 * _OPEN_CHUNKS)
def _open_beginnings(packed: _Packed, prefix_length: int, low: int, high: int) -> Sequence[int]:
    keys = _open_keys(packed)[low:high]
    if _has_children_alike(keys, prefix_length):
        return range(low, high)
    paths = child_paths(keys, prefix_length)
    return [low, *compress(range(low + 1, high), map(ne, paths[1:], paths))]
