from collections.abc import AsyncIterator

import pytest

from kvtui.api.client import KvClient
from kvtui.records import Namespace
from kvtui.server.store import NamespaceState
from tests.support.client import client_on
from tests.support.server import LocalServer


@pytest.fixture
async def client(server: LocalServer) -> AsyncIterator[KvClient]:
    client = client_on(server)
    yield client
    await client.aclose()


@pytest.fixture
def state(server: LocalServer) -> NamespaceState:
    return server.namespace()


@pytest.fixture
def namespace(state: NamespaceState) -> Namespace:
    return state.namespace
