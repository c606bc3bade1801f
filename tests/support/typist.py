"""Somebody who edits values in the installed program, in a terminal, on a server that goes on."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kvtui.records import StoredValue
from kvtui.server.store import NamespaceState
from kvtui.vault.drafts import FOLDER, Draft, Drafts
from kvtui.vault.journal import Journal
from kvtui.vault.journal_row import JournalRow
from tests.support.installed import COMMAND, environ
from tests.support.server import TOKEN, LocalServer
from tests.support.terminal import Terminal

REACTION_SECONDS = 0.25
"""So long a person takes from seeing to pressing; a question takes no answer much earlier."""
IGNORING_HANGUP = (
    "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    " os.execv(sys.argv[1], sys.argv[1:])"
)
"""What nohup does."""


@dataclass
class Desk:
    """One server, one namespace `my-cache`, one folder for what must survive."""

    server: LocalServer
    folder: Path
    state: NamespaceState = field(init=False)

    def __post_init__(self) -> None:
        self.state = self.server.namespace("my-cache")

    @property
    def state_folder(self) -> Path:
        return self.folder / "state" / "kvtui"

    def put(self, key: str, content: bytes) -> None:
        self.server.store.put(self.state, key, StoredValue(content))

    def content(self, key: str) -> bytes | None:
        value = self.server.store.get(self.state, key)
        return None if value is None else value.content

    @contextmanager
    def program(
        self, *, prefix: str = "", shown: str = "base", is_hangup_ignored: bool = False
    ) -> Iterator[Terminal]:
        """Start the program on the namespace, and wait until `shown` is on the screen."""
        wrapper = [sys.executable, "-S", "-I", "-c", IGNORING_HANGUP]
        with Terminal(
            *(wrapper if is_hangup_ignored else []),
            COMMAND,
            "--namespace",
            "my-cache",
            "--prefix",
            prefix,
            environ=environ(
                TELNYX_BASE_URL=self.server.base_url,
                TELNYX_API_KEY=TOKEN,
                XDG_STATE_HOME=str(self.folder / "state"),
                TERM="xterm-256color",
            ),
            folder=self.folder,
            columns=100,
            rows=24,
        ) as terminal:
            terminal.wait_for(shown)
            yield terminal

    def drafts(self) -> list[Draft]:
        """Give the drafts that runs left which are over."""
        drafts = Drafts(self.state_folder / FOLDER)
        try:
            host = self.server.base_url.split("/")[2]
            return [left.draft for left in drafts.left_behind("default", host)]
        finally:
            drafts.close()

    def forget_drafts(self) -> None:
        """Remove the drafts, so that the next start offers none."""
        for path in (self.state_folder / FOLDER).glob("*"):
            path.unlink()

    def journal(self) -> "list[tuple[JournalRow, StoredValue | None]]":
        """Give what was kept, newest first."""
        journal = Journal(self.state_folder)
        try:
            return [(row, journal.old_value(row)) for row in journal.rows()]
        finally:
            journal.close()


def type_into_editor(terminal: Terminal, text: str) -> None:
    """Open the editor on the key under the cursor and type."""
    terminal.type("e")
    terminal.wait_for("^s save")
    terminal.type(text)
    terminal.wait_for(text)


def ask_to_save(terminal: Terminal) -> None:
    """Go as far as the key that saves."""
    terminal.type("\x13")
    terminal.wait_for("[Cancel]")
    choose(terminal, "[Save]")


def ask_to_delete(terminal: Terminal) -> None:
    """Go as far as the key that deletes."""
    terminal.type("D")
    terminal.wait_for("[Cancel]")
    choose(terminal, "[Delete]")


def choose(terminal: Terminal, choice: str) -> None:
    """Go to a choice: a key that was pressed before the question was on screen is no answer."""
    for _ in range(20):
        terminal.type("\t")
        if terminal.shows(choice, within_seconds=0.5):
            terminal.shows("nothing that comes", within_seconds=REACTION_SECONDS)
            return
    raise AssertionError(f"{choice} cannot be reached")


def kill(terminal: Terminal) -> None:
    terminal.send(signal.SIGKILL)
    terminal.ended()
