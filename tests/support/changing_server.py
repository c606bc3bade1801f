"""A server of a few keys that others write to while it is listed."""

import random
from bisect import insort
from enum import Enum

from kvtui.keyspace.listing_order import ListingOrder
from kvtui.keyspace.request import Request
from kvtui.records import KeyEntry, KeyPage
from tests.support.small_server import certain_order


class WalkOrder(Enum):
    LEX = "lex"
    WRITE = "write"
    SHUFFLED = "shuffled"


class ChangingServer:
    """Adds, rewrites or deletes a key before every answer, never one that is `stable` for good.

    It lists in byte order, or shuffled, with cursors that name the last key shown, or in order of
    writing with cursors that tell how old that key is: what is rewritten moves to the end.
    """

    def __init__(
        self, stable: set[str], passing: list[str], limit: int, seed: int, order: WalkOrder
    ) -> None:
        self.stable = stable
        self.ever = stable | set(passing)
        self._passing = passing
        self._limit = limit
        self._random = random.Random(seed)
        self._order = order
        self._places: dict[str, int] = {}
        self._writes = 0
        self._rows: list[tuple[int, str]] = []
        for key in self._random.sample(sorted(self.ever), len(self.ever)):
            self._write(key)

    def order(self) -> ListingOrder:
        return certain_order() if self._order is WalkOrder.LEX else ListingOrder()

    def answer(self, request: Request) -> KeyPage:
        self._change()
        if request.is_exact:
            is_there = any(key == request.prefix for _, key in self._rows)
            return KeyPage.of([KeyEntry(request.prefix, 1)] if is_there else [])
        rows = [row for row in self._rows if row[1].startswith(request.prefix)]
        if request.cursor is not None:
            number, _, key = request.cursor.partition(":")
            rows = [row for row in rows if row > (int(number), key)]
        shown = rows[: self._limit]
        cursor = f"{shown[-1][0]}:{shown[-1][1]}" if len(rows) > len(shown) else None
        entries = [KeyEntry(key, 1, self._time(number)) for number, key in shown]
        return KeyPage.of(entries, cursor)

    def shuffle(self, requests: list[Request]) -> None:
        self._random.shuffle(requests)

    def _time(self, number: int) -> str:
        return f"2026-01-01T00:00:00.{number:06}Z"

    def _change(self) -> None:
        if self.stable and self._random.randrange(4) == 0:
            self._write(self._random.choice(sorted(self.stable)))
        if self._passing:
            key = self._random.choice(self._passing)
            if key not in self.stable and self._random.randrange(2):
                self._rows = [row for row in self._rows if row[1] != key]
            else:
                self._write(key)

    def _write(self, key: str) -> None:
        self._writes += 1
        self._rows = [row for row in self._rows if row[1] != key]
        insort(self._rows, (self._place(key), key))

    def _place(self, key: str) -> int:
        if self._order is WalkOrder.SHUFFLED:
            return self._places.setdefault(key, self._random.randrange(1_000_000))
        return self._writes if self._order is WalkOrder.WRITE else 0
