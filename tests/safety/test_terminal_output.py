"""Nothing remote reaches the terminal as anything but text: what is written to it, byte by byte."""

import json
import random
import re
from pathlib import Path

import pytest

from kvtui.server.store import NamespaceState, NewEntry
from kvtui.server.timestamps import key_timestamp
from tests.support.installed import COMMAND, environ
from tests.support.server import TOKEN, LocalServer, running_server
from tests.support.terminal import Terminal

ALLOWED = re.compile(
    r"\x1b\[\d*B\x08{1,4}"  # down, and back to the left
    r"|\x1b\[[\d;]*[ABCDGHJKXdm]"  # moves, erasing, colours
    r"|\x1b\[\?(?:7|25|1000|1002|1003|1004|1006|1015|1049|2004|2026)[hl]"  # modes
    r"|\x1b\[\?(?:2026|2048)\$p|\x1b\[>\d+u|\x1b\[<u"  # what can you do; keyboard protocol
    r"|\x1b\]22;default\x07"  # shape of the pointer
    r"|\r\n"  # between the rows of a whole screen
)
"""What the interface itself says to a terminal."""
HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls, C0 and C1, and what turns the direction of text."""
ATTACKS = (
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]0;title\x07",
    "\x1b]2;title\x1b\\",
    "\x1b]8;;https://evil.example/\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]22;wait\x07",
    "\x1b]1337;File=:AA==\x07",
    "\x1bPq#0;2;0;0;0\x1b\\",
    "\x1b_Ga=T;AAAA\x1b\\",
    "\x1b[2J\x1b[H",
    "\x1b[?1049l",
    "\x1b[6n",
    "\x1bc",
    "\x9b31m",
    "\x9d52;c;aGk=\x9c",
    "\x90payload\x9c",
    "\u202enimda\u202c",
    "\u2066x\u2069",
    "\r\x0b\x0c\x08\x07\x7f",
    "[red]x[/red][@click=app.quit]y[/]",
)
CONTENT_TYPE = "text/plain; [red]\x9b31m\x9d52;c;aGk=\x9c"
"""HTTP itself keeps the other controls out of a header."""


def hostile_value(number: int, source: random.Random) -> str:
    """Write twenty lines with an attack in each, every other time as JSON."""
    words = ["the quick brown fox", "jumps", "over the lazy dog", "漢字"]
    lines = [" ".join([*words, source.choice(ATTACKS), *words]) for _ in range(20)]
    if number % 2:
        return json.dumps({f"value {number:03}": lines}, ensure_ascii=False)
    return "\n".join([f"value {number:03}", *lines])


def fill(server: LocalServer, state: NamespaceState, count: int) -> None:
    source = random.Random(7)
    now = key_timestamp(int(server.store.clock() * 1e9))
    values = [hostile_value(number, source).encode() for number in range(count)]
    entries = [
        NewEntry(f"key-{number:03}", value, now, CONTENT_TYPE)
        for number, value in enumerate(values)
    ]
    entries += [NewEntry(f"evil {attack}/k", b"", now) for attack in ATTACKS]
    server.store.insert(state, entries)


@pytest.mark.parametrize(
    "count", [8, pytest.param(200, marks=[pytest.mark.full, pytest.mark.timeout(600)])]
)
def test_hostile_keys_values_and_types_reach_the_terminal_only_as_text(
    tmp_path: Path, count: int
) -> None:
    with running_server() as server:
        fill(server, server.namespace("my-cache"), count)
        variables = {"TELNYX_BASE_URL": server.base_url, "TELNYX_API_KEY": TOKEN}
        with Terminal(
            COMMAND,
            "--namespace",
            "my-cache",
            environ=environ(**variables),
            folder=tmp_path,
            columns=140,
            rows=40,
        ) as terminal:
            terminal.wait_for("key-000")
            terminal.type("o")
            terminal.wait_for("exact key")
            terminal.type("key-000\r")
            terminal.wait_for("value 000")
            terminal.type("2")
            for number in range(1, count):
                terminal.type("j")
                terminal.wait_for(f"value {number:03}")
            terminal.type("q")
            assert terminal.end() == 0
    written = terminal.output.decode()
    assert "␛" in written
    assert "]52;c;cm0gLXJmIH4=" in written
    harmful = HARMFUL.search(ALLOWED.sub("", written))
    assert harmful is None, ascii(ALLOWED.sub("", written)[harmful.start() :][:80])
