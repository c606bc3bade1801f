"""A program in a terminal of its own: what it writes is drawn, what is typed reaches it."""

import errno
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import pyte
from wcwidth import wcwidth

PATIENCE_SECONDS = 30.0
REPEAT_SECONDS = 0.5
LOOK_SECONDS = 0.05
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    " os.execv(sys.argv[1], sys.argv[1:])"
)
"""Makes the terminal the one that ctrl+c and password prompts belong to."""
_ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;0$y"}
_QUESTION = re.compile(b"|".join(map(re.escape, _ANSWERS)))


class Terminal:
    """A program on a pseudo-terminal, watched by a terminal emulator."""

    def __init__(
        self,
        *argv: str | Path,
        environ: Mapping[str, str],
        folder: Path,
        columns: int = 80,
        rows: int = 24,
        is_answering: bool = False,
    ) -> None:
        """Start the program; questions about what the terminal can do are answered if told so."""
        self.output = b""
        """Everything it wrote, as it wrote it."""
        self._answered_bytes: int | None = 0 if is_answering else None
        self._is_closed = False
        self._is_at_end = False
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._descriptor, other_end = os.openpty()
        self._resize(columns, rows)
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-I", "-c", _TAKE_TERMINAL, *map(str, argv)],
            stdin=other_end,
            stdout=other_end,
            stderr=other_end,
            env={"TERM": "xterm-256color", **environ},
            cwd=folder,
            start_new_session=True,
        )
        os.close(other_end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self.hang_up()

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        rows = (self._screen.buffer[number] for number in range(self._screen.lines))
        columns = range(self._screen.columns)
        return ["".join(row[column].data for column in columns).rstrip() for row in rows]

    @property
    def cells(self) -> list[str]:
        """What is on the screen, with a blank where the first half of a wide one was drawn over."""
        shown = []
        for number in range(self._screen.lines):
            row, before, text = self._screen.buffer[number], "", ""
            for column in range(self._screen.columns):
                data = row[column].data
                is_half = data == "" and wcwidth(before[:1] or " ") != 2
                text += " " if is_half else data
                before = data
            shown.append(text.rstrip())
        return shown

    def type(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    def press(self, key: str, *, until: str) -> None:
        """Type a key, again where it came too early to count, until a text is on the screen."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self.type(key)
            if self._see(until, time.monotonic() + REPEAT_SECONDS):
                return
        raise self._missing(until)

    def resize(self, columns: int, rows: int) -> None:
        self._resize(columns, rows)
        self._screen.resize(rows, columns)

    def hang_up(self) -> None:
        """Close the terminal, as a connection that drops does."""
        if not self._is_closed:
            self._is_closed = True
            os.close(self._descriptor)

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def ended(self) -> int:
        """Wait for the end without reading, and return the exit status."""
        return self._process.wait(PATIENCE_SECONDS)

    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped, as by ctrl+z, and not continued."""
        how = os.WSTOPPED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process_id, how) is not None

    @property
    def is_raw(self) -> bool:
        """Whether the terminal is still set up for a program that draws."""
        modes: int = termios.tcgetattr(self._descriptor)[3]
        return not modes & termios.ICANON

    def wait_for(self, what: str | Callable[[], bool]) -> None:
        """Wait until a text is on the screen, or something is so."""
        if not self._see(what, time.monotonic() + PATIENCE_SECONDS):
            raise self._missing(what)

    def shows(self, text: str, *, within_seconds: float) -> bool:
        """Tell whether a text comes onto the screen soon."""
        deadline = time.monotonic() + within_seconds
        while not any(text in line for line in self.lines):
            if not self._read(deadline):
                return False
        return True

    def rest(self, quiet_seconds: float) -> None:
        """Read until nothing has come for so long, or the patience is over."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (now := time.monotonic()) < deadline and self._read(now + quiet_seconds):
            pass

    def take(self) -> bytes:
        """Give what it wrote, and keep it no longer."""
        taken, self.output = self.output, b""
        if self._answered_bytes is not None:
            self._answered_bytes = 0
        return taken

    @property
    def processor_seconds(self) -> float:
        """How long it has worked so far; nothing once it has ended."""
        if self.has_ended:
            return 0.0
        fields = Path(f"/proc/{self.process_id}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> int:
        """Wait until the program ends, and return its exit status."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._read(deadline):
            pass
        return self._process.wait(PATIENCE_SECONDS)

    def _see(self, what: str | Callable[[], bool], deadline: float) -> bool:
        """Read on until it is so; what does not show in the output is looked at now and then."""
        while not (what() if callable(what) else any(what in line for line in self.lines)):
            now = time.monotonic()
            if now >= deadline or self._is_at_end:
                return False
            self._read(min(deadline, now + LOOK_SECONDS))
        return True

    def _missing(self, what: object) -> AssertionError:
        screen = "\n".join(self.lines)
        return AssertionError(f"{what!r} did not come; the screen shows:\n{screen}")

    def _read(self, deadline: float) -> bool:
        """Read what comes next; False when nothing does any more."""
        left = max(0.0, deadline - time.monotonic())
        if not select.select([self._descriptor], [], [], left)[0]:
            return False
        try:
            content = os.read(self._descriptor, 65_536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            content = b""
        self._is_at_end = not content
        self.output += content
        self._stream.feed(content)
        self._answer()
        return bool(content)

    def _answer(self) -> None:
        """Answer questions in their order, also where one came in two pieces."""
        if self._answered_bytes is not None:
            for found in _QUESTION.finditer(self.output, self._answered_bytes):
                os.write(self._descriptor, _ANSWERS[found[0]])
                self._answered_bytes = found.end()

    def _resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))
