"""What finding folders and reading everything cost, in requests and in virtual time.

The product's own planners run against a simulated server (80 ms a request, 16 at once, no rate
limit) that lists in byte order. Elsewhere the product reads page by page.

Run: python -m tests.benchmarks.planning [--scans]
"""

import argparse

from kvtui.keyspace.discovery import Discovery
from kvtui.keyspace.request import Request
from kvtui.keyspace.scan import Scan
from kvtui.records import KeyPage
from tests.support.key_space import SHAPES, KeySpace
from tests.support.simulator import Run, Server, ServerOrder, simulate
from tests.support.small_server import certain_order

FOLDERS = [
    ("a", "", 64, 420),
    ("b", "", 90, 1070),
    ("d", "", 66, 960),
    ("d", "logs/", 66, 960),
    ("d", "logs/2026/", 66, 960),
    ("d", "logs/2026/11/", 66, 1310),
]
"""Shape, folder, and the most requests until all folders are found, and until that is proven."""
SCANNED = ("a", "b", "c", "d", "e", "f", "g")
LATENCY_SECONDS = 0.08


def discovery(space: KeySpace, prefix: str) -> tuple[int, Run]:
    """Give the request that brought the last child folder, and the whole run with its proof."""
    plan = Discovery(prefix, certain_order())
    plan.wants_proof = True
    found: dict[int, int] = {}

    def watch(run: Run, _request: Request, _page: KeyPage) -> None:
        folders = sum(path.endswith("/") for path in plan.children)
        found.setdefault(folders, run.requests)

    run = simulate(plan, Server(space, ServerOrder.LEX), watch=watch)
    return found[max(found)], run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", action="store_true", help="also read everything (minutes)")
    print(f"{'folder':<18}{'found':>8}{'target':>8}{'proven':>9}{'target':>8}{'seconds':>9}")
    for shape, prefix, most_found, most_proven in FOLDERS:
        last, run = discovery(SHAPES[shape](), prefix)
        name = f"{shape} {prefix or '(all)'}"
        print(
            f"{name:<18}{last:>8,}{most_found:>8,}{run.requests:>9,}{most_proven:>8,}"
            f"{run.seconds:>9.2f}"
        )
    if parser.parse_args().scans:
        print(f"{'scan':<6}{'requests':>10}{'extra':>8}{'speed-up':>10}   target: 40 %, 11.5x")
        for shape in SCANNED:
            space = SHAPES[shape]()
            pages = -(-len(space) // 1000)
            run = simulate(Scan("", certain_order()), Server(space, ServerOrder.LEX))
            speed = pages * LATENCY_SECONDS / run.seconds
            print(f"{shape:<6}{run.requests:>10,}{run.requests / pages - 1:>8.0%}{speed:>9.1f}x")


if __name__ == "__main__":
    main()
