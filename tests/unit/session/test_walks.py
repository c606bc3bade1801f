"""Finding, proving, refreshing and reading everything, while others write."""

import json
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from operator import itemgetter

import httpx
import pytest

from kvtui.api.client import KvClient
from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.progress import Doing, Progress
from kvtui.keyspace.row import RowKind
from kvtui.protocol import MAX_KEYS_LIMIT
from kvtui.records import Namespace
from kvtui.secret import Secret
from kvtui.server.options import CursorQuirk, ListOrder, RateLimit, ServerOptions
from kvtui.server.store import NamespaceState
from kvtui.session.gathering import all_pages
from kvtui.session.listings import MAX_BARREN_PAGES
from kvtui.session.namespace import OpenNamespace
from tests.support.client import client_on, slow_where_empty
from tests.support.server import BASE_URL, TOKEN, LocalServer, local_server
from tests.support.stored import put, put_many
from tests.support.transports import Pieces

each_order = pytest.mark.parametrize("order", list(ListOrder))
HIDDEN = ["admin/1", "vip/1", "zoo"]


@pytest.fixture
def opened(client: KvClient, namespace: Namespace) -> OpenNamespace:
    return OpenNamespace(client, namespace)


async def drain(steps: AsyncGenerator[Progress, None], most: int = 100_000) -> list[Progress]:
    """Take so many steps, then leave as somebody who stops it."""
    taken: list[Progress] = []
    async with aclosing(steps):
        async for step in steps:
            taken.append(step)
            if len(taken) == most:
                break
    return taken


def labels(opened: OpenNamespace) -> list[str]:
    found = opened.tree.rows(0, len(opened.tree))
    return [row.path for row in found if row.kind is not RowKind.MORE]


def keys_of(opened: OpenNamespace) -> set[str]:
    return set(opened.index.keys())


def put_one_large_folder(server: LocalServer, state: NamespaceState, count: int = 40_000) -> None:
    """Write in no order of the keys, so that byte order can be proven."""
    keys = [f"user/{number:06}" for number in range(count)] + HIDDEN
    put_many(server, state, sorted(keys, key=lambda key: key[::-1]))


async def find(opened: OpenNamespace) -> None:
    await drain(opened.listings.fill(""))
    await drain(opened.listings.fill(""))


async def test_what_is_found_is_told_from_what_is_proven_and_what_it_took() -> None:
    with local_server(ServerOptions(order=ListOrder.WRITE, provisioning_seconds=0)) as server:
        state = server.namespace()
        put_one_large_folder(server, state, 100_000)
        client = client_on(server)
        opened = OpenNamespace(client, state.namespace)
        seen = [opened.tree.coverage("")]

        await drain(opened.listings.fill(""))
        seen.append(opened.tree.coverage(""))
        while opened.tree.coverage("") is Coverage.PARTIAL:
            await drain(opened.listings.fill(""))
        seen.append(opened.tree.coverage(""))
        await drain(opened.listings.prove(""))
        seen.append(opened.tree.coverage(""))

        assert seen[:3] == [Coverage.UNKNOWN, Coverage.PARTIAL, Coverage.ALL_FOUND]
        assert seen[3] in {Coverage.PROVEN, Coverage.COMPLETE}
        assert opened.listings.standing("").request_count == client.trace.request_count


async def test_a_proof_keeps_to_its_budget_and_goes_on_where_it_was_stopped(
    server: LocalServer, state: NamespaceState, client: KvClient, opened: OpenNamespace
) -> None:
    put_one_large_folder(server, state)
    await drain(opened.listings.fill(""))

    bites = [await drain(opened.listings.prove("", 30), most=20)]
    while opened.tree.coverage("") not in {Coverage.PROVEN, Coverage.COMPLETE}:
        bites.append(await drain(opened.listings.prove("", 30)))
    asked = [entry.target for entry in client.trace.entries if "prefix=" in entry.target]

    assert len(bites) > 3
    assert all(step.doing is Doing.PROVING for bite in bites for step in bite)
    assert max(step.request_count for bite in bites for step in bite) <= 30
    assert labels(opened) == ["admin/", "user/", "vip/", "zoo"]
    assert len(asked) - len(set(asked)) <= 16, "only what was under way is asked again"


async def test_a_search_that_was_stopped_goes_on_where_it_was(
    server: LocalServer, state: NamespaceState, client: KvClient, opened: OpenNamespace
) -> None:
    put_one_large_folder(server, state)
    await drain(opened.listings.fill(""))

    await drain(opened.listings.fill(""), most=MAX_BARREN_PAGES + 20)
    stopped_at = opened.tree.coverage("")
    again = await drain(opened.listings.fill(""))

    assert stopped_at is Coverage.PARTIAL
    assert {step.doing for step in again} == {Doing.FINDING}
    assert labels(opened) == ["admin/", "user/", "vip/", "zoo"]


async def test_a_folder_that_is_gone_leaves_with_a_refresh_though_no_page_reaches_it(
    server: LocalServer, state: NamespaceState, opened: OpenNamespace
) -> None:
    put_one_large_folder(server, state)
    await find(opened)
    before = labels(opened)

    server.store.delete(state, "vip/1")
    put(server, state, {"xyz/1": "new"})
    await drain(opened.listings.refresh(""))

    assert before == ["admin/", "user/", "vip/", "zoo"]
    assert labels(opened) == ["admin/", "user/", "xyz/", "zoo"]


async def test_a_folder_listed_whole_holds_no_ghosts(
    server: LocalServer, state: NamespaceState, opened: OpenNamespace
) -> None:
    put_many(server, state, [f"a/{number:04}" for number in range(50)])
    put_many(server, state, [f"b{number:04}" for number in range(3000)])
    await drain(opened.listings.fill(""))
    server.store.delete(state, "a/0007")

    opened.tree.expand("a/")
    await drain(opened.listings.fill("a/"))

    (folder,) = [row for row in opened.tree.rows(0, 1) if row.path == "a/"]
    assert (folder.count, folder.is_count_exact) == (49, True)


async def test_rows_that_are_known_already_are_passed_over_and_not_searched_for(
    server: LocalServer, state: NamespaceState, client: KvClient, opened: OpenNamespace
) -> None:
    put_one_large_folder(server, state)
    await find(opened)
    known = opened.index.count("user/")
    asked_before = client.trace.request_count

    opened.tree.expand("user/")
    steps = await drain(opened.listings.fill("user/"))

    assert known > MAX_BARREN_PAGES * MAX_KEYS_LIMIT
    assert {step.doing for step in steps} == {Doing.READING}
    assert opened.index.count("user/") > known
    assert client.trace.request_count - asked_before == known // MAX_KEYS_LIMIT + 1


@each_order
async def test_empty_pages_between_the_others_end_nothing(order: ListOrder) -> None:
    quirk = CursorQuirk.EMPTY_PAGE
    options = ServerOptions(order=order, cursor_quirk=quirk, provisioning_seconds=0)
    with local_server(options) as server:
        state = server.namespace()
        put_one_large_folder(server, state)
        opened = OpenNamespace(client_on(server), state.namespace)

        await find(opened)
        found = labels(opened)
        await drain(opened.listings.prove(""))
        proven = opened.tree.coverage("")
        await drain(opened.listings.load_all(""))

        assert found == ["admin/", "user/", "vip/", "zoo"]
        assert proven in {Coverage.PROVEN, Coverage.COMPLETE}
        assert len(opened.index) == 40_000 + len(HIDDEN)
        assert opened.tree.coverage("") is Coverage.COMPLETE


@each_order
async def test_no_key_is_lost_or_doubled_while_others_write(order: ListOrder) -> None:
    """A key that is there all the time is found; what is shown was there at some time."""
    dice = random.Random(1)
    with local_server(ServerOptions(order=order, provisioning_seconds=0)) as server:
        state = server.namespace()
        names = [f"{folder}/{n:05}" for folder in ("big", "big-2", "tiny") for n in range(9000)]
        dice.shuffle(names)
        doomed, stable = names[:500], names[500:21_000]
        put_many(server, state, [*doomed, *stable])
        opened = OpenNamespace(client_on(server), state.namespace)

        def disturb() -> None:
            for _ in range(5):
                if doomed:
                    server.store.delete(state, doomed.pop())
                put(server, state, {f"new/{dice.randrange(10**9)}": "x"})
                put(server, state, {dice.choice(stable): "changed"})

        await drain(opened.listings.fill(""))
        async with aclosing(opened.listings.load_all("")) as steps:
            async for _ in steps:
                disturb()
        walked = keys_of(opened)
        await drain(opened.listings.refresh(""))
        await drain(opened.listings.load_all(""))

        truth = {row[0] for row in everything(server, state)}
    assert walked >= set(stable)
    assert len(opened.index) == len(keys_of(opened))
    assert keys_of(opened) >= truth


def everything(server: LocalServer, state: NamespaceState) -> list[tuple[str, int, str, str]]:
    return server.store.page(state, "", None, 1_000_000)


@each_order
async def test_folders_are_found_while_others_write(order: ListOrder) -> None:
    with local_server(ServerOptions(order=order, provisioning_seconds=0)) as server:
        state = server.namespace()
        put_one_large_folder(server, state)
        opened = OpenNamespace(client_on(server), state.namespace)
        number = 0
        for _ in range(3):
            async with aclosing(opened.listings.fill("")) as steps:
                async for _ in steps:
                    number += 1
                    put(server, state, {f"user/{number:06}": "changed", f"user/x{number}": "new"})
                    server.store.delete(state, f"user/{20_000 + number:06}")

        assert labels(opened) == ["admin/", "user/", "vip/", "zoo"]


@each_order
async def test_the_list_of_all_keys_is_whole_whatever_the_order(order: ListOrder) -> None:
    with local_server(ServerOptions(order=order, provisioning_seconds=0)) as server:
        state = server.namespace()
        put_one_large_folder(server, state)
        client = client_on(server)

        pages = [page async for page in all_pages(client, state.namespace.id, "")]

    listed = [key for page in pages for key in page.keys]
    assert len(set(listed)) == 40_000 + len(HIDDEN)
    assert client.trace.request_count < 40 * 16


async def test_where_a_rate_limit_leaves_nothing_to_be_gained_pages_are_read_in_a_row() -> None:
    options = ServerOptions(
        order=ListOrder.WRITE, provisioning_seconds=0, rate_limit=RateLimit(50, 1.0)
    )
    with local_server(options) as server:
        state = server.namespace()
        put_one_large_folder(server, state, 20_000)
        client = client_on(server)

        pages = [page async for page in all_pages(client, state.namespace.id, "")]

    assert len({key for page in pages for key in page.keys}) == 20_000 + len(HIDDEN)
    assert client.trace.request_count < 100


async def test_the_list_of_all_keys_is_whole_where_no_plan_can_be_made() -> None:
    """A key of a character that none may have cannot be reached by prefixes."""
    with local_server(ServerOptions(order=ListOrder.WRITE, provisioning_seconds=0)) as server:
        state = server.namespace()
        strange = ["user~/1", "us~r/2"]
        put_many(server, state, [*strange, *(f"user/{number:06}" for number in range(20_000))])

        pages = [page async for page in all_pages(client_on(server), state.namespace.id, "us")]

    assert {key for page in pages for key in page.keys} >= set(strange)
    assert len({key for page in pages for key in page.keys}) == 20_002


def probe_count(client: KvClient) -> int:
    return sum("prefix=" in entry.target for entry in client.trace.entries)


async def test_where_looking_for_nothing_takes_long_a_folder_is_read_page_by_page(
    server: LocalServer, state: NamespaceState
) -> None:
    put_one_large_folder(server, state)
    slow = client_on(server, answer_seconds=slow_where_empty)
    opened = OpenNamespace(slow, state.namespace)

    await find(opened)
    probed, coverage = probe_count(slow), opened.tree.coverage("")
    more = await drain(opened.listings.fill("", is_explicit=True))
    await drain(opened.listings.load_all(""))

    assert opened.listings.is_probing_dear
    assert coverage is Coverage.PARTIAL
    assert {step.doing for step in more} == {Doing.READING}
    assert probe_count(slow) == probed < 60
    assert len(opened.index) == 40_000 + len(HIDDEN)
    assert opened.is_complete("")


async def test_there_a_proof_reads_the_folder_to_its_end(
    server: LocalServer, state: NamespaceState
) -> None:
    put_one_large_folder(server, state)
    slow = client_on(server, answer_seconds=slow_where_empty)
    opened = OpenNamespace(slow, state.namespace)
    await find(opened)
    probed = probe_count(slow)

    steps = await drain(opened.listings.prove("", 10))
    first = (len(steps), opened.is_complete(""))
    await drain(opened.listings.prove("", 100))

    assert first == (10, False)
    assert opened.is_complete("")
    assert probe_count(slow) == probed


class SortedPages(httpx.AsyncBaseTransport):
    """A server that lists by time of writing, and sorts the keys of each page."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        body = json.loads(await response.aread())
        if "/keys" in request.url.path:
            body["data"].sort(key=itemgetter("key"))
        content = json.dumps(body).encode()
        headers = {"content-type": "application/json", "content-length": str(len(content))}
        return httpx.Response(response.status_code, headers=headers, stream=Pieces([content]))


async def test_what_a_false_order_took_away_comes_back_with_the_page_that_refutes_it() -> None:
    dice = random.Random(3)
    options = ServerOptions(order=ListOrder.WRITE, provisioning_seconds=0)
    with local_server(options) as server:
        state = server.namespace()
        written: list[str] = []
        for block in range(2):
            names = [f"k{block}{number:05}" for number in range(MAX_KEYS_LIMIT)]
            dice.shuffle(names)
            written += names
        put_many(server, state, [*written, "k0-between", *(f"z{n:04}" for n in range(1500))])
        transport = SortedPages(httpx.ASGITransport(server.app))
        client = KvClient(BASE_URL, Secret(TOKEN), transport=transport)
        opened = OpenNamespace(client, state.namespace)
        await drain(opened.listings.fill(""))
        await drain(opened.listings.fill(""))
        assert await opened.listings.probe("k0-between")

        await drain(opened.listings.refresh(""))
        was_taken = "k0-between" not in opened.index
        await drain(opened.listings.fill(""))
        is_back = "k0-between" in opened.index
        await drain(opened.listings.refresh(""))

    assert was_taken
    assert is_back
    assert "k0-between" in opened.index
