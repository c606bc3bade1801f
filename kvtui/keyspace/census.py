"""Guesses how many pages a prefix has, from the keys seen first, in a few requests.

If a part of the keys seen begin with a longer prefix, about that part of all keys does. So ever
longer prefixes are listed until one fits into a page: its keys can be counted, and what part of
all they are is known. That holds only where keys are listed as if by chance.
"""

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import Final

from kvtui.keyspace.regions import Region, shared_prefix
from kvtui.records import KeyPage

_LOOKED_AT: Final = 30
"""The longest of so many keys shows the way: it leads to where the most keys are."""
_NARROW: Final = 16
_FEW: Final = 30
"""So many keys tell well enough what part of all they are; where pages are short, fewer must do."""
_LUMPS: Final = 8
_LUMPY: Final = 0.3


class Census:
    """One guess; `region` is what it wants to be listed next, or None once it is made.

    A page holds `page_keys` keys on this server.
    """

    def __init__(self, sample: Sequence[str], page_keys: int) -> None:
        self._page_keys = page_keys
        self.pages: float | None = None
        """The guess, or None where it could not be made."""
        self.region: Region | None = None
        self.is_clustered = is_clustered(sample)
        if not self.is_clustered:
            self._narrow(sample, 1.0)

    def feed(self, page: KeyPage) -> None:
        """Take in the page of `region`."""
        share = self.region.share if self.region is not None else 1.0
        self.region = None
        if page.has_more:
            self._narrow(page.keys, share)
        else:
            self.pages = len(page) / self._page_keys / share

    def _narrow(self, sample: Sequence[str], share: float) -> None:
        if not sample:
            return
        length = len(shared_prefix(sample))
        way = max(sample[:_LOOKED_AT], key=len)
        inside = list(sample)
        while length < len(way) and len(inside) * _NARROW > len(sample):
            length += 1
            narrower = [key for key in inside if key.startswith(way[:length])]
            if len(narrower) < min(_FEW, 3 + len(sample) // _FEW):
                break
            inside = narrower
            self.region = Region(way[:length])
        if self.region is not None:
            self.region.share = share * len(inside) / len(sample)


def is_clustered(keys: Sequence[str]) -> bool:
    """Tell whether keys in the order they were listed come in lumps rather than by chance."""
    size = len(keys) // _LUMPS
    if not size:
        return True
    length = len(shared_prefix(keys)) + 1
    longest = max(map(len, keys))
    while length < longest and len({key[:length] for key in keys}) < _LUMPS:
        length += 1
    whole = Counter(key[:length] for key in keys)
    distance = 0.0
    for start in range(0, size * _LUMPS, size):
        lump = Counter(key[:length] for key in keys[start : start + size])
        distance += sum(abs(lump[stem] / size - whole[stem] / len(keys)) for stem in whole) / 2
    chance = sqrt(len(whole) / size) / 2
    return distance / _LUMPS > _LUMPY + chance
