"""What the index and the tree's rows cost: memory for each key, keys a second, time for a row.

Memory is the growth of a fresh process (Linux), with a size and a time for every key; times are
processor time, the best of several rounds. A calibration loop is timed beside them.

Run: python -m tests.benchmarks.index [memory] [speed] [rows] [--pages PAGES]
"""

import argparse
import gc
import math
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from kvtui.api.wire import read_keys
from kvtui.keyspace.backlog import Backlog
from kvtui.keyspace.fold import Fold
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.outline import Outline
from kvtui.keyspace.tree import KeyTree
from kvtui.records import KeyPage
from tests.support.listed import KINDS, body, page

MEMORY_TARGETS = {"ids": 10.0, "logs": 14.0, "UUIDs": 31.0}
NANOSECONDS_TARGET = 4.0
LARGE_PAGES, LARGE_TARGET_MB = 10_000, 340
SPEED_PAGES, ROUNDS = 200, 5
T = TypeVar("T")
FOLDERS, KEYS_EACH = 10_000, 100
LOOKUPS, WINDOWS = 20_000, 400


def calibration() -> float:
    """Give the CPU seconds of a fixed loop."""
    began = time.thread_time()
    sum(number * number for number in range(1_000_000))
    return time.thread_time() - began


def line(figure: str, value: str, target: str) -> None:
    print(f"{figure:<58}{value:>14}   {target and f'target: {target}'}".rstrip(), flush=True)


def resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def grown_bytes(kind: str, page_count: int, *, has_nanoseconds: bool) -> int:
    """Fill an index in this process, which has done nothing else, and give its growth."""
    keys = KINDS[kind]
    KeyIndex().merge(page(keys(0, page_count), has_nanoseconds=has_nanoseconds))
    before = resident_bytes()
    index = KeyIndex()
    for number in range(page_count):
        index.merge(page(keys(number, page_count), has_nanoseconds=has_nanoseconds))
    assert len(index) == page_count * 1000
    return resident_bytes() - before


def grown_apart(kind: str, page_count: int, *, has_nanoseconds: bool) -> int:
    """Give the growth of a process of its own."""
    place = [sys.executable, "-m", "tests.benchmarks.index", "fill", kind]
    command = [
        *place,
        "--pages",
        str(page_count),
        "--nanoseconds" if has_nanoseconds else "--whole",
    ]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure_memory(page_count: int) -> None:
    for kind, target in MEMORY_TARGETS.items():
        whole = grown_apart(kind, page_count, has_nanoseconds=False) / page_count / 1000
        exact = grown_apart(kind, page_count, has_nanoseconds=True) / page_count / 1000
        line(f"{kind}, whole seconds, bytes a key", f"{whole:.1f}", f"<= {target:g}")
        line(
            f"{kind}, nanoseconds kept: more", f"{exact - whole:.1f}", f"<= {NANOSECONDS_TARGET:g}"
        )
    for kind in MEMORY_TARGETS:
        grown = grown_apart(kind, LARGE_PAGES, has_nanoseconds=True) / 1e6
        line(f"10M {kind} with nanoseconds, MB", f"{grown:.0f}", f"<= {LARGE_TARGET_MB}")


def rate(work: Callable[[list[T]], int], pages: list[T]) -> float:
    """Give the million keys a CPU second that `work` gets through, in its best round."""
    best = 0.0
    for _ in range(ROUNDS):
        gc.collect()
        began = time.thread_time()
        count = work(pages)
        best = max(best, count / (time.thread_time() - began) / 1e6)
    return best


def merged(bodies: list[bytes]) -> int:
    index = KeyIndex()
    for content in bodies:
        index.merge(read_keys(content))
    return len(index)


def close_rates(pages: list[KeyPage]) -> tuple[float, float]:
    """Give the million keys a CPU second that are merged at the close, and with the buffering."""
    best = [math.inf, math.inf]
    for _ in range(ROUNDS):
        index, backlog = KeyIndex(), Backlog()
        gc.collect()
        began = time.thread_time()
        for listed in pages:
            backlog.add(listed)
        closed = time.thread_time()
        count = sum(backlog.merging(index))
        ended = time.thread_time()
        took = (ended - closed, ended - began)
        best = [
            min(known, seconds * 1e6 / count) for known, seconds in zip(best, took, strict=True)
        ]
    return 1 / best[0], 1 / best[1]


def shuffled_pages(kind: str) -> Iterator[KeyPage]:
    """Give the pages of a listing in no order."""
    keys = [key for number in range(SPEED_PAGES) for key in KINDS[kind](number, SPEED_PAGES)]
    random.shuffle(keys)
    for start in range(0, len(keys), 1000):
        yield page(keys[start : start + 1000])


def measure_speed() -> None:
    for kind, keys in KINDS.items():
        bodies = [body(page(keys(number, SPEED_PAGES))) for number in range(SPEED_PAGES)]
        found = rate(merged, bodies)
        line(f"{kind}, page body to index, million keys/s", f"{found:.2f}", ">= 0.75")
    for kind in KINDS:
        close, both = close_rates(list(shuffled_pages(kind)))
        line(f"{kind} in no order, merged at the close, million keys/s", f"{close:.2f}", ">= 1.5")
        line("    with the buffering before it", f"{both:.2f}", "")


def folders() -> KeyIndex:
    index = KeyIndex()
    for number in range(0, FOLDERS, 10):
        names = [f"tenant-{at:05}/" for at in range(number, number + 10)]
        index.merge(page([f"{name}item-{at:04}" for name in names for at in range(KEYS_EACH)]))
    return index


def each(work: Callable[[int], object], rows: list[int]) -> float:
    """Give the CPU seconds `work` takes for one row."""
    began = time.thread_time()
    for row in rows:
        work(row)
    return (time.thread_time() - began) / len(rows)


def no_more(_prefix: str) -> bool:
    return False


def no_order(_fold: Fold) -> None:
    return None


def measure_rows() -> None:
    index = folders()
    outline, tree = Outline(index, "", no_more, no_order), KeyTree(index)
    for number in range(FOLDERS):
        outline.expand(f"tenant-{number:05}/")
        tree.expand(f"tenant-{number:05}/")
    row_count = len(tree)
    assert len(outline) == row_count == FOLDERS * (1 + KEYS_EACH)
    rows = random.choices(range(row_count - 50), k=LOOKUPS)
    found = min(each(lambda row: next(outline.runs(row, row + 1)), rows) for _ in range(ROUNDS))
    line("row to node, 10,000 folders expanded, us", f"{found * 1e6:.2f}", "<= 2")
    steps = list(range(0, 50 * WINDOWS, 50))
    for name, starts in (("anywhere", rows[:WINDOWS]), ("scrolling", steps)):
        found = min(each(lambda row: tree.rows(row, row + 50), starts) for _ in range(ROUNDS))
        line(f"a window of 50 rows, {name}, ms", f"{found * 1000:.3f}", "<= 0.4")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["memory", "speed", "rows"])
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--nanoseconds", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--whole", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.parts[0] == "fill":
        print(grown_bytes(options.parts[1], options.pages, has_nanoseconds=options.nanoseconds))
        return
    print(f"a loop over a million squares: {calibration() * 1000:.0f} ms of processor time")
    if "memory" in options.parts:
        measure_memory(options.pages)
    if "speed" in options.parts:
        measure_speed()
    if "rows" in options.parts:
        measure_rows()


if __name__ == "__main__":
    main()
