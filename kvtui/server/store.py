"""Namespaces and keys in SQLite. Beside it only `schema` and `pages` speak SQL."""

import sqlite3
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

from kvtui.protocol import DEFAULT_CONTENT_TYPE, Status
from kvtui.records import Namespace, PutOutcome, StoredValue
from kvtui.server.cursors import Position
from kvtui.server.lifecycle import Lifecycle, phase_at
from kvtui.server.options import ServerOptions
from kvtui.server.pages import KeyRow, PageReader, PageRequest
from kvtui.server.schema import connect, open_database
from kvtui.server.timestamps import NANOSECONDS, key_timestamp, namespace_timestamp

Clock = Callable[[], float]
"""Seconds since the epoch."""

_SWEPT_PER_WRITE: Final = 500
"""How many dead rows a write clears away: it stays quick after a big namespace is deleted."""

_SELECT_NAMESPACES: Final = """
SELECT id, uuid, name, created_at, deleting_since, provisioning_seconds, is_provisioning_failing,
    deleting_seconds, is_deleting_failing, has_ttl_support, is_bound
FROM namespaces
"""
_LAST_ROW: Final = 2**63 - 1
_SELECT_NAMESPACE: Final = _SELECT_NAMESPACES + " WHERE uuid = ?"
_COUNT_NAMESPACES: Final = "SELECT count(*) FROM namespaces"
_IS_LIVING: Final = """
WHERE (deleting_since IS NULL OR is_deleting_failing OR deleting_since + deleting_seconds > ?)
"""
_INSERT_NAMESPACE: Final = """
INSERT INTO namespaces (uuid, name, created_at, provisioning_seconds, is_provisioning_failing,
    deleting_seconds, is_deleting_failing, has_ttl_support, is_bound)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_ENTRY: Final = """
INSERT OR REPLACE INTO entries (namespace, key, size_bytes, updated_at, expires_at, shuffled,
    content_type, content)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class NamespaceState:
    """A namespace as it stands now, `Status.DELETED` included, with what no client is told."""

    row_id: int
    namespace: Namespace
    lifecycle: Lifecycle


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be stored in bulk."""

    key: str
    content: bytes
    updated_at: str
    """As `key_timestamp` writes it."""
    content_type: str = DEFAULT_CONTENT_TYPE
    expires_at: float | None = None


class Store:
    """All namespaces and keys of one data file, or of memory.

    Reads are quick and may run anywhere; with a file, writes wait for the disk. One write at a
    time: others wait for it.
    """

    def __init__(self, path: Path | None, options: ServerOptions, clock: Clock = time.time) -> None:
        self.is_in_memory = path is None
        self._options = options
        self.clock = clock
        self._writer = open_database(path, options.order)
        self._reader = self._writer if path is None else connect(path)
        self._pages = PageReader(self._reader, options.order)
        self._write_lock = threading.Lock()

    def close(self) -> None:
        """Close the file, after the write under way."""
        with self._write_lock:
            self._reader.close()
            self._writer.close()

    # Namespaces

    def create_namespace(self, name: str) -> NamespaceState | None:
        """Create a namespace; None where the name is taken, be it by one that is being deleted."""
        with self._transaction() as connection:
            taken = _SELECT_NAMESPACES + _IS_LIVING + " AND name = ?"
            if connection.execute(taken, (self.clock(), name)).fetchone():
                return None
            row = (str(uuid.uuid4()), name, self.clock(), *astuple(self._options.lifecycle))
            connection.execute(_INSERT_NAMESPACE, row)
            return self._state(connection, row[0])

    def add_namespace(
        self, namespace_id: str, name: str, lifecycle: Lifecycle, created_at: float
    ) -> NamespaceState:
        """Add a namespace that has a past."""
        with self._transaction() as connection:
            row = (namespace_id, name, created_at, *astuple(lifecycle))
            connection.execute(_INSERT_NAMESPACE, row)
            return self._state(connection, namespace_id)

    def namespaces(self, first: int = 0, limit: int = -1) -> list[NamespaceState]:
        """Read namespaces that are not gone, oldest first; without a limit all from `first` on."""
        now = self.clock()
        select = _SELECT_NAMESPACES + _IS_LIVING + " ORDER BY id LIMIT ? OFFSET ?"
        rows = self._reader.execute(select, (now, limit, min(first, _LAST_ROW))).fetchall()
        return [_namespace_state(now, *row) for row in rows]

    def namespace_count(self) -> int:
        """Count the namespaces that are not gone."""
        select = _COUNT_NAMESPACES + _IS_LIVING
        count: int = self._reader.execute(select, (self.clock(),)).fetchone()[0]
        return count

    def namespace(self, namespace_id: str) -> NamespaceState | None:
        """Read one namespace; None where there is none, or none any more."""
        row = self._reader.execute(_SELECT_NAMESPACE, (namespace_id.lower(),)).fetchone()
        state = row and _namespace_state(self.clock(), *row)
        return state if state and state.namespace.status != Status.DELETED else None

    def delete_namespace(self, state: NamespaceState) -> NamespaceState:
        """Begin to delete a namespace and all its keys."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE namespaces SET deleting_since = ? WHERE id = ?",
                (self.clock(), state.row_id),
            )
            return self._state(connection, state.namespace.id)

    def _state(self, connection: sqlite3.Connection, namespace_id: str) -> NamespaceState:
        row = connection.execute(_SELECT_NAMESPACE, (namespace_id,)).fetchone()
        return _namespace_state(self.clock(), *row)

    # Keys

    def put(
        self, state: NamespaceState, key: str, value: StoredValue, ttl_seconds: int | None = None
    ) -> PutOutcome:
        """Write a value whole: its content type and lifetime replace those of the old one."""
        with self._transaction() as connection:
            is_replacing = self._is_alive(connection, state.row_id, key)
            entry = NewEntry(
                key,
                value.content,
                key_timestamp(self._next_write(connection)),
                value.content_type or DEFAULT_CONTENT_TYPE,
                None if ttl_seconds is None else self.clock() + ttl_seconds,
            )
            connection.execute(_INSERT_ENTRY, _entry_row(state.row_id, entry))
        return PutOutcome.REPLACED if is_replacing else PutOutcome.CREATED

    def get(self, state: NamespaceState, key: str) -> StoredValue | None:
        row = self._reader.execute(
            "SELECT content, content_type FROM entries WHERE namespace = ? AND key = ?"
            " AND (expires_at IS NULL OR expires_at > ?)",
            (state.row_id, key, self.clock()),
        ).fetchone()
        return None if row is None else StoredValue(*row)

    def delete(self, state: NamespaceState, key: str) -> None:
        """Delete a key; one that does not exist is not an error."""
        with self._transaction() as connection:
            connection.execute(
                "DELETE FROM entries WHERE namespace = ? AND key = ?", (state.row_id, key)
            )

    def page(
        self, state: NamespaceState, prefix: str, after: Position | None, limit: int
    ) -> list[KeyRow]:
        """Read up to `limit` entries that follow `after` in the order of this store."""
        listed_until = self.clock() - self._options.expired_linger_seconds
        request = PageRequest(state.row_id, prefix, after, listed_until, limit)
        return self._pages.page(request)

    def insert(self, state: NamespaceState, entries: Iterable[NewEntry]) -> None:
        """Store many entries at once, replacing those that exist."""
        with self._transaction() as connection:
            rows = (_entry_row(state.row_id, entry) for entry in entries)
            connection.executemany(_INSERT_ENTRY, rows)

    def _is_alive(self, connection: sqlite3.Connection, row_id: int, key: str) -> bool:
        row = connection.execute(
            "SELECT 1 FROM entries WHERE namespace = ? AND key = ?"
            " AND (expires_at IS NULL OR expires_at > ?)",
            (row_id, key, self.clock()),
        ).fetchone()
        return row is not None

    def _next_write(self, connection: sqlite3.Connection) -> int:
        """Take the time of a write: later than every other, also where the clock went back."""
        now = int(self.clock() * NANOSECONDS)
        connection.execute("UPDATE last_write SET nanoseconds = max(nanoseconds + 1, ?)", (now,))
        taken: int = connection.execute("SELECT nanoseconds FROM last_write").fetchone()[0]
        return taken

    # Transactions

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._write_lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._sweep(self._writer)
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def _sweep(self, connection: sqlite3.Connection) -> None:
        """Clear away some of what nobody can see any more: expired keys, deleted namespaces."""
        now = self.clock()
        connection.execute(
            "DELETE FROM entries WHERE (namespace, key) IN"
            " (SELECT namespace, key FROM entries WHERE expires_at <= ? LIMIT ?)",
            (now - self._options.expired_linger_seconds, _SWEPT_PER_WRITE),
        )
        gone = connection.execute(
            "SELECT id FROM namespaces"
            " WHERE deleting_since + deleting_seconds <= ? AND NOT is_deleting_failing",
            (now,),
        ).fetchall()
        for (row_id,) in gone:
            swept = connection.execute(
                "DELETE FROM entries WHERE namespace = ? AND key IN"
                " (SELECT key FROM entries WHERE namespace = ? LIMIT ?)",
                (row_id, row_id, _SWEPT_PER_WRITE),
            )
            if swept.rowcount < _SWEPT_PER_WRITE:
                connection.execute("DELETE FROM namespaces WHERE id = ?", (row_id,))


def _entry_row(row_id: int, entry: NewEntry) -> tuple[int | str | float | bytes | None, ...]:
    return (
        row_id,
        entry.key,
        len(entry.content),
        entry.updated_at,
        entry.expires_at,
        f"{zlib.crc32(entry.key.encode()):08x}",
        entry.content_type,
        entry.content,
    )


def _namespace_state(
    now: float,
    row_id: int,
    namespace_id: str,
    name: str,
    created_at: float,
    deleting_since: float | None,
    *lives: float,
) -> NamespaceState:
    provisioning_seconds, provisioning_fails, deleting_seconds, deleting_fails, *flags = lives
    lifecycle = Lifecycle(
        provisioning_seconds,
        bool(provisioning_fails),
        deleting_seconds,
        bool(deleting_fails),
        *map(bool, flags),
    )
    phase = phase_at(now, lifecycle, created_at, deleting_since)
    created, updated = namespace_timestamp(created_at), namespace_timestamp(phase.since)
    namespace = Namespace(namespace_id, name, phase.status, created, updated)
    return NamespaceState(row_id, namespace, lifecycle)
