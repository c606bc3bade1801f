import sqlite3
from collections.abc import Iterator
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvtui.protocol import KEY_ALPHABET
from kvtui.records import StoredValue
from kvtui.server.cursors import Position
from kvtui.server.options import ListOrder, ServerOptions
from kvtui.server.pages import PageReader, PageRequest
from kvtui.server.schema import open_database
from kvtui.server.shapes import fill, one_big_folder
from kvtui.server.store import NamespaceState, Store
from tests.support.server import ManualClock

ORDERS = list(ListOrder)
short_keys = st.text("a/b-.z=", min_size=1, max_size=5)


def new_store(order: ListOrder) -> tuple[Store, NamespaceState]:
    store = Store(None, ServerOptions(provisioning_seconds=0, order=order), ManualClock())
    state = store.create_namespace("paged")
    assert state is not None
    return store, state


def walk(store: Store, state: NamespaceState, prefix: str, limit: int) -> Iterator[list[str]]:
    """List all pages, each from the position where the one before ended."""
    after = None
    while rows := store.page(state, prefix, after, limit):
        yield [row[0] for row in rows]
        after = Position(rows[-1][3], rows[-1][0])


def keys_of(pages: Iterator[list[str]]) -> list[str]:
    return [key for page in pages for key in page]


@pytest.mark.parametrize("order", ORDERS)
@given(
    keys=st.lists(short_keys, max_size=30),
    prefix=st.text("a/b-.z=", max_size=3),
    limit=st.integers(1, 7),
)
@settings(max_examples=60, deadline=None)
def test_pages_hold_every_key_of_the_prefix_once(
    order: ListOrder, keys: list[str], prefix: str, limit: int
) -> None:
    store, state = new_store(order)
    for key in keys:
        store.put(state, key, StoredValue(b"v"))
    pages = list(walk(store, state, prefix, limit))
    found = keys_of(iter(pages))
    assert sorted(found) == sorted({key for key in keys if key.startswith(prefix)})
    assert all(len(page) == limit for page in pages[:-1])
    if order is ListOrder.LEX:
        assert found == sorted(found, key=str.encode)
    store.close()


def test_write_order_lists_the_oldest_write_first_and_a_rewritten_key_last() -> None:
    store, state = new_store(ListOrder.WRITE)
    for key in ("c", "a", "b", "c"):
        store.put(state, key, StoredValue(b"v"))
    assert keys_of(walk(store, state, "", 2)) == ["a", "b", "c"]
    store.close()


def test_a_key_rewritten_during_a_walk_in_write_order_appears_again() -> None:
    store, state = new_store(ListOrder.WRITE)
    for key in ("a", "b", "c"):
        store.put(state, key, StoredValue(b"v"))
    pages = walk(store, state, "", 1)
    seen = next(pages)
    store.put(state, "a", StoredValue(b"v"))
    assert seen + keys_of(pages) == ["a", "b", "c", "a"]
    store.close()


def test_a_walk_goes_on_where_the_key_it_stood_at_was_deleted() -> None:
    for order in ORDERS:
        store, state = new_store(order)
        for key in "abcdef":
            store.put(state, key, StoredValue(b"v"))
        pages = walk(store, state, "", 2)
        first = next(pages)
        store.delete(state, first[-1])
        assert sorted(first + keys_of(pages)) == list("abcdef")
        store.close()


def test_shuffled_order_is_always_the_same_and_no_order_at_all() -> None:
    walks = []
    keys = [f"user/{number:03d}" for number in range(100)]
    for sequence in (keys, keys[::-1]):
        store, state = new_store(ListOrder.SHUFFLED)
        for key in sequence:
            store.put(state, key, StoredValue(b"v"))
        walks.append(keys_of(walk(store, state, "", 30)))
        store.close()
    assert walks[0] == walks[1]
    ascending = sum(one < other for one, other in zip(walks[0], walks[0][1:], strict=False))
    assert 30 < ascending < 70


def test_every_character_of_a_key_sorts_by_its_byte() -> None:
    store, state = new_store(ListOrder.LEX)
    for character in KEY_ALPHABET:
        store.put(state, f"a{character}", StoredValue(b"v"))
    store.put(state, "a", StoredValue(b"v"))
    expected = ["a", *(f"a{character}" for character in KEY_ALPHABET)]
    assert keys_of(walk(store, state, "a", 1)) == expected
    store.close()


@pytest.mark.parametrize("order", [ListOrder.WRITE, ListOrder.SHUFFLED])
def test_a_prefix_is_found_the_same_way_among_few_and_among_many(order: ListOrder) -> None:
    store, state = new_store(order)
    keys = list(one_big_folder(25_000))
    fill(store, state, keys)
    for prefix in ("user/", "team/", "user/0000", ""):
        found = keys_of(walk(store, state, prefix, 1000))
        assert sorted(found) == sorted(key for key in keys if key.startswith(prefix))
    store.close()


class StepCounter:
    """Counts the steps of SQLite's virtual machine: what a query costs on any machine."""

    def __init__(self, connection: sqlite3.Connection, order: ListOrder) -> None:
        self._steps = 0
        self._pages = PageReader(connection, order)
        connection.set_progress_handler(self._count, 100)

    def _count(self) -> int:
        self._steps += 100
        return 0

    def cost_of(self, request: PageRequest) -> int:
        self._steps = 0
        assert len(self._pages.page(request)) == request.limit
        return self._steps


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("prefix", ["", "user/"])
def test_a_deep_page_costs_no_more_than_the_first(order: ListOrder, prefix: str) -> None:
    count = 60_000
    connection = open_database(None, order)
    rows = (
        (1, f"user/{n:06d}", 1, f"{n:020d}", f"{n * 7919 % 1_000_003:08d}", "x", b"v")
        for n in range(count)
    )
    connection.executemany(
        "INSERT INTO entries (namespace, key, size_bytes, updated_at, shuffled, content_type,"
        " content) VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    counter = StepCounter(connection, order)
    first = counter.cost_of(PageRequest(1, prefix, None, -inf, 1000))
    deep = {
        ListOrder.LEX: Position("", f"user/{count * 9 // 10:06d}"),
        ListOrder.WRITE: Position(f"{count * 9 // 10:020d}", ""),
        ListOrder.SHUFFLED: Position("00900000", ""),
    }
    assert counter.cost_of(PageRequest(1, prefix, deep[order], -inf, 1000)) <= 1.2 * first
    connection.close()
