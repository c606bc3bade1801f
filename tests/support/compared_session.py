"""Presses random keys at random sizes and holds every frame against what Textual would have drawn.

    python -m tests.support.compared_session COLOURS KEYS SEED

does so in a process of its own: Rich keeps what a style renders to for the first number of colours
that a process draws with.
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kvtui.server.sample import load_sample
from kvtui.session.workspace import Workspace
from kvtui.ui.opening import Opening
from tests.support.driver import AppDriver, workspace_on
from tests.support.server import LocalServer, local_server
from tests.support.watched import WatchedApp

KEYS = (
    *("j", "k", "down", "up", "pagedown", "pageup", "g", "G", "ctrl+d", "ctrl+u") * 4,
    *("l", "h", "enter", "escape", "tab", "1", "2", "3", "f", "]", "[") * 2,
    *("slash", "n", "N", "s", "y", "question_mark", "at", "o", "i", "space", "u", "e", "r"),
    *("f1", "ctrl+p", "ctrl+l", "a", "b", "D", "R", "x"),
)
MODULE = "tests.support.compared_session"
SIZES = [(80, 24), (40, 10), (120, 32), (20, 5), (200, 50)]
KEYS_AT_ONE_SIZE = 20


@dataclass(frozen=True)
class Outcome:
    """What came of a session."""

    frames: int
    colours: str
    difference: str
    """The first, where there is one: the session ends there."""
    is_smaller: bool
    """Whether less was sent than Textual would have sent."""


def compare_in_process(colours: str, keys: int, *, seed: int = 0) -> str:
    """Compare in a process of its own, and give what it says: its outcome, or how it failed."""
    root = Path(__file__).parents[2]
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [sys.executable, "-m", MODULE, colours, str(keys), str(seed)],
            capture_output=True,
            check=False,
            cwd=root,
            env={
                "PATH": os.environ["PATH"],
                "HOME": folder,
                "TERM": "xterm" if colours == "standard" else "xterm-256color",
                "COLORTERM": "truecolor" if colours == "truecolor" else "",
            },
        )
    return (run.stdout + run.stderr).decode()


async def compare(server: LocalServer, dice: random.Random, keys: int) -> Outcome:
    """Compare until so many keys were pressed, or a frame differs."""

    async def connect() -> Workspace:
        return workspace_on(server)

    app = WatchedApp(Opening(connect, connect, profile="test", namespace="my-cache"))
    async with app.run_test(size=SIZES[0]) as pilot:
        await AppDriver(app, pilot).settle()
        for step in range(keys):
            if step % KEYS_AT_ONE_SIZE == KEYS_AT_ONE_SIZE - 1:
                await pilot.resize_terminal(*dice.choice(SIZES))
            await pilot.press(dice.choice(KEYS))
            if app.differences:
                break
    return Outcome(
        app.checkpoints,
        app.console.color_system or "",
        "".join(app.differences[:1]),
        app.changed_bytes < app.whole_bytes,
    )


def main(colours: str, keys: str, seed: str) -> None:
    with local_server() as server:
        load_sample(server.store)
        outcome = asyncio.run(compare(server, random.Random(colours + seed), int(keys)))
    sys.stdout.write(f"{outcome}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
