"""A small shop, and the comparison of what is drawn of it with what was drawn before."""

import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pytest
from textual.pilot import Pilot

from kvtui.server.lifecycle import Lifecycle
from kvtui.server.store import NamespaceState, NewEntry
from kvtui.server.timestamps import key_timestamp
from tests.support.clock import VirtualClock
from tests.support.driver import AppDriver
from tests.support.server import LocalServer, local_server
from tests.support.still import steady, still_app, stop_blinking

MINUTE, HOUR, DAY = 60, 3600, 86_400
JSON = "application/json"
PROFILE = b'{"name": "Alice", "age": 42, "tags": ["a", "b"], "ok": true, "none": null}'
ENTRIES = (
    ("config", b'{"region":"fra"}', JSON, 3 * DAY),
    ("flags/dark-mode", b"true", "text/plain", 2 * HOUR),
    ("flags/vouchers", b"false", "text/plain", 2 * HOUR),
    ("hostile", b"\x1b[31mred\x1b]0;title\x07 [bold]x[/] \xe2\x80\xae", "text/plain", 5),
    ("user/1", b"active", "text/plain", 40),
    ("user/1/picture", bytes(range(256)), "image/png", 40 * DAY),
    ("user/1/profile", PROFILE, JSON, 3 * MINUTE),
    ("user/2/profile", PROFILE.replace(b"Alice", b"Bob"), JSON, 400 * DAY),
)
"""Key, value, content type, age in seconds."""


@dataclass(frozen=True)
class Shop:
    """A server with a namespace for every status, and the clock it lives by."""

    server: LocalServer
    clock: VirtualClock
    cache: NamespaceState


def add(
    server: LocalServer, clock: VirtualClock, name: str, lifecycle: Lifecycle, age: float = DAY
) -> NamespaceState:
    namespace_id = str(uuid.uuid5(uuid.NAMESPACE_DNS, name))
    return server.store.add_namespace(namespace_id, name, lifecycle, clock.epoch() - age)


@pytest.fixture
def shop() -> Iterator[Shop]:
    clock = VirtualClock()
    with local_server(clock=clock.epoch) as server:
        cache = add(server, clock, "my-cache", Lifecycle())
        server.store.insert(
            cache,
            [
                NewEntry(key, content, key_timestamp(int(clock.epoch() - age) * 10**9), kind)
                for key, content, kind, age in ENTRIES
            ],
        )
        add(server, clock, "new", Lifecycle())
        add(server, clock, "staging", Lifecycle(provisioning_seconds=100), age=1)
        add(server, clock, "replica", Lifecycle(is_provisioning_failing=True))
        leaving = Lifecycle(deleting_seconds=100)
        server.store.delete_namespace(add(server, clock, "old-sessions", leaving))
        yield Shop(server, clock, cache)


@pytest.fixture
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw times of day the same for every developer."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class LooksAsBefore(Protocol):
    """Does the steps and compares what is drawn then with the snapshot."""

    def __call__(
        self,
        steps: Callable[[AppDriver], Awaitable[None]] | None = None,
        *,
        size: tuple[int, int] = (120, 32),
        **opening: Any,
    ) -> bool: ...


@pytest.fixture
def looks_as_before(snap_compare: Callable[..., bool], shop: Shop, in_utc: None) -> LooksAsBefore:
    def compare(
        steps: Callable[[AppDriver], Awaitable[None]] | None = None,
        *,
        size: tuple[int, int] = (120, 32),
        **opening: Any,
    ) -> bool:
        app = still_app(shop.server, shop.clock, profile="prod", host="127.0.0.1", **opening)

        async def drive(pilot: Pilot[None]) -> None:
            driver = await steady(app, pilot)
            if steps is not None:
                await steps(driver)
            stop_blinking(app)

        return snap_compare(app, terminal_size=size, run_before=drive)

    return compare
