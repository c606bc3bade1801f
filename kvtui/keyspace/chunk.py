"""A run of neighbouring keys with their sizes and times: what an index is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kvtui.protocol import SEPARATOR
from kvtui.records import KeyEntry, KeyPage

PAST_EVERYTHING = "\U0010ffff"
"""Sorts after any character of a key: `prefix + PAST_EVERYTHING` ends what begins with `prefix`."""

Details = tuple[int | None, str | None]
"""Size and time of a key, as listed."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Keys in ascending order, without duplicates, and what is known of each."""

    keys: list[str]
    details: list[Details]

    @classmethod
    def of_page(cls, page: KeyPage) -> "Columns":
        return cls.of_dict(newest(zip(page.keys, page.sizes_bytes, page.updated_at, strict=True)))

    @classmethod
    def of_dict(cls, details: dict[str, Details]) -> "Columns":
        keys = sorted(details)
        return cls(keys, list(map(details.__getitem__, keys)))

    def __len__(self) -> int:
        return len(self.keys)

    def cut(self, start: int, stop: int) -> "Columns":
        return Columns(self.keys[start:stop], self.details[start:stop])

    def as_dict(self) -> dict[str, Details]:
        return dict(zip(self.keys, self.details, strict=True))


def newest(rows: Iterable[tuple[str, int | None, str | None]]) -> dict[str, Details]:
    """Keep the newest details of every key."""
    found: dict[str, Details] = {}
    for key, size_bytes, updated_at in rows:
        if key not in found or is_newer(updated_at, found[key][1]):
            found[key] = (size_bytes, updated_at)
    return found


def is_newer(updated_at: str | None, known: str | None) -> bool:
    """Tell whether a row said to be changed at `updated_at` replaces one of `known`; ties do."""
    if updated_at is None or known is None:
        return known is None
    return updated_at.rstrip("Z") >= known.rstrip("Z")


class Chunk:
    """Some thousand keys at most, never changed: a change makes another chunk."""

    __slots__ = ("_columns", "base_length", "child_count", "first", "last", "size_bytes")

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.first = columns.keys[0]
        self.last = columns.keys[-1]
        self.base_length = shared_folder_length(self.first, self.last)
        """Length of the innermost folder that holds all the keys."""
        self.child_count = len(fold(columns.keys, self.base_length))
        """How many children of that folder have keys here."""
        self.size_bytes = sum(size or 0 for size, _ in columns.details)

    def __len__(self) -> int:
        return len(self._columns)

    def columns(self) -> Columns:
        return self._columns

    def entry(self, position: int) -> KeyEntry:
        return KeyEntry(self._columns.keys[position], *self._columns.details[position])


def shared_folder_length(first: str, last: str) -> int:
    """Give the length of the innermost folder that holds both keys."""
    limit = min(len(first), len(last))
    length = next((i for i in range(limit) if first[i] != last[i]), limit)
    return first.rfind(SEPARATOR, 0, length) + 1


def child_path(key: str, prefix_length: int) -> str:
    """Give the child below a prefix that leads to `key`: a folder ending in "/", or the key."""
    return key[: key.find(SEPARATOR, prefix_length) + 1] or key


def fold(keys: Sequence[str], prefix_length: int) -> list[int]:
    """Give the positions in ascending `keys` where another child of the prefix begins."""
    find = str.find
    paths = [key[: find(key, SEPARATOR, prefix_length) + 1] or key for key in keys]
    seen = dict(zip(reversed(paths), range(len(paths) - 1, -1, -1), strict=True))
    return sorted(seen.values())
