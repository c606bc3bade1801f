"""Keeps every value that is overwritten or deleted, before the request leaves (SQLite)."""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kvtui.errors import VaultError
from kvtui.records import StoredValue
from kvtui.vault.journal_row import JournalRow, Operation, Place, RowState, Write, hash_of
from kvtui.vault.private_folder import private_file, private_folder
from kvtui.vault.run import Run

if TYPE_CHECKING:
    import sqlite3

FILE_NAME: Final = "journal.sqlite3"
LIMIT_BYTES: Final = 256 * 1024 * 1024
"""Of old values; the oldest go first, those of this run never."""
LIMIT_SECONDS: Final = 30 * 86_400.0
_PATIENCE_SECONDS: Final = 20.0
"""How long one process waits for another that is writing."""
_TRIM_EVERY: Final = 64
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS writes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    at REAL NOT NULL,
    profile TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    namespace_id TEXT NOT NULL,
    namespace_name TEXT NOT NULL,
    key TEXT NOT NULL,
    operation TEXT NOT NULL,
    old_size INTEGER,
    old_content_type TEXT,
    new_hash TEXT,
    new_size INTEGER,
    state TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    is_settled INTEGER NOT NULL DEFAULT 0,
    old BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS writes_of_key ON writes (namespace_id, key, id);
CREATE INDEX IF NOT EXISTS writes_in_flight ON writes (is_settled) WHERE is_settled = 0;
CREATE VIEW IF NOT EXISTS told AS SELECT
    id, run, at, profile, endpoint, namespace_id, namespace_name, key, operation, old_size,
    old_content_type, new_hash, new_size, state, error, is_settled
FROM writes;
"""


class Journal:
    """The journal in `folder`, shared by all processes of the user; safe to use from any thread.

    Opened when first needed. Every method blocks on the disk, and raises VaultError where the
    journal cannot be read or written.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], float] = time.time,
        limit_bytes: int = LIMIT_BYTES,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._clock = clock
        self._limit_bytes = limit_bytes
        self._limit_seconds = limit_seconds
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._run: Run | None = None
        self._intents = 0

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept: to look costs no opening."""
        return self.path.exists()

    def intend(self, write: Write) -> int:
        """Keep what is about to be overwritten; when this returns it is on the disk."""
        place, old, new = write.place, write.old, write.new
        with self._writing() as (connection, run):
            cursor = connection.execute(
                "INSERT INTO writes (run, at, profile, endpoint, namespace_id, namespace_name, key,"
                " operation, old_size, old_content_type, new_hash, new_size, state, old)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(run.id, self._clock(), place.profile, place.endpoint),
                    *(place.namespace_id, place.namespace_name, place.key, write.operation),
                    None if old is None else len(old.content),
                    None if old is None else old.content_type,
                    *(hash_of(new), None if new is None else len(new)),
                    *(RowState.INTENT, None if old is None else old.content),
                ),
            )
            row_id = int(cursor.lastrowid or 0)
            if self._intents % _TRIM_EVERY == 0:
                self._trim(connection, run)
            self._intents += 1
        return row_id

    def settle(
        self, row_id: int, state: RowState, error: str = "", *, is_settled: bool = True
    ) -> None:
        """Note how a write ended; one that is not settled is looked into at the next start."""
        with self._writing() as (connection, _):
            connection.execute(
                "UPDATE writes SET state = ?, error = ?, is_settled = ? WHERE id = ?",
                (state, error, int(is_settled), row_id),
            )

    def rows(
        self, *, namespace_id: str | None = None, key: str | None = None, limit: int | None = None
    ) -> list[JournalRow]:
        """Give writes, newest first."""
        with self._reading() as connection:
            found = connection.execute(
                "SELECT * FROM told WHERE (?1 IS NULL OR namespace_id = ?1)"
                " AND (?2 IS NULL OR key = ?2) ORDER BY id DESC LIMIT ?3",
                (namespace_id, key, -1 if limit is None else limit),
            )
            return [_row(columns) for columns in found]

    def row(self, row_id: int) -> JournalRow | None:
        with self._reading() as connection:
            columns = connection.execute("SELECT * FROM told WHERE id = ?", (row_id,)).fetchone()
        return None if columns is None else _row(columns)

    def old_value(self, row: JournalRow) -> StoredValue | None:
        """Give what was there before a write; None where the key did not exist."""
        with self._reading() as connection:
            found = connection.execute(
                "SELECT old FROM writes WHERE id = ? AND old IS NOT NULL", (row.id,)
            ).fetchone()
        if found is None:
            return None
        if not isinstance(found[0], bytes):
            raise VaultError(f"the undo journal is damaged: its row {row.id} holds no value")
        return StoredValue(found[0], row.old_content_type)

    def in_flight(self, profile: str, endpoint: str) -> list[JournalRow]:
        """Give the writes of runs that ended before they knew what came of them, oldest first."""
        with self._writing() as (connection, run):
            found = connection.execute(
                "SELECT * FROM told WHERE is_settled = 0 AND profile = ? AND endpoint = ?"
                " ORDER BY id",
                (profile, endpoint),
            ).fetchall()
        rows = [_row(columns) for columns in found]
        alive = {name: run.is_alive(name) for name in {row.run for row in rows}}
        return [row for row in rows if not alive[row.run]]

    def purge(self, *, before: float) -> int:
        """Forget settled writes older than a time, and give their number."""
        with self._writing() as (connection, _):
            count = connection.execute(
                "DELETE FROM writes WHERE at < ? AND is_settled = 1", (before,)
            ).rowcount
        with self._reading() as connection:
            connection.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            if self._run is not None:
                self._run.close()
                self._run = None

    @contextmanager
    def _writing(self) -> "Iterator[tuple[sqlite3.Connection, Run]]":
        """Make one change, on the disk when it ends."""
        with self._reading() as connection:
            if self._run is None:
                self._run = Run(self.folder / "runs")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection, self._run
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> "Iterator[sqlite3.Connection]":
        import sqlite3

        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _open(self.path)
                yield self._connection
            except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
                raise VaultError(f"the undo journal {self.path} cannot be used: {error}") from error

    def _trim(self, connection: "sqlite3.Connection", run: Run) -> None:
        """Forget what is too old or too much; what is not settled and this run's own stay."""
        oldest = self._clock() - self._limit_seconds
        connection.execute(
            "DELETE FROM writes WHERE is_settled = 1 AND run != ? AND at < ?", (run.id, oldest)
        )
        (used,) = connection.execute("SELECT COALESCE(SUM(old_size), 0) FROM writes").fetchone()
        if used > self._limit_bytes:
            self._trim_to_size(connection, run, used - self._limit_bytes)

    def _trim_to_size(self, connection: "sqlite3.Connection", run: Run, surplus: int) -> None:
        found = connection.execute(
            "SELECT id, COALESCE(old_size, 0) FROM writes WHERE is_settled = 1 AND run != ?"
            " ORDER BY id",
            (run.id,),
        ).fetchall()
        for row_id, size in found:
            connection.execute("DELETE FROM writes WHERE id = ?", (row_id,))
            surplus -= size
            if surplus <= 0:
                break


def _open(path: Path) -> "sqlite3.Connection":
    """Open the file and its companions as private ones.

    Only one process at a time prepares it: the switch to WAL waits for nobody by itself.
    """
    import sqlite3

    private_folder(path.parent)
    gate = os.open(private_file(path.with_suffix(".lock")), os.O_RDWR | os.O_CLOEXEC)
    before = os.umask(0o077)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        private_file(path)
        connection = sqlite3.connect(
            path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in ("auto_vacuum = INCREMENTAL", "journal_mode = WAL", "synchronous = FULL"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            connection.execute("PRAGMA journal_size_limit = 4194304").fetchall()
            connection.executescript(_SCHEMA)
        except BaseException:
            with suppress(sqlite3.Error):
                connection.close()
            raise
    finally:
        os.umask(before)
        os.close(gate)
    return connection


def _row(columns: tuple[Any, ...]) -> JournalRow:
    """Read a row; raise VaultError for one that a damaged file made up."""
    row_id, run, at, *place, operation, old_size, old_type, new_hash, new_size = columns[:13]
    try:
        return JournalRow(
            row_id,
            run,
            at,
            Place(*place),
            Operation(operation),
            old_size,
            old_type,
            new_hash,
            new_size,
            RowState(columns[13]),
            columns[14],
            bool(columns[15]),
        )
    except ValueError:
        raise VaultError(f"the undo journal is damaged: its row {row_id} makes no sense") from None
