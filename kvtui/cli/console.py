"""Data on standard output, everything said about it on standard error."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self, TextIO

from kvtui.errors import VaultError
from kvtui.values.display import show_line

JsonFields = Mapping[str, str | int | list[str] | None]


class Console:
    """The three streams of a command.

    Text from afar is made harmless where it reaches a terminal; data that goes into a pipe or a
    file stays as it is.
    """

    def __init__(self, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self._stderr = stderr
        self._is_output_lost = False
        self._has_progress = False

    @classmethod
    def of_this_process(cls) -> Self:
        """Take the process's own streams; one that was closed before it began leads nowhere."""
        nowhere = Path(os.devnull)
        return cls(
            sys.stdin or nowhere.open(encoding="utf-8"),
            sys.stdout or nowhere.open("w", encoding="utf-8"),
            sys.stderr or nowhere.open("w", encoding="utf-8"),
        )

    @property
    def is_output_terminal(self) -> bool:
        return self._stdout.isatty()

    @property
    def can_ask(self) -> bool:
        """Whether there is somebody to answer a question."""
        return self._stdin.isatty() and self._stderr.isatty()

    @property
    def can_draw(self) -> bool:
        """Whether a screen can be drawn here and used."""
        return all(stream.isatty() for stream in (self._stdin, self._stdout, self._stderr))

    def write(self, content: bytes) -> None:
        """Put out bytes exactly as they are."""
        self._put_out(lambda: self._stdout.buffer.write(content))

    def line(self, text: str) -> None:
        shown = show_line(text) if self.is_output_terminal else text
        self.write(f"{shown}\n".encode(self._stdout.encoding, errors="backslashreplace"))

    def record(self, fields: JsonFields) -> None:
        """Put out one line of JSON, in ASCII: no terminal can mistake it."""
        import json

        self.write(f"{json.dumps(fields)}\n".encode())

    def flush(self) -> None:
        self._put_out(self._stdout.flush)

    def say(self, text: str) -> None:
        """Narrate, on a line of its own."""
        self._clear_progress()
        self._narrate(f"{show_line(text)}\n")

    def progress(self, text: str) -> None:
        """Show how far something came, where somebody watches and nothing else is shown."""
        if self._stderr.isatty() and not self.is_output_terminal:
            self._narrate(f"\r{show_line(text)}\x1b[K")
            self._has_progress = True

    def read(self, limit: int) -> bytes:
        """Read standard input to its end, at most `limit` bytes."""
        with _interruptible():
            return self._stdin.buffer.read(limit)

    def ask(self, question: str) -> str:
        """Ask a person; the end of the input is an empty answer."""
        self._clear_progress()
        try:
            with _interruptible():
                self._narrate(f"{show_line(question)} ")
                return self._stdin.readline().strip()
        except KeyboardInterrupt:
            self._narrate("\n")
            raise

    def ask_secret(self, question: str) -> str:
        """Ask without showing what is typed."""
        import getpass

        try:
            return getpass.getpass(f"{show_line(question)} ", stream=self._stderr)
        except EOFError:
            return ""

    def close(self) -> None:
        """Write out what is left."""
        self._clear_progress()
        if not self._is_output_lost:
            self.flush()

    def _put_out(self, action: Callable[[], object]) -> None:
        try:
            action()
        except OSError as error:
            self._is_output_lost = True
            _lead_nowhere(self._stdout)
            if isinstance(error, BrokenPipeError):
                raise
            reason = error.strerror
            raise VaultError(f"standard output cannot be written: {reason}") from None

    def _narrate(self, text: str) -> None:
        try:
            print(text, end="", file=self._stderr, flush=True)
        except OSError:
            _lead_nowhere(self._stderr)

    def _clear_progress(self) -> None:
        if self._has_progress:
            self._narrate("\r\x1b[K")
            self._has_progress = False


def _lead_nowhere(stream: TextIO) -> None:
    """Drop what a broken stream still holds, or Python would fail on it once more at its end."""
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, stream.fileno())
    os.close(descriptor)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let ctrl+c end a wait for a person at once: an event loop would only take note of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
