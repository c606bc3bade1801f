"""The children of a folder in another order than that of their names."""

from collections.abc import Sequence
from typing import Protocol

from kvtui.keyspace.filter import Order, OrderBy
from kvtui.keyspace.fold import Fold
from kvtui.keyspace.index import KeyIndex


class Arrangement(Protocol):
    """Which child (by its number in key order) stands at which place."""

    def number(self, place: int) -> int: ...

    def place(self, number: int) -> int: ...


class _Reversed:
    def __init__(self, count: int) -> None:
        self._last = count - 1

    def number(self, place: int) -> int:
        return self._last - place

    def place(self, number: int) -> int:
        return self._last - number


class _Permutation:
    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers
        self._places = [0] * len(numbers)
        for place, number in enumerate(numbers):
            self._places[number] = place

    def number(self, place: int) -> int:
        return self._numbers[place]

    def place(self, number: int) -> int:
        return self._places[number]


def arrange(fold: Fold, order: Order) -> Arrangement | None:
    """Sort the children of a folder; None where they stand in key order already."""
    if order.by is OrderBy.NAME:
        return _Reversed(len(fold)) if order.is_descending else None
    measure = _sizes if order.by is OrderBy.SIZE else _ages
    known = measure(fold.index, fold)
    sign = -1 if order.is_descending else 1
    numbers = sorted(range(len(fold)), key=lambda n: (known[n] is None, sign * (known[n] or 0)))
    return _Permutation(numbers)


def _sizes(index: KeyIndex, fold: Fold) -> list[int | None]:
    return [
        index.size_bytes(child.path) if child.is_folder else index.entry_at(child.start).size_bytes
        for child in fold.children(0, len(fold))
    ]


def _ages(index: KeyIndex, fold: Fold) -> list[int | None]:
    """Rank the children by the time of their last change, the newest first."""
    times = [
        max(
            (
                entry.updated_at or ""
                for entry in index.entries("", child.start, child.start + child.count)
            ),
            default="",
        )
        for child in fold.children(0, len(fold))
    ]
    ranks = {time: rank for rank, time in enumerate(sorted(set(times), reverse=True))}
    return [ranks[time] if time else None for time in times]
