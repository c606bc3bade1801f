"""Terminals that show what another one was sent, and tell what stands in each cell."""

import codecs
import os
import time
from pathlib import Path
from typing import Protocol

from wcwidth import wcwidth

from tests.support.emulator import Emulator, Seen
from tests.support.terminal import Terminal
from tests.support.tmux import TmuxPane

PATIENCE_SECONDS = 20.0
SETTLED_SECONDS = 0.2
"""So long screen draws nothing more."""
PIECE_BYTES = 1024


class Mirror(Protocol):
    """Shows what it is fed."""

    def feed(self, output: bytes) -> None: ...

    def resize(self, columns: int, rows: int) -> None: ...

    def rows(self) -> list[list[Seen]]: ...

    def close(self) -> None: ...


class PyteMirror:
    """The emulator that the tests use everywhere."""

    def __init__(self, columns: int, rows: int) -> None:
        self._emulator = Emulator(columns, rows)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, output: bytes) -> None:
        self._emulator.feed(self._decoder.decode(output))

    def resize(self, columns: int, rows: int) -> None:
        self._emulator.screen.resize(rows, columns)

    def rows(self) -> list[list[Seen]]:
        return self._emulator.rows()

    def close(self) -> None:
        pass


class TmuxMirror:
    """tmux, which has to be installed; it does not tell the background of a row's last blanks."""

    def __init__(self, folder: Path, columns: int, rows: int) -> None:
        self._pane = TmuxPane(folder, columns, rows)
        self._size = columns, rows
        self._marks = 0

    def feed(self, output: bytes) -> None:
        self._pane.feed(output)

    def resize(self, columns: int, rows: int) -> None:
        self._wait()
        self._pane.resize(columns, rows)
        self._size = columns, rows

    def rows(self) -> list[list[Seen]]:
        self._wait()
        emulator = Emulator(*self._size)
        for y, line in enumerate(self._pane.styled_lines()):
            # The emulator leaves out what follows a character that takes no cell.
            cells = "".join(character for character in line if wcwidth(character) != 0)
            emulator.feed(f"\x1b[{y + 1}H{cells}")
        return [_without_last_blanks(row) for row in emulator.rows()]

    def close(self) -> None:
        self._pane.__exit__()

    def _wait(self) -> None:
        """Wait until all that was fed has been drawn."""
        self._marks += 1
        self._pane.feed(f"\x1b]2;mark {self._marks}\x07".encode())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._pane.title != f"mark {self._marks}":
            assert time.monotonic() < deadline, self._pane.title


def _without_last_blanks(row: list[Seen]) -> list[Seen]:
    last = max((x for x, cell in enumerate(row) if cell.text != " " or cell.look), default=-1)
    return row[: last + 1]


class ScreenMirror:
    """GNU screen, which has to be installed: what it draws in a pane of tmux.

    The two mostly agree on how wide a character is, and screen knows no more than that.
    """

    def __init__(self, folder: Path, columns: int, rows: int) -> None:
        sockets = folder / "screens"
        sockets.mkdir(mode=0o700, exist_ok=True)
        settings = folder / "screenrc"
        settings.write_text("startup_message off\ndefutf8 on\naltscreen on\nvbell off\n")
        pipe = folder / "screen.pipe"
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        show = f"stty raw -echo; exec cat {pipe}"
        self._environ = {"SCREENDIR": str(sockets), "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
        self._outer = Terminal(
            *("/usr/bin/screen", "-U", "-c", settings, "/bin/sh", "-c", show),
            environ=self._environ,
            folder=folder,
            columns=columns,
            rows=rows,
        )
        self._shown = TmuxMirror(folder, columns, rows)
        self._input = pipe.open("wb", buffering=0)

    def feed(self, output: bytes) -> None:
        for at in range(0, len(output), PIECE_BYTES):
            self._input.write(output[at : at + PIECE_BYTES])
            self._wait(0.0)

    def resize(self, columns: int, rows: int) -> None:
        self._wait()
        self._outer.resize(columns, rows)
        self._shown.resize(columns, rows)
        self._wait()

    def rows(self) -> list[list[Seen]]:
        self._wait()
        return self._shown.rows()

    def close(self) -> None:
        self._input.close()
        self._outer.__exit__()
        self._shown.close()

    def _wait(self, quiet_seconds: float = SETTLED_SECONDS) -> None:
        self._outer.rest(quiet_seconds)
        self._shown.feed(self._outer.take())
