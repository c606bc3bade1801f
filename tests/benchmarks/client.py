"""Pages per second from a local server into the index, against a loop that only downloads them.

All read the same listings side by side: the product's client parses every page and merges it; the
bare httpx loop takes the cursor out of the body and drops the rest, and so does a bare asyncio
socket. Rounds are interleaved. Processor time a page is told too, of this process alone: where
both processors are free, the server's half runs beside it.

Run: python -m tests.benchmarks.client [--pages N] [--rounds N]
"""

import argparse
import asyncio
import re
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

import httpx

from kvtui.api.client import KvClient
from kvtui.keyspace.index import KeyIndex
from kvtui.records import Priority
from kvtui.secret import Secret
from kvtui.server.options import ServerOptions
from kvtui.server.shapes import fill
from kvtui.server.store import Store
from kvtui.session.listing import KeyPager
from tests.support.server import TOKEN
from tests.support.server_process import ServerProcess

SIDE_BY_SIDE = 16

_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_CURSOR = re.compile(rb'"cursor":"([^"]*)"')


async def product(base_url: str, namespace_id: str) -> float:
    client = KvClient(base_url, Secret(TOKEN))
    index = KeyIndex()

    async def chain(folder: int) -> None:
        pager = KeyPager(client, namespace_id, f"folder{folder:02}/")
        async for page in pager.pages(Priority.INTERACTIVE):
            index.merge(page)

    began = time.perf_counter()
    await asyncio.gather(*(chain(folder) for folder in range(SIDE_BY_SIDE)))
    seconds = time.perf_counter() - began
    await client.aclose()
    return seconds


async def bare(base_url: str, namespace_id: str) -> float:
    limits = httpx.Limits(max_connections=SIDE_BY_SIDE, max_keepalive_connections=SIDE_BY_SIDE)
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "identity"}
    async with httpx.AsyncClient(headers=headers, limits=limits, trust_env=False) as client:

        async def chain(folder: int) -> None:
            url = f"{base_url}/storage/kvs/{namespace_id}/keys?prefix=folder{folder:02}%2F"
            cursor = ""
            while True:
                body = (await client.get(url + cursor)).content
                found = _CURSOR.search(body[-400:]) or _CURSOR.search(body[:400])
                if found is None:
                    return
                cursor = f"&cursor={quote(found[1].decode(), safe='')}"

        began = time.perf_counter()
        await asyncio.gather(*(chain(folder) for folder in range(SIDE_BY_SIDE)))
        return time.perf_counter() - began


async def socket(base_url: str, namespace_id: str) -> float:
    parts = urlsplit(base_url)

    async def chain(folder: int) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        path = f"{parts.path}/storage/kvs/{namespace_id}/keys?prefix=folder{folder:02}%2F"
        cursor = ""
        while True:
            head = f"GET {path}{cursor} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            writer.write(f"{head}Authorization: Bearer {TOKEN}\r\n\r\n".encode())
            length = _LENGTH.search(await reader.readuntil(b"\r\n\r\n"))
            assert length is not None
            body = await reader.readexactly(int(length[1]))
            found = _CURSOR.search(body[-400:]) or _CURSOR.search(body[:400])
            if found is None:
                writer.close()
                return
            cursor = f"&cursor={quote(found[1].decode(), safe='')}"

    began = time.perf_counter()
    await asyncio.gather(*(chain(folder) for folder in range(SIDE_BY_SIDE)))
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20, help="of each of the 16 folders")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.sqlite3"
        store = Store(path, ServerOptions(provisioning_seconds=0))
        namespace = store.create_namespace("benchmark")
        assert namespace is not None
        keys = (
            f"folder{at:02}/{row:07}/profile"
            for at in range(SIDE_BY_SIDE)
            for row in range(options.pages * 1000)
        )
        fill(store, namespace, keys)
        store.close()
        with ServerProcess(path) as server:
            measure(server.base_url, namespace.namespace.id, options.pages, options.rounds)


def measure(base_url: str, namespace_id: str, pages: int, rounds: int) -> None:
    ways = {"product, into the index": product, "bare httpx": bare, "bare asyncio socket": socket}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.process_time()
            seconds[name].append(asyncio.run(way(base_url, namespace_id)))
            spent[name].append(time.process_time() - began)
    count = pages * SIDE_BY_SIDE
    for name, times in seconds.items():
        rate = count / statistics.median(times)
        print(f"{name:<26}{rate:>8,.0f} pages/s{1000 * min(spent[name]) / count:>8.2f} ms a page")
    ours, other, _ = seconds.values()
    ratio = statistics.median(theirs / own for own, theirs in zip(ours, other, strict=True))
    print(f"product to bare httpx: {ratio:.2f} (target: 0.80 or more)")


if __name__ == "__main__":
    main()
