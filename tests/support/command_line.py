"""Runs commands as a shell does: argv, streams and an environment in, an exit status out."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import Buffer

from kvtui.cli.call import Call
from kvtui.cli.command_line import run
from kvtui.cli.console import Console
from kvtui.cli.parser import parse
from kvtui.records import StoredValue
from kvtui.server.store import NamespaceState
from kvtui.settings import Surroundings
from tests.support.server import TOKEN, LocalServer

Answer = str | Callable[[], str]


class Stream(io.TextIOWrapper):
    """A stream in memory that may pass for a terminal."""

    def __init__(self, content: bytes = b"", *, is_terminal: bool = False) -> None:
        self.bytes = io.BytesIO(content)
        super().__init__(self.bytes, encoding="utf-8", write_through=True)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


class Answers(io.RawIOBase):
    """Lines that somebody types, each when it is asked for; then the end of the input."""

    def __init__(self, answers: Iterator[Answer]) -> None:
        self._answers = answers

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        for answer in self._answers:
            line = f"{answer if isinstance(answer, str) else answer()}\n".encode()
            memoryview(buffer)[: len(line)] = line
            return len(line)
        return 0


class Keyboard(io.TextIOWrapper):
    """A terminal with somebody at it."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        super().__init__(io.BufferedReader(Answers(iter(answers))), encoding="utf-8")

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    status: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.decode().splitlines()

    @property
    def records(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.lines]


@dataclass
class Shell:
    """A folder and an environment to run commands in."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def run(
        self,
        *argv: str,
        stdin: bytes = b"",
        answers: tuple[Answer, ...] | None = None,
        is_output_terminal: bool = False,
    ) -> Result:
        """Run a command in this process; with `answers`, somebody sits at its terminal."""
        source = Stream(stdin) if answers is None else Keyboard(answers)
        out = Stream(is_terminal=is_output_terminal)
        err = Stream(is_terminal=answers is not None)
        surroundings = Surroundings(self.environ, self.folder, self.folder)
        status = run(Call(parse(argv), surroundings, Console(source, out, err)))
        return Result(status, out.bytes.getvalue(), err.bytes.getvalue().decode())

    def point_at(self, base_url: str, token: str = TOKEN) -> None:
        self.environ.update(TELNYX_BASE_URL=base_url, TELNYX_API_KEY=token)

    def configure(self, text: str) -> None:
        (self.folder / "config.toml").write_text(text)


@dataclass(frozen=True)
class Cache:
    """The namespace `my-cache` of a local server, seen from behind."""

    server: LocalServer
    state: NamespaceState

    @property
    def id(self) -> str:
        return self.state.namespace.id

    def put(self, key: str, content: bytes, content_type: str | None = None) -> None:
        self.server.store.put(self.state, key, StoredValue(content, content_type))

    def get(self, key: str) -> StoredValue | None:
        return self.server.store.get(self.state, key)
