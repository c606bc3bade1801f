"""Waiting for a namespace to settle."""

from collections.abc import Callable

import pytest

from kvtui.errors import NotFoundError
from kvtui.records import Namespace
from kvtui.server.options import ServerOptions
from kvtui.session.account import Account
from kvtui.session.settling import settled
from tests.support.client import client_on
from tests.support.server import ManualClock, local_server


class Sleep:
    """Moves the server's clock instead of waiting."""

    def __init__(self, clock: ManualClock, then: Callable[[], object] = lambda: None) -> None:
        self.pauses: list[float] = []
        self._clock = clock
        self._then = then

    async def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._clock.advance(seconds)
        self._then()


async def test_it_asks_ever_less_often_until_the_status_is_final() -> None:
    clock = ManualClock()
    sleep = Sleep(clock)
    options = ServerOptions(provisioning_seconds=40)
    with local_server(options, clock=clock) as server:
        client = client_on(server)
        account = Account(client)
        namespace = await settled(account, await account.create("fresh"), sleep=sleep)
        await client.aclose()
    assert namespace.is_ready
    assert sleep.pauses == [1, 2, 4, 8, 10, 10, 10]


async def test_what_is_settled_is_not_asked_about() -> None:
    clock = ManualClock()
    sleep = Sleep(clock)
    with local_server(clock=clock) as server:
        client = client_on(server)
        ready = Namespace("550e8400-e29b-41d4-a716-446655440000", "gone", "provision_ok")
        assert await settled(Account(client), ready, sleep=sleep) == ready
        await client.aclose()
    assert sleep.pauses == []
    assert client.trace.request_count == 0


async def test_a_namespace_that_is_deleted_meanwhile_is_an_error() -> None:
    clock = ManualClock()
    options = ServerOptions(provisioning_seconds=40, deleting_seconds=0)
    with local_server(options, clock=clock) as server:
        client = client_on(server)
        account = Account(client)
        created = await account.create("fresh")
        [state] = server.store.namespaces()
        sleep = Sleep(clock, lambda: server.store.delete_namespace(state))
        with pytest.raises(NotFoundError, match="fresh was deleted"):
            await settled(account, created, sleep=sleep)
        await client.aclose()
