"""kvtui in a terminal against a bare Textual program and installed peers: time and bytes.

    python -m tests.benchmarks.terminal [ROUNDS]

Rounds are interleaved, so that a busy machine is busy for everybody; figures are medians.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.pty_session import PtySession

ROOT = Path(__file__).parents[2]
BARE = """
from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Static

class Bare(App):
    BINDINGS = [("q", "quit", "quit")]

    def compose(self):
        with VerticalScroll():
            yield Static("\\n".join(f"line {number}" for number in range(200)))

Bare().run()
"""
FILES = 1000
SLOW_BYTES_PER_SECOND = 10_000
KEYS_HELD, KEY_SECONDS = 90, 1 / 30
PAGE_DOWN = b"\x1b[6~"


@dataclass(frozen=True)
class Program:
    """Something to measure: how it starts, what shows that it stands, how it goes."""

    name: str
    argv: Sequence[str | Path]
    ready: bytes
    quit_keys: bytes = b"q"
    shown: bytes = b""
    """What shows that the first data has come, for programs that fetch it."""
    down: bytes = b"\x1b[B"
    """As the terminal sends the arrow in the mode that the program asks for."""


@dataclass
class Figures:
    """What was measured, by program and by what it is; every sample is kept."""

    samples: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, program: str, what: str, value: float) -> None:
        self.samples[program, what].append(value)

    def median(self, program: str, what: str) -> float | None:
        values = self.samples.get((program, what))
        return statistics.median(values) if values else None

    def worst_percent(self, program: str, what: str) -> float:
        values = sorted(self.samples[program, what])
        return values[min(len(values) - 1, round(len(values) * 0.99))]


def main(rounds: int) -> None:
    figures = Figures()
    with tempfile.TemporaryDirectory() as name, _server() as base_url:
        folder = Path(name)
        environ = _environ(folder, base_url)
        programs = list(_programs(folder))
        for _ in range(rounds):
            for program in programs:
                _measure(program, environ, figures)
            _browse(environ, figures)
        _open_sizes(environ, figures)
        _hold_on_slow_line(environ, figures)
    _print(figures, [program.name for program in programs])


def _measure(program: Program, environ: Mapping[str, str], figures: Figures) -> None:
    """Start, press down a few times, look at the memory, quit."""
    with PtySession(program.argv, environ) as session:
        figures.add(program.name, "start", session.until(lambda output: program.ready in output))
        if program.shown:
            figures.add(program.name, "namespaces", session.until(lambda o: program.shown in o))
        session.settle(0.4)
        for _ in range(8):
            first, last, size = session.gesture(program.down)
            if size:
                figures.add(program.name, "first byte", first)
                figures.add(program.name, "settled", last)
                figures.add(program.name, "bytes", size)
        figures.add(program.name, "memory", session.resident_bytes() / 2**20)
        took = session.end(program.quit_keys)
        if took is not None:
            figures.add(program.name, "quit", took)


def _browse(environ: Mapping[str, str], figures: Figures) -> None:
    """Open a folder of sequential keys and walk through it."""
    with _opened(environ) as session:
        session.until(lambda output: b"readme" in output)
        session.settle(0.6)
        session.gesture(b"G", 0.4)
        session.gesture(b"l", 0.8)
        for what, keys, count in (
            ("cursor", b"j", 8),
            ("page", PAGE_DOWN, 5),
            ("scroll", b"j", 8),
        ):
            for _ in range(count):
                _, _, size = session.gesture(keys, 0.03)
                figures.add("kvtui", what, size)
                session.settle(0.3)


def _open_sizes(environ: Mapping[str, str], figures: Figures) -> None:
    for size in ((80, 24), (200, 50)):
        with _opened(environ, size=size) as session:
            session.until(lambda output: b"readme" in output)
            session.settle(0.5)
            figures.add("kvtui", f"open {size[0]}x{size[1]}", len(session.output))


def _hold_on_slow_line(environ: Mapping[str, str], figures: Figures) -> None:
    """Hold a key on a slow line, and see for how long drawing goes on after its release."""
    with _opened(environ, bytes_per_second=SLOW_BYTES_PER_SECOND) as session:
        session.until(lambda output: b"readme" in output)
        session.settle(1.0)
        session.gesture(b"G", 0.5)
        session.gesture(b"l", 1.0)
        for _ in range(KEYS_HELD):
            end = time.perf_counter() + KEY_SECONDS
            session.type(b"j")
            while (left := end - time.perf_counter()) > 0:
                session.read(left)
        released = time.perf_counter()
        session.settle(0.25)
        figures.add("kvtui", "lag", max(0.0, session.last_byte - released))


@contextmanager
def _opened(
    environ: Mapping[str, str],
    *,
    size: tuple[int, int] = (80, 24),
    bytes_per_second: float | None = None,
) -> Iterator[PtySession]:
    argv = [sys.executable, "-m", "kvtui", "--namespace", "my-cache"]
    with PtySession(argv, environ, size=size, bytes_per_second=bytes_per_second) as session:
        yield session


@contextmanager
def _server() -> Iterator[str]:
    """Run the local server with the sample data, and give its base URL."""
    argv = [sys.executable, "-m", "kvtui", "serve", "--sample", "--port", "0"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as run:
        try:
            assert run.stdout is not None
            yield run.stdout.readline().decode().strip()
        finally:
            run.terminate()


def _programs(folder: Path) -> Iterator[Program]:
    """Give what is to be measured; peers that are not installed are left out."""
    bare = folder / "bare.py"
    bare.write_text(BARE)
    files = folder / "files"
    files.mkdir()
    for number in range(FILES):
        (files / f"key{number:04}").write_bytes(b"x" * number)
    down = b"\x1bOB"
    yield Program("kvtui", [sys.executable, "-m", "kvtui"], b"Namespaces", shown=b"scratch")
    yield Program("bare Textual", [sys.executable, bare], b"line 1")
    for name, options, ready, leave in (
        ("ncdu", ["-0"], b"key0999", b"q"),
        ("mc", ["-u"], b"key0001", b"\x1b[21~\r"),
        ("ranger", [], b"key0001", b"q"),
    ):
        path = shutil.which(name)
        if path is not None:
            yield Program(name, [path, *options, files], ready, leave, down=down)


def _environ(folder: Path, base_url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "HOME": str(folder),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(ROOT),
        "TELNYX_BASE_URL": base_url,
        "TELNYX_API_KEY": "pretend",
    }


def _print(figures: Figures, programs: Sequence[str]) -> None:
    print("| | first frame | key to first byte | p99 | settled | bytes per key | memory | quit |")
    print("|---|---|---|---|---|---|---|---|")
    for name in programs:
        cells = [
            _shown(figures.median(name, "start"), "ms"),
            _shown(figures.median(name, "first byte"), "ms"),
            _shown(figures.worst_percent(name, "first byte"), "ms"),
            _shown(figures.median(name, "settled"), "ms"),
            _shown(figures.median(name, "bytes"), "B"),
            _shown(figures.median(name, "memory"), "MiB"),
            _shown(figures.median(name, "quit"), "ms"),
        ]
        print(f"| {name} | {' | '.join(cells)} |")
    print("\n| kvtui | measured | target |\n|---|---|---|")
    bare = figures.median("bare Textual", "start") or 1.0
    for words, value, unit, target in (
        ("first frame, times a bare Textual program", _ratio(figures, "start", bare), "x", "1.3"),
        ("namespaces shown, likewise", _ratio(figures, "namespaces", bare), "x", "1.8"),
        ("cursor move, 80x24", figures.median("kvtui", "cursor"), "B", "300"),
        ("scroll by one row", figures.median("kvtui", "scroll"), "B", "500"),
        ("page", figures.median("kvtui", "page"), "B", "1,200"),
        ("opening at 80x24", figures.median("kvtui", "open 80x24"), "B", "11,000"),
        ("opening at 200x50", figures.median("kvtui", "open 200x50"), "B", "30,000"),
        ("drawing after a held key, 10 kB/s", figures.median("kvtui", "lag"), "ms", "50"),
        ("quit", figures.median("kvtui", "quit"), "ms", "50"),
        ("memory, idle", figures.median("kvtui", "memory"), "MiB", "48"),
    ):
        print(f"| {words} | {_shown(value, unit)} | {target} |")


def _ratio(figures: Figures, what: str, bare: float) -> float | None:
    value = figures.median("kvtui", what)
    return None if value is None else value / bare


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    if unit == "ms":
        return f"{value * 1000:,.1f} ms" if value < 0.1 else f"{value * 1000:,.0f} ms"
    return f"{value:,.2f} x" if unit == "x" else f"{value:,.0f} {unit}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
