"""Whether the local server slows down as a listing goes deeper: time for a page, early and late.

One namespace of a million keys, 99 of 100 in one folder, is listed from its first page to its last,
below prefixes of every length and in every order. Times are processor time of the server and a
plain HTTP client in one process; each figure is the median over a tenth of the pages.

Run: python -m tests.benchmarks.depth [--keys KEYS] [--orders lex write shuffled]
"""

import argparse
import asyncio
import re
import statistics
import time
from urllib.parse import quote

import httpx

from kvtui.server.options import ListOrder, ServerOptions
from kvtui.server.shapes import fill, one_big_folder
from tests.support.server import TOKEN, LocalServer, local_server

PREFIXES = ("", "user/", "user/0", "user/00", "user/005", "user/0055", "user/00555", "user/005555")
TARGET = 1.3
_CURSOR = re.compile(rb'"cursor":"([^"]*)"')


async def page_seconds(server: LocalServer, namespace_id: str, prefix: str) -> list[float]:
    """List everything below a prefix, and give the time of every page."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = f"{server.base_url}/storage/kvs/{namespace_id}/keys?limit=1000&prefix={quote(prefix)}"
    spent: list[float] = []
    cursor: str | None = ""
    transport = httpx.ASGITransport(server.app)
    async with httpx.AsyncClient(transport=transport, headers=headers) as client:
        while cursor is not None:
            began = time.process_time()
            body = (await client.get(url + cursor)).raise_for_status().content
            spent.append(time.process_time() - began)
            found = _CURSOR.search(body[-600:])
            cursor = f"&cursor={quote(found[1].decode(), safe='')}" if found else None
    return spent


def measure(order: ListOrder, key_count: int) -> None:
    with local_server(ServerOptions(provisioning_seconds=0, order=order)) as server:
        state = server.namespace("deep")
        fill(server.store, state, one_big_folder(key_count))
        for prefix in PREFIXES:
            spent = asyncio.run(page_seconds(server, state.namespace.id, prefix))
            tenth = max(1, len(spent) // 10)
            early = 1000 * statistics.median(spent[:tenth])
            late = 1000 * statistics.median(spent[:-1][-tenth:] or spent)
            print(
                f"{order:<10}{prefix or '(all)':<14}{len(spent):>7,}{early:>10.2f}{late:>10.2f}"
                f"{late / early:>8.2f}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--orders", nargs="*", default=list(ListOrder), type=ListOrder)
    options = parser.parse_args()
    headings = (
        f"{'order':<10}{'prefix':<14}{'pages':>7}{'early, ms':>10}{'late, ms':>10}{'ratio':>8}"
    )
    print(f"{headings}   (target: {TARGET:g} or less)")
    for order in options.orders:
        measure(order, options.keys)


if __name__ == "__main__":
    main()
