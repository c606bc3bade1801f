"""kvtui in a terminal against a bare Textual program and installed peers: time, bytes, memory.

    python -m tests.benchmarks.terminal [ROUNDS] [--keys N] [--no-peers]

Rounds are interleaved, so that a busy machine is busy for everybody; figures are medians.
`python -m tests.benchmarks.peers` makes environments for those peers that are on PyPI.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pyte

from tests.benchmarks import gestures
from tests.benchmarks.figures import Column, Figures, shown, table
from tests.benchmarks.peers import PAGE_DOWN, ROW, ROWS, Program, Rows, installed_peers
from tests.benchmarks.pty_session import PtySession
from tests.benchmarks.surroundings import (
    BARE,
    GET,
    KEY,
    RANDOM_KEYS,
    environ,
    random_names,
    sequential_names,
    server,
    write,
)

SLOW, LESS_SLOW = 10_000, 50_000
MOST_LISTING_SECONDS = 300.0
ALL_LISTED = re.compile("(?<!not )all listed")
LONG_ROUNDS = 2
"""Of what takes long and does not vary much."""
HOLDS = 3
"""In a round: whether the value under the cursor comes in time to count is up to chance."""

PROGRAMS: tuple[Column, ...] = (
    ("first frame", "first frame", "ms"),
    ("first rows", "listed", "ms"),
    ("key to first byte", "first byte", "ms"),
    ("p99", "first byte p99", "ms"),
    ("settled", "settled", "ms"),
    ("p99", "settled p99", "ms"),
    ("memory", "memory", "MiB"),
    ("quit", "quit", "ms"),
    ("suspend", "suspend", "ms"),
)
BYTES: tuple[Column, ...] = (
    ("cursor", "cursor, sequential", "B"),
    ("scroll", "scroll, sequential", "B"),
    ("page", "page, sequential", "B"),
    ("cursor, random names", "cursor, random", "B"),
    ("scroll", "scroll, random", "B"),
    ("page", "page, random", "B"),
    ("opening", "opening", "B"),
    ("after 3 s held, 10 kB/s", f"lag, {SLOW}", "ms"),
    ("50 kB/s", f"lag, {LESS_SLOW}", "ms"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--keys", type=int, default=1_000_000, help="in the large namespace")
    parser.add_argument("--no-peers", action="store_true", help="only bare Textual beside it")
    options = parser.parse_args()
    figures = Figures()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = folder / "many.sqlite3"
        names = {"sequential": sequential_names(ROWS), "random": random_names(RANDOM_KEYS)}
        namespace_id = write(data, options.keys)
        rows = {kind: Rows(folder / kind, some) for kind, some in names.items()}
        sample = environ(folder, stack.enter_context(server("--sample")))
        many = environ(folder, stack.enter_context(server("--data", data)))
        (folder / "bare.py").write_text(BARE)
        programs = {
            kind: list(_programs(folder, kind, some, with_peers=not options.no_peers))
            for kind, some in rows.items()
        }
        for number in range(options.rounds):
            for program in _rotated(programs["sequential"], number):
                with _patience(program):
                    gestures.start_and_quit(_without_namespace(program), sample, figures)
            _start_and_list(sample, figures)
            _run_headless(many, namespace_id, figures)
            _hold(programs["sequential"][:1] * HOLDS, many, figures)
            if number < LONG_ROUNDS:
                _go_through(programs, many, figures)
        _hold(programs["sequential"][1:], many, figures)
        _open_wide(sample, figures)
        _load_many(many, figures)
    _print(figures, [program.name for program in programs["sequential"]])


def _go_through(
    programs: Mapping[str, list[Program]], environ: Mapping[str, str], figures: Figures
) -> None:
    for kind, some in programs.items():
        for program in some:
            with _patience(program):
                gestures.go_through(program, kind, environ, figures)


def _hold(programs: list[Program], environ: Mapping[str, str], figures: Figures) -> None:
    for program in programs:
        for speed in (SLOW, LESS_SLOW):
            with _patience(program):
                gestures.hold(program, speed, environ, figures)


@contextmanager
def _patience(program: Program) -> Iterator[None]:
    """Go on without the figures of a program that does not show what is waited for."""
    try:
        yield
    except TimeoutError:
        print(f"{program.name} did not come to its rows", file=sys.stderr)


def _programs(folder: Path, kind: str, rows: Rows, *, with_peers: bool) -> Iterator[Program]:
    """Give what is to be measured; peers that are not installed are left out."""
    kvtui = [sys.executable, "-m", "kvtui", "--namespace", kind]
    yield Program("kvtui", kvtui, b"Keys", ROW, suspend=b"\x1a")
    bare: list[str | Path] = [sys.executable, folder / "bare.py", rows.log]
    yield Program("bare Textual", bare, ROW, suspend=b"\x1a")
    if with_peers:
        yield from installed_peers(rows)


def _rotated(programs: list[Program], number: int) -> list[Program]:
    """Let each be the first of a round: the first start after a pause takes 10 ms more."""
    first = number % len(programs)
    return programs[first:] + programs[:first]


def _without_namespace(program: Program) -> Program:
    """Let kvtui begin with the namespaces, as it does when nothing is asked of it."""
    if program.name != "kvtui":
        return program
    return replace(program, argv=program.argv[:3], frame=b"Namespaces", listed=b"scratch")


def _start_and_list(environ: Mapping[str, str], figures: Figures) -> None:
    argv = [sys.executable, "-m", "kvtui", "--namespace", "my-cache"]
    with PtySession(argv, environ) as session:
        figures.add("kvtui", "keys", session.until(lambda output: b"readme" in output))
        session.settle(0.5)
        figures.add("kvtui", "opening 80x24", len(session.output))


def _open_wide(environ: Mapping[str, str], figures: Figures) -> None:
    argv = [sys.executable, "-m", "kvtui", "--namespace", "my-cache"]
    with PtySession(argv, environ, size=(200, 50)) as session:
        session.until(lambda output: b"readme" in output)
        session.settle(0.5)
        figures.add("kvtui", "opening 200x50", len(session.output))


def _run_headless(environ: Mapping[str, str], namespace_id: str, figures: Figures) -> None:
    """Get a value, and start and end, each beside the least that Python needs for it."""
    key = sequential_names(1)[0]
    url = f"{environ['TELNYX_BASE_URL']}/storage/kvs/{namespace_id}/keys/{key}"
    for name, what, argv in (
        ("kvtui", "get", ["-m", "kvtui", "get", namespace_id, key]),
        ("script", "get", ["-c", GET, url, KEY]),
        ("kvtui", "version", ["-m", "kvtui", "--version"]),
        ("script", "version", ["-c", "pass"]),
    ):
        gestures.run_to_the_end(name, what, [sys.executable, *argv], environ, figures)


def _load_many(environ: Mapping[str, str], figures: Figures) -> None:
    """Load all keys of the large namespace, and go through them."""
    argv = [sys.executable, "-m", "kvtui", "--namespace", "sequential"]
    with PtySession(argv, environ) as session:
        session.until(lambda output: ROW in output)
        session.settle(0.5)
        for keys in (b"L", b"\t"):
            session.gesture(keys, 1.0)
        session.type(b"\r")
        _wait_until_listed(session)
        figures.add("kvtui", "memory, many", session.resident_bytes() / 2**20)
        for keys in (*[b"j"] * 40, *[PAGE_DOWN] * 20, b"G", *[b"k"] * 40):
            first, _, _ = session.gesture(keys, gestures.OWN_REPAINT_SECONDS)
            figures.add("kvtui", "first byte, many", first)
            session.settle(0.2)


def _wait_until_listed(session: PtySession) -> None:
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    end = time.perf_counter() + MOST_LISTING_SECONDS
    seen = 0
    while not ALL_LISTED.search(screen.display[-2]):
        if time.perf_counter() > end:
            raise TimeoutError("\n".join(screen.display))
        session.settle(0.3, 1.0)
        stream.feed(session.output[seen:])
        seen = len(session.output)


def _print(figures: Figures, programs: list[str]) -> None:
    for columns in (PROGRAMS, BYTES):
        print("\n".join(table(figures, programs, columns)), end="\n\n")
    print("| kvtui | measured | target |\n|---|---|---|")
    bare = ("bare Textual", "first frame")
    for words, value, unit, target in (
        (
            "first frame, against bare Textual",
            figures.ratio(("kvtui", "first frame"), bare),
            "x",
            "1.3x",
        ),
        ("namespaces shown, likewise", figures.ratio(("kvtui", "listed"), bare), "x", "1.8x"),
        ("keys shown, likewise", figures.ratio(("kvtui", "keys"), bare), "x", "-"),
        ("`--version`, above Python's own start", _above_python(figures), "ms", "60 ms"),
        (
            "`get`, against a bare httpx script",
            figures.ratio(("kvtui", "get"), ("script", "get")),
            "x",
            "1.1x",
        ),
        ("opening, 80x24", figures.of("kvtui", "opening 80x24"), "B", "11,000 B"),
        ("opening, 200x50", figures.of("kvtui", "opening 200x50"), "B", "30,000 B"),
        ("drawn later for the value, per key", figures.of("kvtui", "drawn later"), "B", "-"),
        ("memory with all keys loaded", figures.of("kvtui", "memory, many"), "MiB", "-"),
        ("key to first byte among them", figures.of("kvtui", "first byte, many"), "ms", "3 ms"),
        ("p99", figures.of("kvtui", "first byte, many p99"), "ms", "12 ms"),
    ):
        print(f"| {words} | {shown(value, unit)} | {target} |")


def _above_python(figures: Figures) -> float | None:
    whole, start = figures.of("kvtui", "version"), figures.of("script", "version")
    return None if whole is None or start is None else whole - start


if __name__ == "__main__":
    main()
