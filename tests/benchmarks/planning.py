"""What finding folders and reading everything cost, in requests and in virtual time.

The product's own planners run against a simulated server (80 ms a request, 16 at once, no rate
limit). It lists in byte order (lex), in the order of writing where keys were written at random
(seq), or where neighbours were written together (burst).

Run: python -m tests.benchmarks.planning [--order lex|seq|burst] [--scans]
"""

import argparse

from kvtui.keyspace.discovery import Discovery
from kvtui.keyspace.listing_order import ListingOrder
from kvtui.keyspace.request import Request
from kvtui.keyspace.scan import Scan
from kvtui.records import KeyPage
from tests.support.key_space import SHAPES, KeySpace
from tests.support.simulator import Run, Server, ServerOrder, simulate
from tests.support.small_server import certain_order

FOLDERS = [
    ("a", "", (64, 420), (140, 1200)),
    ("b", "", (90, 1070), (64, 2850)),
    ("d", "", (66, 960), (75, 1010)),
    ("d", "logs/", (66, 960), (75, 1010)),
    ("d", "logs/2026/", (66, 960), (75, 1010)),
    ("d", "logs/2026/11/", (66, 1310), (75, 1680)),
]
"""Shape, folder, and the most requests until all folders are found and until that is proven, in
byte order and in the order of writing."""
UNEVEN = ("e", "f")
"""Shapes whose proof is compared with reading everything."""
SCANNED = ("a", "b", "c", "d", "e", "f", "g")
FLAT_PAGES = 8
LATENCY_SECONDS = 0.08


def evidence(order: ServerOrder) -> ListingOrder:
    return certain_order() if order is ServerOrder.LEX else ListingOrder()


def discovery(space: KeySpace, prefix: str, order: ServerOrder) -> tuple[int, Run]:
    """Give the request that brought the last child folder, and the whole run with its proof."""
    plan = Discovery(prefix, evidence(order))
    plan.wants_proof = True
    found: dict[int, int] = {}

    def watch(run: Run, _request: Request, _page: KeyPage) -> None:
        folders = sum(path.endswith("/") for path in plan.children)
        found.setdefault(folders, run.requests)

    run = simulate(plan, Server(space, order), watch=watch)
    assert plan.is_proven
    return found[max(found)], run


def scan(space: KeySpace, order: ServerOrder) -> Run:
    plan = Scan("", evidence(order))
    run = simulate(plan, Server(space, order))
    assert plan.is_done
    return run


def wasted_probes(order: ServerOrder) -> int:
    """Count the empty answers of looking for folders in a million keys that are in none."""
    plan = Discovery("", evidence(order))
    return simulate(plan, Server(SHAPES["c"](), order), most_requests=FLAT_PAGES).empty


def print_discoveries(order: ServerOrder) -> None:
    print(f"{'folder':<18}{'found':>8}{'target':>8}{'proven':>9}{'target':>8}{'seconds':>9}")
    for shape, prefix, *targets in FOLDERS:
        last, run = discovery(SHAPES[shape](), prefix, order)
        most_found, most_proven = targets[order is not ServerOrder.LEX]
        print(
            f"{shape + ' ' + (prefix or '(all)'):<18}{last:>8,}{most_found:>8,}{run.requests:>9,}"
            f"{most_proven:>8,}{run.seconds:>9.2f}"
        )
    print(f"c, probes wasted before page {FLAT_PAGES}: {wasted_probes(order)} (target 0)")


def print_proofs(order: ServerOrder) -> None:
    print(f"{'proof':<8}{'requests':>10}{'of a scan':>11}{'of its pages':>14}   target: 2.0")
    for shape in UNEVEN:
        space = SHAPES[shape]()
        _, run = discovery(space, "", order)
        reading = scan(space, order)
        pages = -(-len(space) // 1000)
        print(
            f"{shape:<8}{run.requests:>10,}{run.requests / reading.requests:>10.2f}x"
            f"{run.requests / pages:>13.2f}x"
        )


def print_scans(order: ServerOrder) -> None:
    target = "40 %, 11.5x" if order is ServerOrder.LEX else "9x typical, never under 2.5x"
    print(f"{'scan':<6}{'requests':>10}{'extra':>8}{'speed-up':>10}   target: {target}")
    for shape in SCANNED:
        space = SHAPES[shape]()
        pages = -(-len(space) // 1000)
        run = scan(space, order)
        speed = pages * LATENCY_SECONDS / run.seconds
        print(f"{shape:<6}{run.requests:>10,}{run.requests / pages - 1:>8.0%}{speed:>9.1f}x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--order", choices=[order.value for order in ServerOrder], default="lex")
    parser.add_argument("--scans", action="store_true", help="also read everything (minutes)")
    chosen = parser.parse_args()
    order = ServerOrder(chosen.order)
    print_discoveries(order)
    if chosen.scans:
        print_proofs(order)
        print_scans(order)


if __name__ == "__main__":
    main()
