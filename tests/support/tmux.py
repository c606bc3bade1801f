"""tmux as a terminal emulator: what it makes of bytes that another terminal was sent."""

import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

PATIENCE_SECONDS = 3.0
LOOK_SECONDS = 0.05


class TmuxPane:
    """A pane of a server of its own that shows what is fed; `folder` holds its socket."""

    def __init__(self, folder: Path, columns: int, rows: int) -> None:
        self._socket = folder / "tmux.sock"
        self._rows = rows
        pipe = folder / "tmux.pipe"
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        show = f"stty raw -echo; exec cat {pipe}"
        size = ("-x", str(columns), "-y", str(rows))
        self._tmux("-f", "/dev/null", "new-session", "-d", *size, show)
        self._tmux("set-option", "-g", "status", "off")
        self._tmux("resize-window", *size)
        self._input = pipe.open("wb", buffering=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._tmux("kill-server")
        self._input.close()

    def feed(self, output: bytes) -> None:
        self._input.write(output)

    def lines(self) -> list[str]:
        """Give what is on the screen."""
        shown = self._tmux("capture-pane", "-p").split("\n")[: self._rows]
        return [line.rstrip() for line in shown]

    def styled_lines(self) -> list[str]:
        """Give what is on the screen with what makes it look so; a line goes on as one ends."""
        return self._tmux("capture-pane", "-e", "-p").split("\n")[: self._rows]

    @property
    def title(self) -> str:
        """What a program called the pane; said last, it tells that all before it was drawn."""
        return self._tmux("display-message", "-p", "#{pane_title}").strip()

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))
        self._rows = rows

    def settled_lines(self, expected: list[str], comparable: Callable[[str], str]) -> list[str]:
        """Give what is on the screen as soon as it is what is expected, or at the end of time."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            seen = [comparable(line) for line in self.lines()]
            if seen == expected or time.monotonic() > deadline:
                return seen
            threading.Event().wait(LOOK_SECONDS)

    def _tmux(self, *argv: str) -> str:
        command = ["tmux", "-S", str(self._socket), *argv]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
