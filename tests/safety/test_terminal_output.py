"""Nothing remote reaches the terminal as anything but text: what is written to it, byte by byte."""

import json
import random
from pathlib import Path

import pytest

from kvtui.server.store import NamespaceState, NewEntry
from kvtui.server.timestamps import key_timestamp
from tests.support.hostile import ATTACKS, harm_in
from tests.support.installed import COMMAND, environ
from tests.support.server import TOKEN, LocalServer, running_server
from tests.support.terminal import Terminal

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
    assert harm_in(terminal.output) == []
