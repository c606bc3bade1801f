import gzip
import json
import time
import zlib
from collections import Counter
from collections.abc import Iterator

import cbor2
import msgpack
import pytest

from kvtui.protocol import (
    MAX_KEY_LENGTH,
    MAX_VALUE_BYTES,
    Status,
    dot_segment_problem,
    is_namespace_id,
    key_problem,
    name_problem,
)
from kvtui.server.cursors import Position
from kvtui.server.options import ServerOptions
from kvtui.server.pages import KeyRow
from kvtui.server.sample import MAIN_ID, MAIN_NAME, load_sample
from kvtui.server.store import NamespaceState, Store
from tests.support.server import ManualClock


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="module")
def sample(clock: ManualClock) -> Iterator[Store]:
    store = Store(None, ServerOptions(), clock)
    load_sample(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def main(sample: Store) -> NamespaceState:
    state = sample.namespace(MAIN_ID)
    assert state is not None
    return state


def rows(store: Store, state: NamespaceState, prefix: str = "") -> Iterator[KeyRow]:
    after = None
    while page := store.page(state, prefix, after, 1000):
        yield from page
        after = Position(page[-1][3], page[-1][0])


def content(store: Store, state: NamespaceState, key: str) -> bytes:
    value = store.get(state, key)
    assert value is not None
    return value.content


def named(store: Store, name: str) -> NamespaceState:
    (state,) = (state for state in store.namespaces() if state.namespace.name == name)
    return state


def test_there_is_a_namespace_in_every_status(sample: Store) -> None:
    found = Counter(state.namespace.status for state in sample.namespaces())
    assert set(found) == set(Status) - {Status.DELETED}
    assert found[Status.PROVISION_OK] >= 4


def test_names_and_ids_are_proper(sample: Store) -> None:
    namespaces = [state.namespace for state in sample.namespaces()]
    assert all(is_namespace_id(namespace.id) for namespace in namespaces)
    assert not any(name_problem(namespace.name) for namespace in namespaces)
    assert len({namespace.name for namespace in namespaces}) == len(namespaces)
    assert named(sample, MAIN_NAME).namespace.id == MAIN_ID


def test_one_namespace_becomes_ready_while_somebody_watches() -> None:
    clock = ManualClock()
    store = Store(None, ServerOptions(), clock)
    load_sample(store)
    clock.advance(5)
    assert named(store, "staging").namespace.status == Status.PENDING
    clock.advance(3)
    assert named(store, "staging").namespace.status == Status.PROVISION_OK
    assert store.page(named(store, "staging"), "", None, 1)
    clock.advance(3600)
    assert named(store, "old-sessions").namespace.status == Status.DELETING
    store.close()


def test_every_key_is_legal_and_can_be_addressed(sample: Store) -> None:
    for state in sample.namespaces():
        for row in rows(sample, state):
            assert key_problem(row[0]) is None
            assert dot_segment_problem(row[0]) is None
            assert row[1] <= MAX_VALUE_BYTES


def test_nothing_was_written_in_the_future(sample: Store, clock: ManualClock) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(clock.now))
    for state in sample.namespaces():
        assert all(row[2] < now for row in rows(sample, state))


def test_the_main_namespace_has_realistic_shapes(sample: Store, main: NamespaceState) -> None:
    keys = [row[0] for row in rows(sample, main)]
    assert len(keys) > 5000
    folders = Counter(key.split("/")[0] for key in keys)
    assert folders["user"] > 4000
    assert {"session", "flags", "logs", "cart", "reports", "examples"} <= set(folders)
    also_folders = [key for key in keys if key.startswith("user/") and key.count("/") == 1]
    assert also_folders
    assert f"{also_folders[0]}/profile" in keys
    assert {"a//b", "/leading", "trailing/", "//", ".env", "...", "=15551234567"} <= set(keys)
    assert MAX_KEY_LENGTH in {len(key) for key in keys}
    json.loads(content(sample, main, f"{also_folders[0]}/profile"))


def test_events_lie_below_dates(sample: Store) -> None:
    keys = [row[0] for row in rows(sample, named(sample, "events"))]
    assert len(keys) == 30_000
    assert len({key.rsplit("/", 2)[0] for key in keys}) in {31, 32}


def test_sessions_expire_one_after_the_other() -> None:
    clock = ManualClock()
    store = Store(None, ServerOptions(), clock)
    load_sample(store)
    counts = []
    for _ in range(4):
        main = store.namespace(MAIN_ID)
        assert main is not None
        counts.append(len(list(rows(store, main, "session/"))))
        clock.advance(8 * 3600)
    assert counts == sorted(set(counts), reverse=True)
    assert counts[-1] == 0
    store.close()


def test_values_are_of_many_kinds(sample: Store, main: NamespaceState) -> None:
    def example(name: str) -> bytes:
        return content(sample, main, f"examples/{name}")

    small = json.loads(example("json/small"))
    assert 150_000 < len(example("json/large")) < 300_000
    one_line = example("json/one-line-1MiB")
    assert (len(one_line), one_line.count(b"\n")) == (MAX_VALUE_BYTES, 0)
    assert json.loads(one_line)["orders"]
    assert all(json.loads(line) for line in example("json/lines").splitlines())
    assert example("text/empty") == b""
    assert "👍🏽" in example("text/languages").decode()
    with pytest.raises(UnicodeDecodeError):
        example("text/latin-1").decode()
    assert len(example("binary/random-1MiB")) == MAX_VALUE_BYTES
    assert msgpack.unpackb(example("binary/order.msgpack")) == small
    assert cbor2.loads(example("binary/order.cbor")) == small
    assert example("binary/picture.png").startswith(b"\x89PNG\r\n\x1a\n")
    assert json.loads(gzip.decompress(example("layers/json.gz"))) == small
    assert json.loads(zlib.decompress(example("layers/json.zlib"))) == small
    assert example("layers/token.jwt").count(b".") == 2
    assert b"\x1b]0;" in example("hostile/escape-sequences")


def test_the_pictures_are_pictures(sample: Store, main: NamespaceState) -> None:
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(content(sample, main, "examples/binary/picture.png"))) as picture:
        picture.load()
        assert picture.size == (96, 64)


def test_a_zstandard_frame_is_one(sample: Store, main: NamespaceState) -> None:
    frame = content(sample, main, "examples/layers/json.zst")
    assert frame[:4] == b"\x28\xb5\x2f\xfd"
    assert json.loads(frame[9:]) == json.loads(content(sample, main, "examples/json/small"))


def test_the_sample_is_the_same_every_time(sample: Store, clock: ManualClock) -> None:
    again = Store(None, ServerOptions(), clock)
    load_sample(again)
    assert again.namespaces() == sample.namespaces()
    for state in sample.namespaces():
        assert list(rows(again, state)) == list(rows(sample, state))
    again.close()
