"""The database file: its tables, the index of each list order, and how it is opened."""

import os
import sqlite3
from pathlib import Path
from typing import Final

from kvtui.errors import SettingsError
from kvtui.server.options import ListOrder

_APPLICATION_ID: Final = 0x6B767475
"""`kvtu`: marks the file as ours."""
_VERSION: Final = 1
_FILE_HEAD: Final = b"SQLite format 3\0"

_TABLES: Final = """
CREATE TABLE namespaces (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at REAL NOT NULL,
    deleting_since REAL,
    provisioning_seconds REAL NOT NULL,
    is_provisioning_failing INTEGER NOT NULL,
    deleting_seconds REAL NOT NULL,
    is_deleting_failing INTEGER NOT NULL,
    has_ttl_support INTEGER NOT NULL,
    is_bound INTEGER NOT NULL
);
CREATE TABLE entries (
    namespace INTEGER NOT NULL,
    key TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    expires_at REAL,
    shuffled TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (namespace, key)
) WITHOUT ROWID;
CREATE INDEX entries_expiring ON entries (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE last_write (nanoseconds INTEGER NOT NULL);
INSERT INTO last_write VALUES (0);
"""

_ORDER_INDEXES: Final = {
    ListOrder.WRITE: (
        "entries_by_write",
        "(namespace, updated_at, key, size_bytes, expires_at)",
    ),
    ListOrder.SHUFFLED: (
        "entries_shuffled",
        "(namespace, shuffled, key, size_bytes, updated_at, expires_at)",
    ),
}
"""Covering, so that a page reads one contiguous run. The table itself is in byte order."""


def connect(path: Path | None) -> sqlite3.Connection:
    """Open a connection that begins and ends transactions only where told to."""
    connection = sqlite3.connect(
        ":memory:" if path is None else path,
        isolation_level=None,
        check_same_thread=False,
        timeout=5.0,
    )
    connection.execute("PRAGMA cache_size = -65536")
    return connection


def open_database(path: Path | None, order: ListOrder) -> sqlite3.Connection:
    """Open the file, or a database in memory, with its tables and the index `order` needs."""
    try:
        if path is not None:
            _claim(path)
        connection = connect(path)
        try:
            _prepare(connection, order)
        except sqlite3.Error:
            connection.close()
            raise
    except (OSError, sqlite3.Error) as error:
        message = f"The data file {path} cannot be opened: {error}."
        raise SettingsError(message) from error
    return connection


def _claim(path: Path) -> None:
    """Create the file readable by its owner alone; SQLite's side files inherit that."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with path.open("rb") as file:
        if file.read(len(_FILE_HEAD)) not in {b"", _FILE_HEAD}:
            raise sqlite3.DatabaseError("it is not a database")


def _prepare(connection: sqlite3.Connection, order: ListOrder) -> None:
    found: int = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    is_new = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
    if not is_new and (found, version) != (_APPLICATION_ID, _VERSION):
        raise sqlite3.DatabaseError("it is a database of another program or version")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if is_new:
        connection.executescript(
            f"BEGIN IMMEDIATE; {_TABLES}"
            f"PRAGMA application_id = {_APPLICATION_ID}; PRAGMA user_version = {_VERSION}; COMMIT;"
        )
    _index(connection, order)


def _index(connection: sqlite3.Connection, order: ListOrder) -> None:
    for indexed_order, (name, columns) in _ORDER_INDEXES.items():
        if indexed_order is order:
            connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON entries {columns}")
        else:
            connection.execute(f"DROP INDEX IF EXISTS {name}")
