"""What the benchmarks of the terminal are measured on: servers, their data, and small programs."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kvtui.server.options import ServerOptions
from kvtui.server.shapes import fill
from kvtui.server.store import Store
from tests.benchmarks.peers import ROW

ROOT = Path(__file__).parents[2]
BARE = """
import sys
from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Static

class Bare(App):
    BINDINGS = [("q", "quit", "quit"), ("ctrl+z", "suspend_process", "suspend")]

    def compose(self):
        with VerticalScroll():
            yield Static(open(sys.argv[1]).read(), markup=False)

Bare().run()
"""
GET = """
import sys
sys.modules["click"] = None
import httpx
url, key = sys.argv[1:]
answer = httpx.get(url, headers={"Authorization": f"Bearer {key}"}, trust_env=False)
sys.stdout.buffer.write(answer.content)
"""
RANDOM_KEYS = 20_000
KEY = "pretend"


def write(path: Path, count: int) -> str:
    """Write a million keys in order, and some in none."""
    store = Store(path, ServerOptions(provisioning_seconds=0))
    ids = []
    for name, keys in (
        ("sequential", sequential_names(count)),
        ("random", random_names(RANDOM_KEYS)),
    ):
        namespace = store.create_namespace(name)
        assert namespace is not None
        fill(store, namespace, keys)
        ids.append(namespace.namespace.id)
    store.close()
    return ids[0]


def sequential_names(count: int) -> list[str]:
    return [f"{ROW.decode()}{number:07}" for number in range(count)]


def random_names(count: int) -> list[str]:
    dice = random.Random(1)
    return sorted(f"{ROW.decode()}{dice.randbytes(18).hex()}" for _ in range(count))


@contextmanager
def server(*options: str | Path) -> Iterator[str]:
    """Run the local server, and give its base URL."""
    argv = [sys.executable, "-m", "kvtui", "serve", *options, "--port", "0"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as run:
        try:
            assert run.stdout is not None
            yield run.stdout.readline().decode().strip()
        finally:
            run.terminate()


def environ(folder: Path, base_url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(ROOT),
        "TELNYX_BASE_URL": base_url,
        "TELNYX_API_KEY": KEY,
    }
