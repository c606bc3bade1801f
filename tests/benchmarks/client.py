"""Pages per second from a local server into the index, against a loop that only downloads them.

Both read the same listings side by side: the product's client parses every page and merges it; the
bare httpx loop takes the cursor out of the body and drops the rest.

Run: python -m tests.benchmarks.client [--pages N] [--rounds N]
"""

import argparse
import asyncio
import re
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

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
    product_rates, bare_rates = [], []
    for _ in range(rounds):
        product_rates.append(pages * SIDE_BY_SIDE / asyncio.run(product(base_url, namespace_id)))
        bare_rates.append(pages * SIDE_BY_SIDE / asyncio.run(bare(base_url, namespace_id)))
    ratio = statistics.median(p / b for p, b in zip(product_rates, bare_rates, strict=True))
    print(f"product, pages into the index: {statistics.median(product_rates):,.0f}/s")
    print(f"bare httpx, pages downloaded:  {statistics.median(bare_rates):,.0f}/s")
    print(f"ratio: {ratio:.2f} (target 0.80 or more)")


if __name__ == "__main__":
    main()
