import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from kvtui.errors import SettingsError
from kvtui.protocol import Status
from kvtui.records import PutOutcome, StoredValue
from kvtui.server.options import ListOrder, ServerOptions
from kvtui.server.store import NamespaceState, NewEntry, Store
from kvtui.server.timestamps import key_timestamp
from tests.support.server import AT_ONCE, ManualClock

VALUE = StoredValue(b"value", "text/plain")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.kvtui"


@pytest.fixture
def store(path: Path, clock: ManualClock) -> Iterator[Store]:
    store = Store(path, AT_ONCE, clock)
    yield store
    store.close()


def created(store: Store, name: str = "my-cache") -> NamespaceState:
    state = store.create_namespace(name)
    assert state is not None
    return state


def listed(store: Store, state: NamespaceState, prefix: str = "") -> list[str]:
    return [row[0] for row in store.page(state, prefix, None, 1000)]


def row_count(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        (count,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    connection.close()
    return int(count)


def test_everything_is_there_after_a_restart(path: Path, clock: ManualClock) -> None:
    first = Store(path, AT_ONCE, clock)
    state = created(first)
    first.put(state, "user/1", VALUE, ttl_seconds=60)
    written = first.page(state, "", None, 10)
    first.close()
    second = Store(path, AT_ONCE, clock)
    assert second.namespaces() == [state]
    assert second.get(state, "user/1") == VALUE
    assert second.page(state, "", None, 10) == written
    clock.advance(60)
    assert second.get(state, "user/1") is None
    second.close()


def test_a_namespace_grows_up_while_the_server_is_off(path: Path, clock: ManualClock) -> None:
    first = Store(path, ServerOptions(provisioning_seconds=20), clock)
    state = created(first)
    assert state.namespace.status == Status.PENDING
    first.close()
    clock.advance(20)
    second = Store(path, AT_ONCE, clock)
    assert [found.namespace.status for found in second.namespaces()] == [Status.PROVISION_OK]
    second.close()


def test_a_page_of_namespaces_leaves_out_those_that_are_gone(path: Path) -> None:
    clock = ManualClock()
    store = Store(path, ServerOptions(deleting_seconds=5), clock)
    states = [created(store, f"n{number}") for number in range(4)]
    store.delete_namespace(states[1])
    assert [state.namespace.name for state in store.namespaces(1, 2)] == ["n1", "n2"]
    clock.advance(5)
    assert [state.namespace.name for state in store.namespaces(1, 2)] == ["n2", "n3"]
    assert store.namespace_count() == 3
    assert created(store, "n1").namespace.id != states[1].namespace.id
    store.close()


def test_the_data_file_is_private(store: Store, path: Path) -> None:
    store.put(created(store), "k", VALUE)
    for file in path.parent.glob("data.kvtui*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="another program"):
        Store(path, AT_ONCE)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"x"])
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"data\.kvtui cannot be opened"):
        Store(path, AT_ONCE)
    assert path.read_bytes() == content


def test_a_file_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be opened"):
        Store(tmp_path / "missing" / "data", AT_ONCE)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be opened"):
        Store(tmp_path, AT_ONCE)


def test_every_write_is_later_than_the_one_before(store: Store, clock: ManualClock) -> None:
    state = created(store)
    times = []
    for step in (0.0, 0.0, 5.0, -3600.0, 0.0):
        clock.advance(step)
        store.put(state, "k", VALUE)
        times.append(store.page(state, "", None, 1)[0][2])
    assert times == sorted(set(times))


def test_every_write_is_later_also_after_a_restart(path: Path, clock: ManualClock) -> None:
    times = []
    for _ in range(2):
        store = Store(path, AT_ONCE, clock)
        state = next(iter(store.namespaces()), None) or created(store)
        store.put(state, "k", VALUE)
        times.append(store.page(state, "", None, 1)[0][2])
        store.close()
        clock.advance(-60)
    assert times[0] < times[1]


def test_an_expired_key_is_created_anew(store: Store, clock: ManualClock) -> None:
    state = created(store)
    assert store.put(state, "k", VALUE, ttl_seconds=1) is PutOutcome.CREATED
    assert store.put(state, "k", VALUE, ttl_seconds=1) is PutOutcome.REPLACED
    clock.advance(1)
    assert store.put(state, "k", VALUE) is PutOutcome.CREATED


def test_what_expired_is_cleared_away_by_later_writes(
    store: Store, path: Path, clock: ManualClock
) -> None:
    state = created(store)
    for number in range(20):
        store.put(state, f"session/{number}", VALUE, ttl_seconds=5)
    clock.advance(5)
    store.put(state, "k", VALUE)
    assert row_count(path) == 1


def test_a_big_deleted_namespace_is_cleared_away_a_little_with_every_write(
    store: Store, path: Path
) -> None:
    kept, dropped = created(store, "kept"), created(store, "dropped")
    entries = (NewEntry(f"k{number}", b"v", key_timestamp(number)) for number in range(1200))
    store.insert(dropped, entries)
    store.put(kept, "k", VALUE)
    store.delete_namespace(dropped)
    assert store.namespace(dropped.namespace.id) is None
    counts = []
    for _ in range(4):
        store.put(kept, "k", VALUE)
        counts.append(row_count(path))
    assert counts[-1] == 1
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 1


def test_a_write_that_fails_leaves_nothing_behind(store: Store) -> None:
    state = created(store)

    def entries() -> Iterator[NewEntry]:
        yield NewEntry("k", b"v", key_timestamp(1))
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        store.insert(state, entries())
    assert listed(store, state) == []
    assert store.put(state, "k", VALUE) is PutOutcome.CREATED


def test_the_order_may_change_between_two_runs(path: Path, clock: ManualClock) -> None:
    keys = ["c", "a", "b"]
    for order in (ListOrder.LEX, ListOrder.WRITE, ListOrder.SHUFFLED, ListOrder.LEX):
        options = ServerOptions(provisioning_seconds=0, order=order)
        store = Store(path, options, clock)
        state = next(iter(store.namespaces()), None) or created(store)
        if not listed(store, state):
            for key in keys:
                store.put(state, key, VALUE)
        found = listed(store, state)
        assert sorted(found) == sorted(keys)
        if order is ListOrder.WRITE:
            assert found == keys
        store.close()


def test_writers_in_two_processes_do_not_disturb_each_other(
    store: Store, path: Path, clock: ManualClock
) -> None:
    other = Store(path, AT_ONCE, clock)
    state = created(store)
    for number in range(10):
        (store if number % 2 else other).put(state, f"k{number}", VALUE)
    times = [row[2] for row in other.page(state, "", None, 100)]
    assert times == sorted(set(times))
    assert listed(store, state) == listed(other, state)
    other.close()


def test_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store(None, AT_ONCE)
    store.put(created(store), "k", VALUE)
    store.close()
    assert list(tmp_path.iterdir()) == []
