"""A shell that is pointed at a local server with one namespace, `my-cache`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from kvtui.server.run import RunningServer
from tests.support.command_line import Cache, Shell
from tests.support.server import LocalServer, local_server


class Socket:
    """One listening socket for all tests: to open and close one takes longer than a test."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.running = RunningServer(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@pytest.fixture(scope="package")
def socket() -> Iterator[Socket]:
    socket = Socket()
    with socket.running:
        yield socket


@pytest.fixture
def server(socket: Socket) -> Iterator[LocalServer]:
    with local_server() as server:
        socket.app = server.app
        yield LocalServer(server.app, server.store, socket.running.base_url, server.token)


@pytest.fixture
def cache(server: LocalServer) -> Cache:
    return Cache(server, server.namespace("my-cache"))


@pytest.fixture
def shell(tmp_path: Path, server: LocalServer) -> Shell:
    shell = Shell(tmp_path)
    shell.point_at(server.base_url)
    return shell
