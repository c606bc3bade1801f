"""The journal on the disk: what it keeps, who may read it, when it refuses, what it forgets."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvtui.errors import VaultError
from kvtui.records import StoredValue
from kvtui.vault.journal import Journal
from kvtui.vault.journal_row import Operation, Place, RowState, Write, hash_of
from tests.support.server import ManualClock

PLACE = Place("prod", "api.test", "ns-id", "my-cache", "user/1")
OTHER_KEY = Place("prod", "api.test", "ns-id", "my-cache", "user/2")
OLD = StoredValue(b"old\x00\xff", "application/json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "kvtui"


def test_a_write_is_kept_whole_before_it_is_sent(folder: Path) -> None:
    journal = Journal(folder, clock=ManualClock(100.0))
    row_id = journal.intend(Write(PLACE, OLD, b"new"))

    row = Journal(folder).row(row_id)

    assert row is not None
    assert (row.place, row.at, row.operation) == (PLACE, 100.0, Operation.PUT)
    assert (row.state, row.is_settled) == (RowState.INTENT, False)
    assert (row.old_size_bytes, row.new_size_bytes) == (5, 3)
    assert row.new_hash == hash_of(b"new")
    assert journal.old_value(row) == OLD


def test_the_outcome_is_noted(folder: Path) -> None:
    journal = Journal(folder)
    row_id = journal.intend(Write(PLACE, OLD, None))
    journal.settle(row_id, RowState.FAILED, "refused")

    row = journal.row(row_id)

    assert row is not None
    assert (row.operation, row.new_hash) == (Operation.DELETE, None)
    assert (row.state, row.error, row.is_settled) == (RowState.FAILED, "refused", True)


def test_a_key_that_did_not_exist_is_told_from_an_empty_value(folder: Path) -> None:
    journal = Journal(folder)
    absent = journal.row(journal.intend(Write(PLACE, None, b"x")))
    empty = journal.row(journal.intend(Write(PLACE, StoredValue(b""), b"x")))

    assert absent is not None
    assert empty is not None
    assert journal.old_value(absent) is None
    assert journal.old_value(empty) == StoredValue(b"")


def test_rows_come_newest_first_and_by_namespace_and_key(folder: Path) -> None:
    journal = Journal(folder)
    first = journal.intend(Write(PLACE, OLD, b"1"))
    second = journal.intend(Write(OTHER_KEY, OLD, b"2"))
    third = journal.intend(Write(PLACE, OLD, b"3"))

    assert [row.id for row in journal.rows()] == [third, second, first]
    assert [row.id for row in journal.rows(key="user/1")] == [third, first]
    assert [row.id for row in journal.rows(namespace_id="ns-id", limit=1)] == [third]
    assert journal.rows(namespace_id="another") == []


@given(content=st.binary(max_size=2_000), content_type=st.none() | st.text(max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_value_comes_back_byte_for_byte(
    folder: Path, content: bytes, content_type: str | None
) -> None:
    journal = Journal(folder)
    try:
        row = journal.row(journal.intend(Write(PLACE, StoredValue(content, content_type), b"")))
        assert row is not None
        assert journal.old_value(row) == StoredValue(content, content_type)
    finally:
        journal.close()


def test_nobody_else_can_read_it(folder: Path) -> None:
    before = os.umask(0)
    try:
        journal = Journal(folder)
        journal.intend(Write(PLACE, OLD, b"new"))
        files = [path for path in folder.rglob("*") if path.is_file()]
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    finally:
        os.umask(before)

    assert {"journal.sqlite3", "journal.sqlite3-wal", "journal.sqlite3-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_others_could_read_is_closed_to_them(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o755)
    Journal(folder).intend(Write(PLACE, OLD, b"new"))

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_symbolic_link_in_its_place_is_refused(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    target = tmp_path / "elsewhere"
    target.write_bytes(b"")
    (folder / "journal.sqlite3").symlink_to(target)

    with pytest.raises(VaultError, match="symbolic link"):
        Journal(folder).intend(Write(PLACE, OLD, b"new"))
    assert target.read_bytes() == b""


def test_a_linked_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path, target_is_directory=True)

    with pytest.raises(VaultError, match="symbolic link"):
        Journal(folder).intend(Write(PLACE, OLD, b"new"))


def test_a_folder_of_another_user_is_refused(folder: Path) -> None:
    """Only root can give a folder away; for anybody else there are enough of them."""
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(folder, 12_345, -1)
    foreign = folder if os.geteuid() == 0 else Path("/usr")

    with pytest.raises(VaultError, match="another user"):
        Journal(foreign).intend(Write(PLACE, OLD, b"new"))


def test_a_place_that_cannot_be_written_is_an_error_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(VaultError, match="cannot be made"):
        Journal(tmp_path / "file" / "kvtui").intend(Write(PLACE, OLD, b"new"))


def test_a_file_that_is_no_journal_is_an_error_in_our_words(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "journal.sqlite3").write_bytes(b"this is not a database" * 100)

    with pytest.raises(VaultError, match="cannot be used"):
        Journal(folder).intend(Write(PLACE, OLD, b"new"))
    assert (folder / "journal.sqlite3").read_bytes().startswith(b"this is not")


def test_old_and_surplus_values_are_forgotten_but_never_those_of_this_run(folder: Path) -> None:
    clock = ManualClock(0.0)
    earlier = Journal(folder, clock=clock)
    big = StoredValue(b"x" * 1_000)
    for at in (0.0, 10.0, 20.0, 30.0):
        clock.now = at
        earlier.settle(earlier.intend(Write(PLACE, big, b"new")), RowState.DONE)
    unsettled = earlier.intend(Write(PLACE, big, b"new"))
    earlier.close()

    clock.now = 105.0
    journal = Journal(folder, clock=clock, limit_bytes=3_000, limit_seconds=100.0)
    own = journal.intend(Write(PLACE, big, b"new"))

    kept = journal.rows()
    assert [row.at for row in kept] == [105.0, 30.0, 30.0]
    assert [row.id for row in kept][:2] == [own, unsettled]


def test_purging_forgets_what_is_settled_and_gives_the_room_back(folder: Path) -> None:
    clock = ManualClock(0.0)
    journal = Journal(folder, clock=clock)
    for _ in range(20):
        row_id = journal.intend(Write(PLACE, StoredValue(os.urandom(50_000)), b"new"))
        journal.settle(row_id, RowState.DONE)
    in_flight = journal.intend(Write(PLACE, OLD, b"new"))

    assert journal.purge(before=1.0) == 20

    assert [row.id for row in journal.rows()] == [in_flight]
    assert journal.path.stat().st_size < 200_000


def test_the_writes_of_a_living_run_are_not_in_flight_for_another(folder: Path) -> None:
    first, second = Journal(folder), Journal(folder)
    row_id = first.intend(Write(PLACE, OLD, b"new"))
    assert second.in_flight("prod", "api.test") == []

    first.close()

    assert [row.id for row in second.in_flight("prod", "api.test")] == [row_id]
    assert second.in_flight("prod", "elsewhere.test") == []


_KEPT_BY_ANOTHER = """
import sys
from pathlib import Path
from kvtui.records import StoredValue
from kvtui.vault.journal import Journal
from kvtui.vault.journal_row import Place, RowState, Write

journal = Journal(Path(sys.argv[1]))
place = Place("prod", "api.test", "ns-id", "my-cache", sys.argv[2])
count = int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    row = journal.intend(Write(place, StoredValue(b"%d" % number), b"new"))
    if count < 1_000:
        journal.settle(row, RowState.DONE)
    print(row, flush=True)
"""


def _keep_in_another_process(folder: Path, key: str, count: int) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", _KEPT_BY_ANOTHER, str(folder), key, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_several_processes_keep_at_once_and_none_is_told_that_it_is_locked(folder: Path) -> None:
    """They also open it at once, which is when SQLite waits least by itself."""
    writers = [_keep_in_another_process(folder, f"key-{number}", 40) for number in range(3)]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    ended = [writer.communicate(timeout=60) for writer in writers]

    assert [err for _, err in ended] == ["", "", ""]
    rows = Journal(folder).rows()
    assert len(rows) == 120
    assert {row.state for row in rows} == {RowState.DONE}


def test_what_was_kept_survives_kill_9(folder: Path) -> None:
    writer = _keep_in_another_process(folder, "k", 100_000)
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write("go\n")
    writer.stdin.flush()
    told = [int(writer.stdout.readline()) for _ in range(20)]
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=20)
    told += [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]

    journal = Journal(folder)
    kept = {row.id: journal.old_value(row) for row in journal.rows()}
    assert set(told) <= set(kept)
    assert kept[told[19]] == StoredValue(b"19")
    assert len(journal.in_flight("prod", "api.test")) == len(kept)
    with sqlite3.connect(journal.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
