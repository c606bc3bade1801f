from pathlib import Path

import httpx
import pytest

from kvtui.api.client import KvClient
from kvtui.errors import AuthenticationError
from kvtui.records import Namespace
from kvtui.secret import Secret
from kvtui.server.store import NamespaceState
from kvtui.session.editing import Editing
from kvtui.session.journaling import Journaling
from kvtui.session.restoration import Fate, Restoration, deleted_together
from kvtui.session.undo import last_writes
from kvtui.vault.journal import Journal
from tests.support.server import BASE_URL, TOKEN, LocalServer
from tests.support.stored import content, put

KEYS = [f"user/{number}" for number in range(6)]


class Line(httpx.AsyncBaseTransport):
    """Answers writes with `refusal`, where there is one."""

    def __init__(self, server: LocalServer) -> None:
        self._server = httpx.ASGITransport(server.app)
        self.refusal: int | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and self.refusal is not None:
            return httpx.Response(self.refusal)
        return await self._server.handle_async_request(request)


class Bench:
    """Some keys that were deleted through the journal."""

    def __init__(self, server: LocalServer, namespace: Namespace, folder: Path) -> None:
        self.line = Line(server)
        client = KvClient(BASE_URL, Secret(TOKEN), transport=self.line)
        self.now = 1_000.0
        journal = Journal(folder, clock=lambda: self.now)
        self.journaling = Journaling(journal, profile="p", endpoint=client.host)
        self.editing = Editing(client, self.journaling)
        self.namespace = namespace

    async def delete(self, *keys: str) -> None:
        for key in keys:
            self.now += 1
            await self.editing.delete(await self.editing.begin(self.namespace, key))

    async def restoration(self) -> Restoration:
        rows = deleted_together(await last_writes(self.journaling, self.namespace))
        return Restoration(self.editing, self.journaling, self.namespace, rows)


@pytest.fixture
def bench(
    server: LocalServer, state: NamespaceState, namespace: Namespace, tmp_path: Path
) -> Bench:
    put(server, state, {key: f"value of {key}" for key in KEYS})
    return Bench(server, namespace, tmp_path)


async def run(restoration: Restoration) -> dict[Fate, int]:
    async for _ in restoration.run():
        pass
    return {fate: count for fate, count in restoration.counts.items() if count}


async def test_what_was_deleted_together_is_put_back_byte_for_byte(
    server: LocalServer, state: NamespaceState, bench: Bench
) -> None:
    await bench.delete(KEYS[0])
    bench.now += 3600
    await bench.delete(*KEYS[1:])
    assert await run(await bench.restoration()) == {Fate.DONE: 5}
    assert content(server, state, KEYS[0]) is None
    for key in KEYS[1:]:
        assert content(server, state, key) == f"value of {key}".encode()
    assert (await bench.restoration()).total == 1


async def test_what_failed_is_tried_again_and_nothing_else(
    server: LocalServer, state: NamespaceState, bench: Bench
) -> None:
    await bench.delete(*KEYS)
    put(server, state, {KEYS[2]: "theirs"})
    restoration = await bench.restoration()
    bench.line.refusal = 500
    assert await run(restoration) == {Fate.KEPT: 1, Fate.FAILED: 5}
    bench.line.refusal = None
    assert await run(restoration) == {Fate.KEPT: 1, Fate.DONE: 5}
    assert restoration.left_count == 0
    assert content(server, state, KEYS[2]) == b"theirs"


async def test_what_would_befall_every_key_ends_it_at_once(bench: Bench) -> None:
    await bench.delete(*KEYS)
    restoration = await bench.restoration()
    bench.line.refusal = 401
    with pytest.raises(AuthenticationError):
        await run(restoration)
    assert restoration.left_count == 6
