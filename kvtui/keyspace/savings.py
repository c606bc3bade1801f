"""Weighs reading a region to its end against asking around the folders it is known to hold.

A folder that is known need not be read to find its siblings: it is enough to ask for every name
that branches off on the way to it, one request for every next character.
"""

from collections import Counter
from collections.abc import Mapping
from math import inf
from typing import Final

from kvtui.keyspace.children import Children
from kvtui.keyspace.chunk import child_path
from kvtui.keyspace.regions import Region, shared_prefix
from kvtui.protocol import KEY_ALPHABET, SEPARATOR

_LINDY: Final = 4
"""Where nothing is known, a listing is taken to go on for so many times what it has gone on."""
_SURPRISE: Final = 1.5
_IN_A_ROW: Final = 3
"""So many requests side by side are worth one page of a long listing, which come in a row."""


class Savings:
    """Guesses what it costs to find the children of one folder."""

    def __init__(self, children: Children) -> None:
        self._children = children

    def is_worth_a_split(
        self, region: Region, left_pages: float | None, even_pages: float = inf
    ) -> bool:
        """Tell whether a split costs less than reading to the end.

        `left_pages` is a guess at what is left to read, `even_pages` what each would have to read
        if all that is left were shared evenly: more than that takes longer than all the rest.
        """
        if not region.sample:
            return False
        left = left_pages
        if left is None or left < -(_SURPRISE - 1) * region.page_count - 1:
            left = float(_LINDY * max(region.page_count, 1))
        return self.requests(region, left) < left * (_IN_A_ROW if left > even_pages else 1)

    def node(self, region: Region) -> str:
        """Give the beginning at which the children of a region part, as far as was seen."""
        names = self._names(region)
        if not names:
            return region.prefix
        if len(names) == 1:
            return next(iter(names)).removesuffix(SEPARATOR)
        return shared_prefix(list(names))

    def requests(self, region: Region, pages: float) -> float:
        """Guess how many requests it takes to find the children in a region by splitting it."""
        if not region.is_split:
            return self._split_cost(region.prefix, self._names(region), pages)
        total = len(region.sample)
        cost = 0.0
        for part in region.parts:
            part_pages = pages * len(part.sample) / total
            cost += min(part_pages, self.requests(part, part_pages)) if part.sample else 1
        return cost

    def _names(self, region: Region) -> Counter[str]:
        length = len(self._children.prefix)
        return Counter(child_path(key, length) for key in region.sample)

    def _split_cost(self, prefix: str, names: Mapping[str, int], pages: float) -> float:
        by_next: dict[str, dict[str, int]] = {}
        for name, count in names.items():
            by_next.setdefault(name[: len(prefix) + 1], {})[name] = count
        total = sum(names.values())
        cost = float(len(KEY_ALPHABET))
        for stem, part in by_next.items():
            part_pages = pages * sum(part.values()) / total
            is_whole = len(stem) == len(prefix) or self._children.is_folder(stem)
            if part_pages > 1 and not is_whole:
                cost += min(part_pages, self._split_cost(stem, part, part_pages))
        return cost
