"""The local server for tests: as an application without a socket, or listening for real."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kvtui.server.app import LocalApi
from kvtui.server.options import ServerOptions
from kvtui.server.run import RunningServer
from kvtui.server.store import Clock, NamespaceState, Store

TOKEN = "KEY0123456789ABCDEF_pretend"
BASE_URL = "http://127.0.0.1/v2"
"""For clients that reach the application without a socket; other hosts are refused (421)."""
AT_ONCE = ServerOptions(provisioning_seconds=0, deleting_seconds=0)


class ManualClock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self, now: float = 1_795_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class LocalServer:
    """The application, what it stores, and how it is reached."""

    app: LocalApi
    store: Store
    base_url: str
    token: str

    def namespace(self, name: str = "my-cache") -> NamespaceState:
        """Create a namespace without a request; ready at once where the options say so."""
        state = self.store.create_namespace(name)
        assert state is not None
        return state


@contextmanager
def local_server(
    options: ServerOptions = AT_ONCE,
    *,
    api_key: str | None = TOKEN,
    clock: Clock = time.time,
    path: Path | None = None,
) -> Iterator[LocalServer]:
    """Make the application alone, for `httpx.ASGITransport(server.app)` and `BASE_URL`."""
    store = Store(path, options, clock)
    try:
        yield LocalServer(LocalApi(store, options, api_key), store, BASE_URL, TOKEN)
    finally:
        store.close()


@contextmanager
def running_server(
    options: ServerOptions = AT_ONCE,
    *,
    api_key: str | None = TOKEN,
    clock: Clock = time.time,
    path: Path | None = None,
) -> Iterator[LocalServer]:
    """Serve the application on a free port of this machine."""
    with (
        local_server(options, api_key=api_key, clock=clock, path=path) as server,
        RunningServer(server.app) as running,
    ):
        yield LocalServer(server.app, server.store, running.base_url, server.token)
