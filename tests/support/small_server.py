"""A server of a few keys, for plans against brute force."""

import random

from hypothesis import strategies as st

from kvtui.keyspace.listing_order import ListingOrder, Verdict
from kvtui.keyspace.request import Request
from kvtui.records import KeyEntry, KeyPage

KEYS = st.text(alphabet="ab/-.0Z_=", min_size=1, max_size=6)
_PASSED = "+"
"""Ends a cursor whose empty page has been given."""


class SmallServer:
    """Lists in byte order, or shuffled, a few keys a page, with times that prove the order.

    It may give an empty page before each, as a server may that has passed over much.
    """

    def __init__(
        self,
        keys: set[str],
        limit: int,
        seed: int,
        *,
        is_shuffled: bool = False,
        is_patchy: bool = False,
    ) -> None:
        self._keys = sorted(keys)
        self._found: dict[str, list[str]] = {}
        self._limit = limit
        self._is_patchy = is_patchy
        self._random = random.Random(seed)
        if is_shuffled:
            self._random.shuffle(self._keys)
        self._times = {key: f"2026-01-01T00:00:{self._random.randrange(60):02d}Z" for key in keys}

    def answer(self, request: Request) -> KeyPage:
        if request.is_exact:
            is_there = request.prefix in self._keys
            return KeyPage.of([KeyEntry(request.prefix, 1)] if is_there else [])
        found = self._below(request.prefix)
        cursor = request.cursor or "0"
        if self._is_patchy and found and not cursor.endswith(_PASSED):
            return KeyPage.of([], cursor + _PASSED)
        start = int(cursor.removesuffix(_PASSED))
        shown = found[start : start + self._limit]
        following = start + self._limit
        rest = str(following) if following < len(found) else None
        return KeyPage.of([KeyEntry(key, 1, self._times[key]) for key in shown], rest)

    @property
    def keys(self) -> set[str]:
        return set(self._keys)

    def page(self, keys: list[str]) -> KeyPage:
        """Give a page of just these keys."""
        return KeyPage.of([KeyEntry(key, 1, self._times.get(key)) for key in keys])

    def order(self) -> ListingOrder:
        """Give the evidence that there is of its order before anything is listed."""
        return certain_order() if self._keys == sorted(self._keys) else ListingOrder()

    def turn_around(self) -> None:
        """List backwards from now on."""
        self._keys.reverse()
        self._found.clear()

    def _below(self, prefix: str) -> list[str]:
        if prefix not in self._found:
            self._found[prefix] = [key for key in self._keys if key.startswith(prefix)]
        return self._found[prefix]

    def shuffle(self, requests: list[Request]) -> None:
        self._random.shuffle(requests)


def certain_order() -> ListingOrder:
    """Give the evidence of a server that was seen to list in byte order."""
    order = ListingOrder()
    edge = None
    for second in range(0, 60, 2):
        entries = [
            KeyEntry(f"k{second:03}", 1, f"2026-01-01T00:00:{59 - second:02d}Z"),
            KeyEntry(f"k{second + 1:03}", 1, f"2026-01-01T00:00:{58 - second:02d}Z"),
        ]
        edge = order.observe(KeyPage.of(entries), edge)
    assert order.verdict is Verdict.BYTE_ORDER
    return order
