"""Pages of a key listing, each found by the position it begins at, never by counting to it."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from kvtui.server.cursors import Position
from kvtui.server.options import ListOrder

KeyRow = tuple[str, int, str, str]
"""Key, size, time of the last write, and what ranks the entry before its key does."""

_FEW: Final = 20_000
"""A prefix with fewer keys is sorted for every page; one with more is met often enough while
walking the whole namespace in order. Either way a page costs a few milliseconds."""

_REMEMBERED: Final = 10_000
"""Of how many prefixes with many keys this is remembered."""

_PAST_EVERY_KEY: Final = "\x7f"
"""Sorts after every character that a key may hold."""
_BEFORE_EVERY_KEY: Final = " "
"""Sorts before every character that a key may hold."""

_PAGE: Final = """
SELECT key, size_bytes, updated_at, {rank} FROM entries
WHERE namespace = :namespace AND key >= :first AND key < :end {after}
AND (expires_at IS NULL OR expires_at > :listed_until)
ORDER BY {order} LIMIT :limit
"""
_LEX: Final = _PAGE.format(rank="''", after="", order="key")
_COUNT_FEW: Final = """
SELECT count(*) FROM (
    SELECT 1 FROM entries WHERE namespace = :namespace AND key >= :first AND key < :end LIMIT :few
)
"""


@dataclass(frozen=True, slots=True)
class _RankedOrder:
    """The two ways to find a page of an order that is not the table's own."""

    walking: str
    """Along the index of the order, passing over the keys of other prefixes."""
    sorting: str
    """All keys of the prefix, sorted: the `+` keeps SQLite off the index."""


def _ranked(column: str) -> _RankedOrder:
    return _RankedOrder(
        *(
            _PAGE.format(
                rank=column,
                after=f"AND ({sign}{column}, key) > (:rank, :key)",
                order=f"{sign}{column}, key",
            )
            for sign in ("", "+")
        )
    )


_RANKED: Final = {
    ListOrder.WRITE: _ranked("updated_at"),
    ListOrder.SHUFFLED: _ranked("shuffled"),
}


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of which listing is wanted."""

    namespace: int
    prefix: str
    after: Position | None
    listed_until: float
    """Keys that expired before it are left out."""
    limit: int


class PageReader:
    """Reads the pages of all namespaces in one order."""

    def __init__(self, connection: sqlite3.Connection, order: ListOrder) -> None:
        self._connection = connection
        self._order = order
        self._prefixes_with_many: set[tuple[int, str]] = set()

    def page(self, request: PageRequest) -> list[KeyRow]:
        """Read the entries that follow a position, in their order."""
        after = request.after or Position("", "")
        parameters: dict[str, int | str | float] = {
            "namespace": request.namespace,
            "first": request.prefix,
            "end": request.prefix + _PAST_EVERY_KEY,
            "rank": after.rank,
            "key": after.key,
            "listed_until": request.listed_until,
            "limit": request.limit,
        }
        if self._order is ListOrder.LEX:
            parameters["first"] = max(request.prefix, after.key + _BEFORE_EVERY_KEY)
            query = _LEX
        elif self._has_many(request, parameters):
            query = _RANKED[self._order].walking
        else:
            query = _RANKED[self._order].sorting
        return self._connection.execute(query, parameters).fetchall()

    def _has_many(self, request: PageRequest, parameters: dict[str, int | str | float]) -> bool:
        """Tell which way is the quicker one; a wrong guess costs time and nothing else."""
        listed = (request.namespace, request.prefix)
        if not request.prefix or listed in self._prefixes_with_many:
            return True
        (found,) = self._connection.execute(_COUNT_FEW, parameters | {"few": _FEW}).fetchone()
        if found < _FEW:
            return False
        if len(self._prefixes_with_many) >= _REMEMBERED:
            self._prefixes_with_many.clear()
        self._prefixes_with_many.add(listed)
        return True
