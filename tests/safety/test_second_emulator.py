"""What was sent to one terminal looks the same in another: nothing a row holds moves it."""

import random
import unicodedata
from pathlib import Path

import pytest
from wcwidth import wcwidth

from kvtui.server.store import NewEntry
from kvtui.server.timestamps import key_timestamp
from tests.support.dose import Dose
from tests.support.hostile import hostile_text
from tests.support.installed import COMMAND, environ
from tests.support.server import TOKEN, running_server
from tests.support.terminal import Terminal
from tests.support.tmux import TmuxPane

TEXTS = 5_000
COLUMNS, ROWS = 120, 60
FLAGS = {ord(flag): None for flag in "\U0001f1e9\U0001f1ea"}
"""Two cells for some terminals, four for others: no program can know."""


def comparable(line: str) -> str:
    """Leave out what takes no cell: one emulator joins it with what is before, one drops it."""
    joined = unicodedata.normalize("NFD", line)
    return "".join(character for character in joined if wcwidth(character) != 0).rstrip()


# tmux has to be installed for this one.
@pytest.mark.full
@pytest.mark.timeout(1_800)
def test_five_thousand_hostile_texts_stand_in_the_same_cells_in_tmux(tmp_path: Path) -> None:
    source = random.Random(5)
    texts = [f"#{number:05} {hostile_text(source)}".translate(FLAGS) for number in range(TEXTS)]
    plain = "the quick brown fox jumps over the lazy dog"
    lines = [f"{text.translate({0: None, 13: None})} {plain}" for text in texts]
    rows = misaligned = 0
    with running_server() as server:
        entry = NewEntry("k", "\n".join(lines).encode(), key_timestamp(0))
        server.store.insert(server.namespace("my-cache"), [entry])
        variables = {"TELNYX_BASE_URL": server.base_url, "TELNYX_API_KEY": TOKEN}
        with (
            TmuxPane(tmp_path, COLUMNS, ROWS) as pane,
            Terminal(
                COMMAND,
                "--namespace",
                "my-cache",
                environ=environ(XDG_STATE_HOME=str(tmp_path / "state"), **variables),
                folder=tmp_path,
                columns=COLUMNS,
                rows=ROWS,
            ) as terminal,
        ):
            terminal.wait_for("#00000")
            terminal.type("3")
            fed = 0
            while True:
                terminal.shows("nothing that comes", within_seconds=0.1)
                pane.feed(terminal.output[fed:])
                fed = len(terminal.output)
                expected = [comparable(line) for line in terminal.cells]
                seen = pane.settled_lines(expected, comparable)
                rows += len(expected)
                misaligned += sum(one != other for one, other in zip(expected, seen, strict=True))
                if f"#{TEXTS - 1:05}" in "\n".join(expected):
                    break
                terminal.type("\x1b[6~")
    Dose("second-emulator", 1).add(rows=rows, misaligned=misaligned)
    assert misaligned == 0
