"""A program on a pseudo-terminal that is timed and counted, over a line of a chosen speed."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[c": b"\x1b[?62c",
}
QUESTIONS = re.compile(b"|".join(map(re.escape, ANSWERS)))
COLOURS = re.compile(rb"\x1b\[[0-9;]*m")
READ_BYTES = 65_536
CHUNK_SECONDS = 0.005
"""What a slow line carries in such a time comes in one piece."""


class PtySession:
    """Starts a program; what it writes is counted, and its questions are answered."""

    def __init__(
        self,
        argv: Sequence[str | Path],
        environ: Mapping[str, str],
        *,
        size: tuple[int, int] = (80, 24),
        bytes_per_second: float | None = None,
    ) -> None:
        self.output = b""
        self.started = time.perf_counter()
        self.last_byte = self.started
        self._pace = bytes_per_second
        self._line_free = self.started
        self._answered_bytes = 0
        self.process_id, self._descriptor = pty.fork()
        if not self.process_id:
            os.execve(argv[0], [str(part) for part in argv], dict(environ))  # noqa: S606
        columns, lines = size
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("4H", lines, columns, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        try:
            os.kill(self.process_id, signal.SIGKILL)
            os.waitpid(self.process_id, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self._descriptor)

    def slow_down(self, bytes_per_second: float) -> None:
        """Carry no more than this from now on."""
        self._pace = bytes_per_second
        self._line_free = time.perf_counter()

    def type(self, keys: bytes) -> None:
        os.write(self._descriptor, keys)

    def read(self, seconds: float) -> bool:
        """Read what comes within a time, as fast as the line is; False where nothing does."""
        now = time.perf_counter()
        if self._pace is not None and self._line_free > now:
            time.sleep(min(seconds, self._line_free - now))
            return self._line_free - now <= seconds
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return False
        try:
            content = os.read(self._descriptor, self._chunk_bytes)
        except OSError:
            return False
        self.last_byte = time.perf_counter()
        if self._pace is not None:
            self.last_byte += len(content) / self._pace
            self._line_free = self.last_byte
        self.output += content
        self._answer()
        return bool(content)

    @property
    def _chunk_bytes(self) -> int:
        return READ_BYTES if self._pace is None else max(1, round(self._pace * CHUNK_SECONDS))

    def _answer(self) -> None:
        """Answer questions in the order they came, also where one came in two pieces."""
        for found in QUESTIONS.finditer(self.output, self._answered_bytes):
            os.write(self._descriptor, ANSWERS[found[0]])
            self._answered_bytes = found.end()

    def settle(self, quiet: float = 0.12, most: float = 10.0) -> None:
        """Read until nothing has come for a while."""
        end = time.perf_counter() + most
        while time.perf_counter() < end and self.read(quiet):
            pass

    def until(self, is_there: Callable[[bytes], bool], most: float = 20.0) -> float:
        """Read until the output, without its colours, answers; give the seconds since the start."""
        end = time.perf_counter() + most
        while not is_there(COLOURS.sub(b"", self.output)):
            if time.perf_counter() > end:
                raise TimeoutError(self.output[-300:])
            self.read(0.05)
        return self.last_byte - self.started

    def gesture(self, keys: bytes, quiet: float = 0.12) -> tuple[float, float, int]:
        """Type; give the seconds to the first byte and to the last, and how many came."""
        before = len(self.output)
        start = time.perf_counter()
        self.type(keys)
        first = None
        while self.read(quiet if first is not None else 1.0):
            first = first or self.last_byte
        return (first or start) - start, self.last_byte - start, len(self.output) - before

    def end(self, keys: bytes, most: float = 5.0) -> float | None:
        """Type what quits, and give the seconds until the program is gone; None if it stays."""
        start = time.perf_counter()
        self.type(keys)
        while os.waitpid(self.process_id, os.WNOHANG) == (0, 0):
            if time.perf_counter() - start > most:
                return None
            self.read(0.002)
        return time.perf_counter() - start

    def resident_bytes(self) -> int:
        status = Path(f"/proc/{self.process_id}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def processor_seconds(self) -> float:
        """Give what all threads of the program have used so far."""
        threads = Path(f"/proc/{self.process_id}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
