"""What a key costs the whole process with the output layer, and as Textual writes the same frames.

    python -m tests.benchmarks.output_cost [ROUNDS]

Processor time of all threads, for keys that follow each other before a value is read; each round
runs one after the other, so that a busy machine is busy for both.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.benchmarks.figures import Figures
from tests.benchmarks.peers import PAGE_DOWN, ROW
from tests.benchmarks.pty_session import PtySession
from tests.benchmarks.surroundings import environ, server, write

ROWS: Final = 10_000
SIZES: Final = ((80, 24), (200, 50))
KINDS: Final = ("sequential", "random")
GESTURES: Final = (("scroll", b"j", 40), ("page", PAGE_DOWN, 20), ("cursor", b"k", 15))
LAYERS: Final[dict[str, dict[str, str]]] = {"cells": {}, "stock": {"KVTUI_OUTPUT": "stock"}}
ROWS_TO_THE_LAST: Final = 60
KEY_SECONDS: Final = 0.06
"""For so long a key is looked at; the cursor never rests until its value is read."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    rounds = parser.parse_args().rounds
    figures = Figures()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "rows.sqlite3", ROWS)
        with server("--data", folder / "rows.sqlite3") as url:
            for _ in range(rounds):
                for kind in KINDS:
                    for size in SIZES:
                        for layer, setting in LAYERS.items():
                            variables = {**environ(folder, url), **setting}
                            _go_through(layer, kind, size, variables, figures)
    _print(figures)


def _go_through(
    layer: str, kind: str, size: tuple[int, int], environ: Mapping[str, str], figures: Figures
) -> None:
    argv = [sys.executable, "-m", "kvtui", "--namespace", kind]
    with PtySession(argv, environ, size=size) as session:
        session.until(lambda output: ROW in output)
        session.settle(1.0)
        for _ in range(ROWS_TO_THE_LAST):
            session.type(b"j")
            session.settle(0.02, 0.05)
        session.settle(0.5)
        for gesture, key, count in GESTURES:
            before = session.processor_seconds()
            for _ in range(count):
                session.type(key)
                session.settle(KEY_SECONDS / 2, KEY_SECONDS)
            spent = session.processor_seconds() - before
            figures.add(layer, f"{gesture}, {kind}, {size}", spent / count * 1000)
            session.settle(0.5)


def _print(figures: Figures) -> None:
    print("| | cells | as Textual writes them | ratio |\n|---|---|---|---|")
    for width, height in SIZES:
        for kind in KINDS:
            for gesture, _, _ in GESTURES:
                what = f"{gesture}, {kind}, {(width, height)}"
                ours, stock = figures.of("cells", what), figures.of("stock", what)
                ratio = figures.ratio(("cells", what), ("stock", what))
                name = f"{gesture}, {kind} names, {width}x{height}"
                print(f"| {name} | {ours:.1f} ms | {stock:.1f} ms | {ratio:.2f}x |")


if __name__ == "__main__":
    main()
