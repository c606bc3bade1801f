"""The client and the local server, which share no reader or writer, against each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from kvtui.api.client import KvClient
from kvtui.errors import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    KeyNotAddressableError,
    MalformedResponseError,
    NamespaceNotReadyError,
    NotFoundError,
    OutcomeUnknownError,
    ServerError,
)
from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.records import Priority, PutOutcome, StoredValue
from kvtui.secret import Secret
from kvtui.server.options import CursorQuirk, RateLimit
from tests.support.clock import VirtualClock
from tests.support.raw_client import RawClient
from tests.support.server import AT_ONCE, LocalServer, local_server, running_server

AWKWARD_KEYS = (".env", "a.", "a//b", "/a", "a/", "//", "...", "a=b", "=", "_x", "a..b", "k" * 256)


@asynccontextmanager
async def client_at(server: LocalServer, *, token: str | None = None) -> AsyncIterator[KvClient]:
    clock = VirtualClock(is_automatic=True)
    client = KvClient(server.base_url, Secret(token or server.token), clock=clock)
    try:
        yield client
    finally:
        await client.aclose()


async def test_all_eight_calls_work_over_a_socket(server: LocalServer) -> None:
    async with client_at(server) as client:
        namespace = await client.create_namespace("all-eight")
        assert (await client.get_namespace(namespace.id)).is_ready
        assert namespace.id in {found.id for found in await client.list_namespaces()}
        value = StoredValue(bytes(range(256)) * 4096, "image/x; q=1")
        assert len(value.content) == MAX_VALUE_BYTES
        assert await client.put_value(namespace.id, "a/b", value) is PutOutcome.CREATED
        assert await client.put_value(namespace.id, "a/b", value) is PutOutcome.REPLACED
        assert await client.get_value(namespace.id, "a/b") == value
        page = await client.list_keys(namespace.id)
        assert [(entry.key, entry.size_bytes) for entry in page.entries()] == [
            ("a/b", MAX_VALUE_BYTES)
        ]
        await client.delete_key(namespace.id, "a/b")
        await client.delete_key(namespace.id, "a/b")
        with pytest.raises(NotFoundError):
            await client.get_value(namespace.id, "a/b")
        assert (await client.delete_namespace(namespace.id)).status == "deleting"
        with pytest.raises(NotFoundError):
            await client.get_namespace(namespace.id)


async def test_awkward_keys_come_back_as_they_were_written(server: LocalServer) -> None:
    namespace_id = server.namespace("awkward").namespace.id
    async with client_at(server) as client:
        for key in AWKWARD_KEYS:
            await client.put_value(namespace_id, key, StoredValue(key.encode()))
        for key in AWKWARD_KEYS:
            assert (await client.get_value(namespace_id, key)).content == key.encode()
        page = await client.list_keys(namespace_id)

    assert sorted(page.keys) == sorted(AWKWARD_KEYS)


async def test_a_gateway_that_folds_dots_never_sees_a_namespace_deleted() -> None:
    with running_server(replace(AT_ONCE, is_path_normalised=True)) as server:
        namespace_id = server.namespace("precious").namespace.id
        async with client_at(server) as client:
            for key in ("..", ".", "a/../..", "../", "./..", "/.."):
                with pytest.raises(KeyNotAddressableError):
                    await client.delete_key(namespace_id, key)
            for key in (*AWKWARD_KEYS, "....", ".../..."):
                await client.delete_key(namespace_id, key)
            assert (await client.get_namespace(namespace_id)).is_ready
            RawClient(server)("DELETE", f"/{namespace_id}/keys/..")
            with pytest.raises(NotFoundError):
                await client.get_namespace(namespace_id)


async def test_a_wrong_key_is_rejected_in_words_that_do_not_repeat_it(server: LocalServer) -> None:
    async with client_at(server, token="KEY999999_wrong") as client:
        with pytest.raises(AuthenticationError) as caught:
            await client.list_namespaces()

    assert "KEY999999" not in str(caught.value)


async def test_a_namespace_in_the_making_is_not_ready_and_a_taken_name_is_a_conflict() -> None:
    with running_server(replace(AT_ONCE, provisioning_seconds=60.0)) as server:
        async with client_at(server) as client:
            namespace = await client.create_namespace("slow")
            with pytest.raises(NamespaceNotReadyError):
                await client.list_keys(namespace.id)
            with pytest.raises(ConflictError):
                await client.create_namespace("slow")


async def test_namespaces_beyond_one_page_are_all_listed() -> None:
    with running_server() as server:
        for number in range(260):
            server.namespace(f"n{number}")
        async with client_at(server) as client:
            namespaces = await client.list_namespaces()
            assert client.trace.request_count == 2

    assert len({namespace.id for namespace in namespaces}) == 260


@pytest.mark.parametrize("quirk", [CursorQuirk.NONE, CursorQuirk.AFTER_END, CursorQuirk.EMPTY_PAGE])
async def test_pages_are_followed_to_the_end_whatever_the_cursors_are_like(
    quirk: CursorQuirk,
) -> None:
    with running_server(replace(AT_ONCE, cursor_quirk=quirk)) as server:
        namespace_id = server.namespace("pages").namespace.id
        async with client_at(server) as client:
            for number in range(7):
                await client.put_value(namespace_id, f"k{number}", StoredValue(b""))
            keys: list[str] = []
            page = await client.list_keys(namespace_id, limit=3)
            keys += page.keys
            while page.has_more:
                page = await client.list_keys(namespace_id, limit=3, cursor=page.cursor)
                keys += page.keys

    assert keys == [f"k{number}" for number in range(7)]


async def test_a_missing_cursor_is_an_error() -> None:
    with running_server(replace(AT_ONCE, cursor_quirk=CursorQuirk.MISSING)) as server:
        namespace_id = server.namespace("pages").namespace.id
        async with client_at(server) as client:
            for key in "ab":
                await client.put_value(namespace_id, key, StoredValue(b""))
            with pytest.raises(MalformedResponseError):
                await client.list_keys(namespace_id, limit=1)


async def test_a_write_that_was_applied_but_never_answered_is_sent_once() -> None:
    with running_server(replace(AT_ONCE, drop_percent=100.0)) as server:
        namespace_id = server.namespace("drops").namespace.id
        async with client_at(server) as client:
            with pytest.raises(OutcomeUnknownError):
                await client.put_value(namespace_id, "k", StoredValue(b"landed"))
            writes = [entry for entry in client.trace.entries if entry.is_write]
            assert (await client.get_value(namespace_id, "k")).content == b"landed"

    assert len(writes) == 1


@pytest.mark.parametrize("is_html", [False, True])
async def test_a_server_that_fails_is_told_from_one_that_may_have_written(is_html: bool) -> None:
    options = replace(AT_ONCE, fail_percent=100.0, fail_status=502, is_failure_html=is_html)
    clock = VirtualClock(is_automatic=True)
    with local_server(options) as server:
        namespace_id = server.namespace("fails").namespace.id
        client = virtual_client(server, clock)
        with pytest.raises(ServerError) as caught:
            await client.get_value(namespace_id, "k")
        with pytest.raises(OutcomeUnknownError):
            await client.put_value(namespace_id, "k", StoredValue(b""))

    assert "<" not in str(caught.value)
    assert [entry.method for entry in client.trace.entries] == ["GET"] * 4 + ["PUT"]


async def test_a_server_that_has_gone_is_one_sentence() -> None:
    with running_server() as server:
        pass
    async with client_at(server) as client:
        with pytest.raises(ConnectionFailedError, match="the connection was refused"):
            await client.list_namespaces()


def virtual_client(server: LocalServer, clock: VirtualClock) -> KvClient:
    transport = httpx.ASGITransport(server.app)
    return KvClient(server.base_url, Secret(server.token), transport=transport, clock=clock)


async def quiet(client: KvClient) -> None:
    """Wait until nothing is under way any more and nobody else may go now."""
    calm = 0
    for _ in range(100_000):
        calm = 0 if client.trace.in_flight_count else calm + 1
        if calm > 20:
            return
        await asyncio.sleep(0)


async def test_a_rate_limit_paces_a_crowd_without_one_refusal_and_lets_clicks_through() -> None:
    clock = VirtualClock()
    limits = replace(AT_ONCE, rate_limit=RateLimit(20, 1.0))
    with local_server(limits, clock=clock.epoch) as server:
        namespace_id = server.namespace("limited").namespace.id
        client = virtual_client(server, clock)
        await client.list_keys(namespace_id)
        crowd = [
            asyncio.create_task(client.list_keys(namespace_id, priority=Priority.BACKGROUND))
            for _ in range(200)
        ]
        began_at = clock.now()
        clicks: list[bool] = []
        while not all(task.done() for task in crowd):
            click = asyncio.create_task(client.list_keys(namespace_id))
            await quiet(client)
            clicks.append(click.done())
            for _ in range(20):
                clock.advance(0.055)
                await quiet(client)
        seconds = clock.now() - began_at

    statuses = [entry.status for entry in client.trace.entries]
    assert set(statuses) == {200}
    assert len(statuses) == 201 + len(clicks)
    assert all(clicks)
    assert seconds <= 1.1 * 200 / 17 + 1.1


async def test_a_limit_that_is_hit_is_waited_out() -> None:
    clock = VirtualClock(is_automatic=True)
    with local_server(replace(AT_ONCE, rate_limit=RateLimit(2, 1.0)), clock=clock.epoch) as server:
        namespace_id = server.namespace("limited").namespace.id
        client, other = virtual_client(server, clock), virtual_client(server, clock)
        for _ in range(2):
            await other.list_keys(namespace_id)
        await client.list_keys(namespace_id)

    assert [entry.status for entry in client.trace.entries] == [429, 200]
