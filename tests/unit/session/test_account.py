import pytest

from kvtui.api.client import KvClient
from kvtui.errors import ConflictError, NotFoundError, SettingsError
from kvtui.protocol import Status
from kvtui.server.options import ServerOptions
from kvtui.session.account import Account
from kvtui.settings import Binding
from tests.support.client import client_on
from tests.support.server import LocalServer, ManualClock, local_server


async def test_the_list_is_read_whole_and_shown_by_name(
    server: LocalServer, client: KvClient
) -> None:
    for number in range(300):
        server.namespace(f"ns-{299 - number:03}")

    listed = await Account(client).refresh()

    assert [item.name for item in listed] == [f"ns-{number:03}" for number in range(300)]


async def test_a_pending_namespace_is_seen_to_become_ready() -> None:
    clock = ManualClock()
    with local_server(ServerOptions(provisioning_seconds=5), clock=clock) as server:
        account = Account(client_on(server))
        created = await account.create("fresh")
        assert created.status == Status.PENDING
        assert await account.check(created) is None

        clock.advance(6)
        change = await account.check(created)

        assert change is not None
        assert change.now is not None
        assert change.now.is_ready
        assert account.unsettled == ()


async def test_a_deleted_namespace_leaves_the_list_when_it_answers_404() -> None:
    clock = ManualClock()
    options = ServerOptions(provisioning_seconds=0, deleting_seconds=5)
    with local_server(options, clock=clock) as server:
        account = Account(client_on(server))
        server.namespace("old")
        (old,) = await account.refresh()
        deleting = await account.delete(old)
        assert deleting.status == Status.DELETING
        assert account.namespaces == (deleting,)

        clock.advance(6)
        change = await account.check(deleting)

        assert change is not None
        assert change.now is None
        assert not account.namespaces


async def test_deleting_what_is_already_being_deleted_is_no_error() -> None:
    with local_server(ServerOptions(provisioning_seconds=0, deleting_seconds=60)) as server:
        account = Account(client_on(server))
        old = server.namespace("old").namespace
        await account.refresh()
        await account.delete(old)

        assert (await account.delete(old)).status == Status.DELETING


async def test_a_name_that_is_taken_is_a_conflict(server: LocalServer, client: KvClient) -> None:
    server.namespace("taken")

    with pytest.raises(ConflictError):
        await Account(client).create("taken")


async def test_a_namespace_is_found_by_name_id_and_binding(
    server: LocalServer, client: KvClient
) -> None:
    state = server.namespace("my-cache")
    account = Account(client, [Binding("MY_CACHE", state.namespace.id, "func.toml")])

    for text in ("my-cache", state.namespace.id, "@MY_CACHE"):
        assert (await account.resolve(text)).id == state.namespace.id
    assert account.binding_names(state.namespace) == ("MY_CACHE",)


async def test_what_cannot_be_found_says_so(server: LocalServer, client: KvClient) -> None:
    account = Account(client, [Binding("MY_CACHE", "550e8400-e29b-41d4-a716-446655440000", "x")])

    with pytest.raises(NotFoundError, match="no namespace named nowhere"):
        await account.resolve("nowhere")
    with pytest.raises(SettingsError, match=r"@OTHER.*@MY_CACHE"):
        await account.resolve("@OTHER")


async def test_a_name_that_was_listed_is_found_without_another_look(
    server: LocalServer, client: KvClient
) -> None:
    known = server.namespace("known").namespace
    account = Account(client)
    await account.refresh()
    assert (await account.resolve("known")).id == known.id
    assert client.trace.request_count == 1
    later = server.namespace("later").namespace
    assert (await account.resolve("later")).id == later.id
    assert client.trace.request_count == 2
