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


def select_page(
    connection: sqlite3.Connection, order: ListOrder, request: PageRequest
) -> list[KeyRow]:
    """Read key, size, time and rank of the entries that follow a position, in their order."""
    after = request.after or Position("", "")
    parameters = {
        "namespace": request.namespace,
        "first": request.prefix,
        "end": request.prefix + _PAST_EVERY_KEY,
        "rank": after.rank,
        "key": after.key,
        "listed_until": request.listed_until,
        "limit": request.limit,
        "few": _FEW,
    }
    if order is ListOrder.LEX:
        parameters["first"] = max(request.prefix, after.key + _BEFORE_EVERY_KEY)
        query = _LEX
    else:
        (found,) = connection.execute(_COUNT_FEW, parameters).fetchone()
        query = _RANKED[order].sorting if found < _FEW else _RANKED[order].walking
    return connection.execute(query, parameters).fetchall()
