"""Keys in order with what is known of each, as plain lists: what pages and chunks are opened to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import lt

from kvtui.records import KeyPage


@dataclass(frozen=True, slots=True)
class Columns:
    """Keys in ascending order, none twice, with the size and time of each. Nobody changes them."""

    keys: Sequence[str]
    sizes_bytes: Sequence[int | None]
    updated_at: Sequence[str | None]

    @classmethod
    def of_page(cls, page: KeyPage) -> "Columns":
        """Sort a page; of a key listed twice the newer row stays."""
        rows = cls(page.keys, page.sizes_bytes, page.updated_at)
        return rows if rows.is_ascending() else rows.in_order()

    def __len__(self) -> int:
        return len(self.keys)

    def is_ascending(self) -> bool:
        return all(map(lt, self.keys, islice(self.keys, 1, None)))

    def in_order(self) -> "Columns":
        """Give the same rows in order, the newest of each key."""
        last = dict(zip(self.keys, range(len(self)), strict=True))
        if len(last) < len(self):
            last = self._newest()
        keys = sorted(last)
        return self.picked(map(last.__getitem__, keys))

    def picked(self, positions: Iterable[int]) -> "Columns":
        """Give the rows at `positions`, in that order."""
        order = list(positions)
        return Columns(
            list(map(self.keys.__getitem__, order)),
            list(map(self.sizes_bytes.__getitem__, order)),
            list(map(self.updated_at.__getitem__, order)),
        )

    def cut(self, start: int, stop: int) -> "Columns":
        if start == 0 and stop >= len(self):
            return self
        return Columns(
            self.keys[start:stop], self.sizes_bytes[start:stop], self.updated_at[start:stop]
        )

    def merged(self, newer: "Columns") -> "Columns":
        """Give the rows of both; of a key in both, the later row unless it is said to be older."""
        if not self.keys or not newer.keys:
            return newer if not self.keys else self
        both = joined([self, newer])
        return both if self.keys[-1] < newer.keys[0] else both.in_order()

    def _newest(self) -> dict[str, int]:
        """Give the position of the newest row of every key."""
        newest: dict[str, int] = {}
        times = self.updated_at
        for position, key in enumerate(self.keys):
            known = newest.get(key)
            if known is None or is_newer(times[position], times[known]):
                newest[key] = position
        return newest


EMPTY = Columns([], [], [])


def joined(parts: Iterable[Columns]) -> Columns:
    """Put rows one after the other, sorted or not."""
    keys: list[str] = []
    sizes_bytes: list[int | None] = []
    updated_at: list[str | None] = []
    for part in parts:
        keys += part.keys
        sizes_bytes += part.sizes_bytes
        updated_at += part.updated_at
    return Columns(keys, sizes_bytes, updated_at)


def is_newer(updated_at: str | None, known: str | None) -> bool:
    """Tell whether a row of `updated_at` replaces one of `known`; of the same time it does."""
    if updated_at is None or known is None:
        return known is None
    return updated_at.rstrip("Z") >= known.rstrip("Z")
