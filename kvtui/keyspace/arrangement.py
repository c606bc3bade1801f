"""The children of a folder in another order than that of their names.

Sorting a million children takes seconds, so it is done by small steps: their sizes or times are
read chunk by chunk, then dealt into buckets by a sample, and each bucket is sorted by itself.
"""

from array import array
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from itertools import pairwise
from typing import Final, Protocol

from kvtui.keyspace.filter import Order, OrderBy
from kvtui.keyspace.fold import Fold, Part

_BUCKET: Final = 4000
_NUMBER_BITS: Final = 32
_MOST: Final = 1 << 80
"""More than any size or time."""


class Arrangement(Protocol):
    """Which child (by its number in key order) stands at which place."""

    def number(self, place: int) -> int: ...

    def place(self, number: int) -> int: ...


class Reversed:
    """From the last name to the first."""

    def __init__(self, count: int) -> None:
        self._last = count - 1

    def number(self, place: int) -> int:
        return self._last - place

    def place(self, number: int) -> int:
        return self._last - number


class Permutation:
    """Any order, told by the numbers in it."""

    def __init__(self, count: int) -> None:
        self._numbers = array("I")
        self._places = array("I", bytes(4 * count))

    def append(self, numbers: Sequence[int]) -> None:
        """Put children at the next places."""
        for place, number in enumerate(numbers, len(self._numbers)):
            self._places[number] = place
        self._numbers.extend(numbers)

    def number(self, place: int) -> int:
        return self._numbers[place]

    def place(self, number: int) -> int:
        return self._places[number]


def arranging(fold: Fold, order: Order) -> Generator[int, None, Arrangement | None]:
    """Sort the children of a folder by steps, giving how many keys each looked at.

    Returns None where they stand in key order already. What is not known comes last.
    """
    if order.by is OrderBy.NAME:
        return Reversed(len(fold)) if order.is_descending else None
    is_upwards = (order.by is OrderBy.SIZE) is not order.is_descending
    codes: list[int] = []
    measure = _sizes if order.by is OrderBy.SIZE else _times
    for key_count, values in measure(fold):
        first = len(codes)
        codes += [
            _code(value, number, is_upwards=is_upwards)
            for number, value in enumerate(values, first)
        ]
        yield key_count
    permutation = Permutation(len(codes))
    buckets = _buckets(codes)
    for start in range(0, len(codes), _BUCKET):
        _deal(codes[start : start + _BUCKET], buckets)
        yield _BUCKET
    for bucket in buckets.values():
        bucket.sort()
        permutation.append([code & ((1 << _NUMBER_BITS) - 1) for code in bucket])
        yield len(bucket)
    return permutation


def _code(value: int | None, number: int, *, is_upwards: bool) -> int:
    rank = _MOST if value is None else value if is_upwards else _MOST - 1 - value
    return rank << _NUMBER_BITS | number


def _buckets(codes: list[int]) -> dict[int, list[int]]:
    """Make empty buckets, keyed by the least code each takes, of about equal numbers of codes."""
    sample = sorted(codes[:: _BUCKET // 16])
    return {least: [] for least in [0, *sample[16::16]]}


def _deal(codes: list[int], buckets: dict[int, list[int]]) -> None:
    bounds = list(buckets)
    for code in codes:
        buckets[bounds[bisect_right(bounds, code) - 1]].append(code)


def _sizes(fold: Fold) -> Iterator[tuple[int, list[int | None]]]:
    """Give the sizes of the children as they are completed, and how many keys were looked at."""
    current: list[int | None] = []
    for part in fold.parts():
        if part.is_inside_one_child:
            current.append(part.chunk.size_bytes)
            yield 1, []
            continue
        values = part.chunk.columns().sizes_bytes
        done, current = _by_child(part, values, current)
        yield len(values), [_sum(sizes) for sizes in done]
    yield 1, [_sum(current)] if current else []


def _times(fold: Fold) -> Iterator[tuple[int, list[int | None]]]:
    """Give the time of the last change in every child, and how many keys were looked at."""
    current: list[int | None] = []
    for part in fold.parts():
        values = [_instant(time) for time in part.chunk.columns().updated_at]
        done, current = _by_child(part, values, current)
        yield len(values), [_latest(times) for times in done]
        current = [_latest(current)] if current else []
    yield 1, [_latest(current)] if current else []


def _by_child(
    part: Part, values: Sequence[int | None], current: list[int | None]
) -> tuple[list[list[int | None]], list[int | None]]:
    """Part the values of a chunk by child; those of the last child may go on in the next chunk."""
    cuts = [part.low, *part.positions, part.high]
    groups = [list(values[start:stop]) for start, stop in pairwise(cuts)]
    groups[0] = current + groups[0]
    return [group for group in groups[:-1] if group], groups[-1]


def _sum(sizes: list[int | None]) -> int | None:
    known = [size for size in sizes if size is not None]
    return sum(known) if known else None


def _latest(times: list[int | None]) -> int | None:
    return max((time for time in times if time is not None), default=None)


def _instant(updated_at: str | None) -> int | None:
    """Give a number that grows with the time, or None where it is not told in the usual form."""
    if updated_at is None:
        return None
    date, _, time = updated_at.partition("T")
    whole, _, fraction = time.rstrip("Z").partition(".")
    digits = date.replace("-", "") + whole.replace(":", "") + fraction.ljust(9, "0")[:9]
    return int(digits) if digits.isdecimal() else None
