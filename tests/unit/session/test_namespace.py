from collections.abc import AsyncIterator

import pytest

from kvtui.api.client import KvClient
from kvtui.errors import KeyNotAddressableError, NotFoundError
from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.progress import Progress
from kvtui.keyspace.row import Mark, RowKind
from kvtui.records import Namespace, StoredValue
from kvtui.server.options import ListOrder, ServerOptions
from kvtui.server.store import NamespaceState
from kvtui.session.listings import MAX_BARREN_PAGES
from kvtui.session.namespace import OpenNamespace
from tests.support.client import client_on
from tests.support.server import LocalServer, ManualClock, local_server
from tests.support.stored import put, put_many


@pytest.fixture
def opened(client: KvClient, namespace: Namespace) -> OpenNamespace:
    return OpenNamespace(client, namespace)


def rows(opened: OpenNamespace) -> list[tuple[RowKind, str]]:
    return [(row.kind, row.path) for row in opened.tree.rows(0, len(opened.tree))]


async def drain(progress: AsyncIterator[Progress]) -> list[Progress]:
    return [step async for step in progress]


async def test_the_first_page_takes_one_request(
    server: LocalServer, state: NamespaceState, client: KvClient, opened: OpenNamespace
) -> None:
    put_many(server, state, [f"k{number:05}" for number in range(5000)])

    steps = await drain(opened.listings.fill(""))

    assert [step.new_key_count for step in steps] == [1000]
    assert client.trace.request_count == 1
    assert not opened.is_complete("")


async def test_a_folder_that_ends_soon_is_read_through_though_its_pages_bring_no_row(
    server: LocalServer, state: NamespaceState, client: KvClient, opened: OpenNamespace
) -> None:
    put_many(server, state, [f"a/{number:05}" for number in range(9000)])

    await drain(opened.listings.fill(""))
    steps = await drain(opened.listings.fill(""))

    assert all(step.is_barren for step in steps[:MAX_BARREN_PAGES])
    assert rows(opened) == [(RowKind.FOLDER, "a/")]
    assert opened.is_complete("")
    assert client.trace.request_count < 100


async def test_a_folder_is_listed_by_itself_and_its_count_becomes_exact(
    server: LocalServer, state: NamespaceState, opened: OpenNamespace
) -> None:
    put_many(server, state, [f"a/{number:05}" for number in range(2000)] + ["b/1", "b/2"])
    await drain(opened.listings.fill(""))

    opened.tree.expand("b/")
    await drain(opened.listings.fill("b/"))

    (folder,) = [row for row in opened.tree.rows(0, 9999) if row.path == "b/"]
    assert (folder.count, folder.is_count_exact) == (2, True)


async def test_refreshing_forgets_what_is_gone_and_shows_what_is_new(
    server: LocalServer, state: NamespaceState, opened: OpenNamespace
) -> None:
    put(server, state, {"a": "1", "b": "2", "c": "3"})
    await drain(opened.listings.fill(""))

    server.store.delete(state, "b")
    put(server, state, {"d": "4"})
    await drain(opened.listings.refresh(""))

    assert rows(opened) == [(RowKind.KEY, "a"), (RowKind.KEY, "c"), (RowKind.KEY, "d")]


@pytest.mark.parametrize("order", list(ListOrder))
async def test_a_refresh_that_sees_only_part_forgets_only_what_it_can_prove(
    order: ListOrder,
) -> None:
    with local_server(ServerOptions(order=order, provisioning_seconds=0)) as server:
        state = server.namespace()
        keys = [f"k{number:05}" for number in range(3000)]
        put_many(server, state, sorted(keys, key=lambda key: key[::-1]))
        opened = OpenNamespace(client_on(server), state.namespace)
        await drain(opened.listings.fill(""))
        await drain(opened.listings.fill(""))
        listed = [row.path for row in opened.tree.rows(0, 2000)]
        server.store.delete(state, listed[0])

        await drain(opened.listings.refresh(""))

        known = {entry.key for entry in opened.index.entries()}
        assert (listed[0] in known) is (order is not ListOrder.LEX)
        assert known >= set(listed[1:])


async def test_an_own_write_shows_at_once_and_stays_marked_until_the_listing_agrees(
    server: LocalServer, state: NamespaceState, opened: OpenNamespace
) -> None:
    put(server, state, {"a": "1"})
    await drain(opened.listings.fill(""))

    put(server, state, {"b": "22"})
    opened.note_written("b", StoredValue(b"22"))
    (_, row) = opened.tree.rows(0, 9)
    assert (row.path, row.mark) == ("b", Mark.WRITTEN)

    await drain(opened.listings.refresh(""))
    (_, row) = opened.tree.rows(0, 9)
    assert (row.path, row.mark) == ("b", None)


async def test_a_deleted_key_does_not_come_back_with_a_listing_that_lags(
    server: LocalServer, state: NamespaceState, opened: OpenNamespace
) -> None:
    put(server, state, {"a": "1", "b": "2"})
    await drain(opened.listings.fill(""))

    opened.note_deleted("b")
    await drain(opened.listings.refresh(""))

    assert rows(opened) == [(RowKind.KEY, "a")]


async def test_a_deleted_key_that_somebody_wrote_again_comes_back(
    server: LocalServer, state: NamespaceState, opened: OpenNamespace
) -> None:
    put(server, state, {"a": "1", "b": "2"})
    await drain(opened.listings.fill(""))

    opened.note_deleted("b")
    put(server, state, {"b": "3"})
    await drain(opened.listings.refresh(""))

    assert rows(opened) == [(RowKind.KEY, "a"), (RowKind.KEY, "b")]


async def test_a_listed_key_that_answers_404_is_marked_as_gone(
    server: LocalServer, state: NamespaceState, opened: OpenNamespace
) -> None:
    put(server, state, {"a": "1"})
    await drain(opened.listings.fill(""))
    server.store.delete(state, "a")

    with pytest.raises(NotFoundError):
        await opened.read("a")

    assert opened.tree.rows(0, 1)[0].mark is Mark.GONE


async def test_a_key_with_a_dot_segment_is_never_requested(
    client: KvClient, opened: OpenNamespace
) -> None:
    with pytest.raises(KeyNotAddressableError):
        await opened.read("a/../b")

    assert client.trace.request_count == 0


async def test_a_prefix_that_ends_inside_a_name_can_be_shown(
    server: LocalServer, state: NamespaceState, opened: OpenNamespace
) -> None:
    put(server, state, {"user/1": "1", "users": "2", "used/x": "3", "other": "4"})

    opened.known.show_root("use")
    await drain(opened.listings.fill("use"))

    assert [path for _, path in rows(opened)] == ["used/", "user/", "users"]
    assert opened.is_complete("use")


async def test_a_listing_knows_its_age(
    server: LocalServer, state: NamespaceState, client: KvClient, namespace: Namespace
) -> None:
    put(server, state, {"a/1": "1"})
    clock = ManualClock()
    opened = OpenNamespace(client, namespace, clock=clock)
    assert opened.listings.standing("").age_seconds is None

    await drain(opened.listings.fill(""))
    clock.advance(90)

    assert opened.listings.standing("").age_seconds == 90
    assert opened.listings.standing("a/").age_seconds == 90


async def test_folders_behind_a_large_one_are_found_without_reading_it(
    server: LocalServer, state: NamespaceState, client: KvClient, opened: OpenNamespace
) -> None:
    keys = [f"user/{number:06}" for number in range(60_000)]
    keys += ["a", "admin/1", "users/1", "vip/1", "zoo"]
    put_many(server, state, sorted(keys, key=lambda key: key[::-1]))

    await drain(opened.listings.fill(""))
    await drain(opened.listings.fill(""))

    shown = [path for kind, path in rows(opened) if kind is not RowKind.MORE]
    assert shown == ["a", "admin/", "user/", "users/", "vip/", "zoo"]
    assert opened.tree.coverage("") is Coverage.PROVEN
    assert client.trace.request_count < 200
    (large,) = [row for row in opened.tree.rows(0, 9) if row.path == "user/"]
    assert not large.is_count_exact


@pytest.mark.parametrize("order", [ListOrder.WRITE, ListOrder.SHUFFLED])
async def test_folders_are_found_where_keys_are_listed_in_no_order_of_theirs(
    order: ListOrder,
) -> None:
    with local_server(ServerOptions(order=order, provisioning_seconds=0)) as server:
        state = server.namespace()
        keys = [f"user/{number:06}" for number in range(40_000)] + ["admin/1", "vip/1", "zoo"]
        put_many(server, state, keys)
        client = client_on(server)
        opened = OpenNamespace(client, state.namespace)

        while opened.tree.coverage("") in {Coverage.UNKNOWN, Coverage.PARTIAL}:
            await drain(opened.listings.fill(""))

        assert [path for _, path in rows(opened)] == ["admin/", "user/", "vip/", "zoo"]
        assert client.trace.request_count < 300


async def test_everything_is_loaded_side_by_side_once_byte_order_is_proven(
    server: LocalServer, state: NamespaceState, client: KvClient, opened: OpenNamespace
) -> None:
    keys = [f"user/{number:06}" for number in range(20_000)] + ["zoo"]
    put_many(server, state, sorted(keys, key=lambda key: key[::-1]))

    steps = await drain(opened.listings.load_all(""))

    assert len(opened.index) == len(keys)
    assert opened.is_complete("")
    assert max(step.branch_count for step in steps) > 1
    assert steps[-1].is_complete


@pytest.mark.parametrize("order", list(ListOrder))
async def test_everything_is_loaded_whatever_the_order(order: ListOrder) -> None:
    with local_server(ServerOptions(order=order, provisioning_seconds=0)) as server:
        state = server.namespace()
        keys = [f"user/{number:06}" for number in range(6000)]
        put_many(server, state, sorted(keys, key=lambda key: key[::-1]))
        opened = OpenNamespace(client_on(server), state.namespace)

        await drain(opened.listings.load_all(""))

        assert [entry.key for entry in opened.index.entries()] == keys
        assert opened.is_complete("")
