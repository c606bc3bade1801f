"""Pages of a listing in no order, kept small until their region is closed and they are merged.

Merged one by one, pages whose keys lie anywhere would each touch most chunks of an index. A
caller adds them here as they arrive and lets `merging` take them all in when the listing ends,
or earlier where they have become too many.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain
from typing import Final

from kvtui.keyspace.chunk import PAST_EVERYTHING
from kvtui.keyspace.columns import Columns
from kvtui.keyspace.index import KeyIndex
from kvtui.records import KeyPage

_SLICE_KEYS: Final = 3000
_SAMPLED_KEYS: Final = 250
_STAGGER: Final = 97
"""Pages that are alike are sampled at different places."""
_FIELD: Final = "\t"
"""Sorts before every character of a key, so rows sort like their keys."""
_LINE: Final = "\n"


class Backlog:
    """Pages that wait; each is one text of sorted rows."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._odd: list[Columns] = []
        """Pages whose keys hold tabs or line breaks."""
        self._key_count = 0

    def __len__(self) -> int:
        """Count the keys that wait, those listed twice counted twice."""
        return self._key_count

    def add(self, page: KeyPage) -> None:
        """Keep a page."""
        times = [time or "" for time in page.updated_at]
        sizes = ["" if size is None else str(size) for size in page.sizes_bytes]
        rows = sorted(map(_FIELD.join, zip(page.keys, sizes, times, strict=True)))
        text = _LINE.join(rows)
        self._key_count += len(rows)
        is_even = text.count(_FIELD) == 2 * len(rows) and text.count(_LINE) == len(rows) - 1
        if is_even:
            self._texts.append(text)
        elif rows:
            self._odd.append(Columns.of_page(page))

    def merging(self, index: KeyIndex) -> Iterator[int]:
        """Empty this into an index by small steps; give how many keys each brought."""
        pages = []
        while self._texts:
            pages.append(self._texts.pop().split(_LINE))
            yield 0
        for columns in chain(self._odd, _slices(pages)):
            yield from index.merging(columns)
        self._odd.clear()
        self._key_count = 0


def _slices(pages: list[list[str]]) -> Iterator[Columns]:
    """Give the rows of all pages in one order, some thousands at a time."""
    sample = sorted(
        row
        for number, rows in enumerate(pages)
        for row in rows[number * _STAGGER % _SAMPLED_KEYS :: _SAMPLED_KEYS]
    )
    bounds = [row.split(_FIELD)[0] for row in sample[:: _SLICE_KEYS // _SAMPLED_KEYS]]
    starts = [0] * len(pages)
    for bound in [*bounds[1:], PAST_EVERYTHING]:
        taken: list[str] = []
        for at, rows in enumerate(pages):
            stop = bisect_left(rows, bound, starts[at])
            taken += rows[starts[at] : stop]
            starts[at] = stop
        if taken:
            yield _columns(sorted(taken))


def _columns(rows: list[str]) -> Columns:
    fields = _FIELD.join(rows).split(_FIELD)
    sizes, times = fields[1::3], fields[2::3]
    columns = Columns(
        fields[::3],
        [int(size) if size else None for size in sizes] if "" in sizes else list(map(int, sizes)),
        [time or None for time in times] if "" in times else times,
    )
    return columns if columns.is_ascending() else columns.in_order()
