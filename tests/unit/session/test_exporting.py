"""Exports that are stopped, fail on the way, and meet values that change."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from kvtui.api.client import KvClient
from kvtui.errors import VaultError
from kvtui.secret import Secret
from kvtui.server.store import NamespaceState
from kvtui.session.exporting import Export
from tests.support.clock import VirtualClock
from tests.support.server import BASE_URL, TOKEN, LocalServer
from tests.support.stored import put

KEYS = [f"user/{number}" for number in range(10)]


class Reads(httpx.AsyncBaseTransport):
    """Counts the values that are read, and refuses some."""

    def __init__(self, server: LocalServer) -> None:
        self._line = httpx.ASGITransport(server.app)
        self.keys: list[str] = []
        self.refused: set[str] = set()
        self.cut: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        key = request.url.path.partition("/keys/")[2]
        if key in self.refused:
            return httpx.Response(400)
        if key:
            self.keys.append(key)
        if key in self.cut:
            return httpx.Response(200, content=b"val")
        return await self._line.handle_async_request(request)


class Bench:
    def __init__(self, server: LocalServer, state: NamespaceState, folder: Path) -> None:
        self.server, self.state, self.folder = server, state, folder
        self.reads = Reads(server)
        clock = VirtualClock(is_automatic=True)
        self.client = KvClient(BASE_URL, Secret(TOKEN), transport=self.reads, clock=clock)
        put(server, state, dict.fromkeys(KEYS, "value"))

    def export(self, prefix: str = "user/") -> Export:
        namespace = self.state.namespace
        return Export(self.client, namespace, prefix, self.folder, epoch=lambda: 1_795_000_000.0)

    async def run(self, prefix: str = "user/", *, stop_after: int = 1_000_000) -> Export:
        export = self.export(prefix)
        async with aclosing(export.run()) as settled:
            async for _ in settled:
                if export.tally.exported >= stop_after:
                    break
        return export

    def content(self, key: str) -> bytes:
        manifest = (self.folder / "manifest.jsonl").read_text()
        lines = [json.loads(line) for line in manifest.splitlines()]
        [file] = [str(line["file"]) for line in lines if line.get("key") == key]
        return (self.folder / file).read_bytes()


@pytest.fixture
async def bench(server: LocalServer, state: NamespaceState, tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(server, state, tmp_path / "out")
    yield bench
    await bench.client.aclose()


async def test_a_stopped_export_goes_on_and_reads_nothing_twice(bench: Bench) -> None:
    stopped = await bench.run(stop_after=4)
    assert stopped.end is None
    assert not (bench.folder / "manifest.jsonl").exists()
    noted = stopped.tally.exported
    assert noted >= 4
    bench.reads.keys.clear()

    whole = await bench.run()
    assert whole.end is not None
    assert whole.end.key_count == 10
    assert len(bench.reads.keys) <= 10 - noted


async def test_what_changed_between_two_runs_is_read_again_and_what_went_is_left_out(
    bench: Bench,
) -> None:
    bench.reads.refused = {"user/9"}
    assert (await bench.run()).end is None
    put(bench.server, bench.state, {"user/1": "other"})
    bench.server.store.delete(bench.state, "user/2")
    bench.reads.refused = set()

    whole = await bench.run()
    assert whole.end is not None
    assert whole.end.key_count == 9
    assert bench.content("user/1") == b"other"
    assert len(list((bench.folder / "values").iterdir())) == 9


@pytest.mark.parametrize("named", ["../../elsewhere", "values/" + 300 * "n"])
async def test_a_file_that_somebody_named_in_what_was_begun_is_not_believed(
    bench: Bench, named: str
) -> None:
    await bench.run(stop_after=4)
    unfinished = bench.folder / "unfinished.jsonl"
    unfinished.write_text(re.sub(r'"file":"[^"]*"', f'"file":"{named}"', unfinished.read_text()))

    whole = await bench.run()

    assert whole.end is not None
    assert {bench.content(key) for key in KEYS} == {b"value"}
    assert named not in (bench.folder / "manifest.jsonl").read_text()


async def test_five_failures_in_a_row_end_it(bench: Bench) -> None:
    bench.reads.refused = set(KEYS)
    export = await bench.run()
    assert export.end is None
    assert export.tally.failed >= 5
    assert export.tally.failed + export.tally.left == 10


async def test_the_beginning_of_another_export_is_left_alone(bench: Bench) -> None:
    await bench.run(stop_after=2)
    with pytest.raises(VaultError, match="another export"):
        await bench.run("other/")
    assert (await bench.run()).end is not None


async def test_a_value_that_came_shorter_than_it_is_listed_is_not_exported(bench: Bench) -> None:
    bench.reads.cut = {"user/3"}
    export = bench.export()
    async with aclosing(export.run()) as settled:
        reasons = [trouble.reason async for trouble in settled if trouble is not None]

    assert len(reasons) == 1
    assert reasons[0].startswith("3 B came, but 5 B are listed")
    assert (export.tally.exported, export.tally.failed, export.end) == (9, 1, None)

    bench.reads.cut = set()
    again = await bench.run()
    assert again.end is not None
    assert bench.content("user/3") == b"value"


async def test_a_value_that_was_changed_after_it_was_listed_is_exported_as_it_is_now(
    bench: Bench,
) -> None:
    export = bench.export()
    async with aclosing(export.run()) as settled:
        await anext(settled)
        put(bench.server, bench.state, {"user/3": "another value"})
        assert [trouble async for trouble in settled if trouble is not None] == []

    assert export.end is not None
    assert bench.content("user/3") == b"another value"
