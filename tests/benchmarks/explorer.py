"""What the explorer costs with many keys loaded, against the same with few.

Every figure is processor time. Pages stream into another folder than the one that is shown: a step
of ours takes a page into the index and tells the widget; what Textual paints then is not counted.

Run: python -m tests.benchmarks.explorer [KEYS ...]
"""

import argparse
import asyncio
import statistics
import time

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.tree import KeyTree
from kvtui.records import KeyPage
from kvtui.ui.widgets.key_explorer import KeyExplorer

KEYPRESSES = 150
PAGES = 1000
RATIO_TARGET, STEP_TARGET_MS = 1.2, 5.0


class Host(App[None]):
    """Nothing but the explorer."""

    def __init__(self, tree: KeyTree) -> None:
        super().__init__()
        self._tree = tree
        self.explorer = KeyExplorer()

    def compose(self) -> ComposeResult:
        yield self.explorer

    def on_mount(self) -> None:
        self.explorer.show_tree(self._tree)
        self.explorer.focus()


def page(number: int, prefix: str = "user/") -> KeyPage:
    keys = [f"{prefix}{number:06d}{row:03d}/profile" for row in range(1000)]
    times = [f"2026-06-18T14:{number % 60:02d}:17.{row:09d}Z" for row in range(1000)]
    return KeyPage(keys, [row % 4000 for row in range(1000)], times)


def tree_of(key_count: int) -> KeyTree:
    index = KeyIndex()
    for number in range(key_count // 1000):
        index.merge(page(number))
    tree = KeyTree(index)
    tree.set_coverage("", Coverage.PARTIAL)
    tree.expand("user/")
    return tree


async def press(pilot: Pilot[None], key: str) -> float:
    """Give the CPU seconds from a key to the painted frame."""
    began = time.process_time()
    await pilot.press(key)
    await pilot.pause()
    return time.process_time() - began


async def measure(key_count: int) -> dict[str, float]:
    tree = tree_of(key_count)
    app = Host(tree)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        moves = [await press(pilot, "j") for _ in range(KEYPRESSES)]
        jumps = [await press(pilot, key) for key in ("pagedown", "G", "g") * (KEYPRESSES // 3)]
        steps = []
        for number in range(PAGES):
            began = time.thread_time()
            tree.index.merge(page(100_000 + number, "zone/"))
            app.explorer.tree_changed()
            steps.append(time.thread_time() - began)
            await pilot.pause()
    steps.sort()
    return {
        "cursor move, ms": statistics.median(moves) * 1000,
        "page or jump, ms": statistics.median(jumps) * 1000,
        "a page arrives, median, ms": statistics.median(steps) * 1000,
        "a page arrives, p99.9, ms": steps[-1 - len(steps) // 1000] * 1000,
        "a page arrives, longest, ms": steps[-1] * 1000,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000_000, 10_000_000])
    few = asyncio.run(measure(1000))
    for size in parser.parse_args().sizes:
        many = asyncio.run(measure(size))
        print(f"{'figure':<32}{'1,000 keys':>12}{f'{size:,} keys':>18}{'ratio':>8}   target")
        for name, value in few.items():
            is_press = not name.startswith("a page")
            target = f"ratio <= {RATIO_TARGET}" if is_press else f"<= {STEP_TARGET_MS:g} at p99.9"
            ratio = many[name] / value
            print(f"{name:<32}{value:>12.2f}{many[name]:>18.2f}{ratio:>8.2f}   {target}")
        print(flush=True)


if __name__ == "__main__":
    main()
