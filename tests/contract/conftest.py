from collections.abc import Iterator

import pytest

from tests.support.raw_client import RawClient
from tests.support.server import LocalServer, running_server


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """Serve on a real socket; namespaces are ready and gone at once."""
    with running_server() as running:
        yield running


@pytest.fixture(scope="module")
def namespace_id(server: LocalServer) -> str:
    return server.namespace("contract").namespace.id


@pytest.fixture(scope="module")
def raw(server: LocalServer) -> RawClient:
    return RawClient(server)
