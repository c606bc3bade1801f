"""Ten thousand hostile texts on each kind of surface, in a terminal: all painted, none obeyed."""

import json
import random
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kvtui.server.store import NamespaceState, NewEntry
from kvtui.server.timestamps import key_timestamp
from kvtui.values.editing import text_problem
from tests.support.dose import Dose
from tests.support.hostile import harm_in, hostile_text
from tests.support.installed import COMMAND, environ
from tests.support.server import AT_ONCE, TOKEN, LocalServer, running_server
from tests.support.terminal import Terminal

MARKER = re.compile(r"#(\d{5})")
COLUMNS, ROWS = 100, 60
FEW = 150
BYTES_IN_A_ROW = 16
PAINTED = 0.95
DOWN = "\x1b[6~"
"""The key that goes down a page."""
NO_TEXT = {0: None, 13: None}
"""What makes a value bytes, or the end of a line."""
STILL_SECONDS = 1.0
"""Where only the cursor moves within the page nothing else comes."""
REST_SECONDS = 0.1
MOST_BYTES = 100_000_000


def numbered(count: int, *, is_editable: bool = False) -> list[str]:
    """Make hostile texts, each with a number that can be seen."""
    source = random.Random(count)
    texts: list[str] = []
    while len(texts) < count:
        text = hostile_text(source)
        if not is_editable or text_problem(text) is None:
            texts.append(f"#{len(texts):05} {text}")
    return texts


def store(server: LocalServer, state: NamespaceState, values: dict[str, bytes]) -> None:
    now = key_timestamp(int(server.store.clock() * 1e9))
    entries = [NewEntry(key, value, now) for key, value in values.items()]
    server.store.insert(state, entries)


def as_keys(server: LocalServer, count: int) -> None:
    keys = [text.replace("/", "") for text in numbered(count)]
    store(server, server.namespace("my-cache"), dict.fromkeys(keys, b""))


def as_folders(server: LocalServer, count: int) -> None:
    keys = [f"{text.replace('/', '')}/k" for text in numbered(count)]
    store(server, server.namespace("my-cache"), dict.fromkeys(keys, b""))


def as_namespaces(server: LocalServer, count: int) -> None:
    for number, text in enumerate(numbered(count)):
        server.store.add_namespace(f"{number:032x}", text, AT_ONCE.lifecycle, number)


def as_text(server: LocalServer, count: int) -> None:
    plain = "the quick brown fox jumps over the lazy dog"
    value = "\n".join(f"{text.translate(NO_TEXT)} {plain}" for text in numbered(count))
    store(server, server.namespace("my-cache"), {"k": value.encode()})


def as_json(server: LocalServer, count: int) -> None:
    value = json.dumps(numbered(count), ensure_ascii=False)
    store(server, server.namespace("my-cache"), {"k": value.encode()})


def as_editable(server: LocalServer, count: int) -> None:
    value = "\n".join(numbered(count, is_editable=True))
    store(server, server.namespace("my-cache"), {"k": value.encode()})


def as_bytes(server: LocalServer, count: int) -> None:
    rows = [text.encode()[:BYTES_IN_A_ROW].ljust(BYTES_IN_A_ROW) for text in numbered(count)]
    store(server, server.namespace("my-cache"), {"k": b"".join(rows)})


def page_through(terminal: Terminal, count: int) -> set[int]:
    """Go down until the last text is on the screen; give the numbers that were."""
    painted = numbers(terminal)
    while count - 1 not in painted:
        await_change(terminal)
        read_rest(terminal)
        painted |= numbers(terminal)
        assert len(terminal.output) < MOST_BYTES
    return painted


def await_change(terminal: Terminal) -> None:
    before, typed_at = numbers(terminal), time.monotonic()
    terminal.type(DOWN)

    def is_seen() -> bool:
        return numbers(terminal) != before or time.monotonic() > typed_at + STILL_SECONDS

    terminal.wait_for(is_seen)


def read_rest(terminal: Terminal) -> None:
    """Read what belongs to the same page: a frame may come in parts, and more than one."""
    before: list[str] = []
    while terminal.lines != before:
        before = terminal.lines
        terminal.shows("nothing that comes", within_seconds=REST_SECONDS)


def numbers(terminal: Terminal) -> set[int]:
    return {int(number) for line in terminal.lines for number in MARKER.findall(line)}


def program(server: LocalServer, folder: Path, *argv: str) -> Terminal:
    variables = {"TELNYX_BASE_URL": server.base_url, "TELNYX_API_KEY": TOKEN}
    return Terminal(
        COMMAND,
        *argv,
        environ=environ(XDG_STATE_HOME=str(folder / "state"), **variables),
        folder=folder,
        columns=COLUMNS,
        rows=ROWS,
    )


Surface = tuple[Callable[[LocalServer, int], None], tuple[str, ...]]
SURFACES: dict[str, Surface] = {
    "keys": (as_keys, ("2",)),
    "folders": (as_folders, ("2",)),
    "namespaces": (as_namespaces, ("g",)),
    "text": (as_text, ("3",)),
    "JSON": (as_json, ("3",)),
    "search hits": (as_text, ("3", "/", "x", "\r")),
    "editor": (as_editable, ("e",)),
    "editor of bytes": (as_bytes, ("b",)),
}


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize(
    "count", [FEW, pytest.param(10_000, marks=[pytest.mark.full, pytest.mark.timeout(1800)])]
)
def test_hostile_texts_are_painted_page_by_page_and_never_obeyed(
    tmp_path: Path, surface: str, count: int
) -> None:
    fill, keys = SURFACES[surface]
    with running_server() as server:
        fill(server, count)
        opened = ("--namespace", "my-cache") if fill is not as_namespaces else ()
        with program(server, tmp_path, *opened) as terminal:
            terminal.wait_for("#00000")
            for key in keys:
                terminal.type(key)
                terminal.shows("nothing that comes", within_seconds=0.4)
            painted = page_through(terminal, count)
            terminal.send(signal.SIGTERM)
            assert terminal.end() == 143
    if count > FEW:
        Dose(f"hostile-{surface.replace(' ', '-')}", 1).add(painted=len(painted))
    assert harm_in(terminal.output) == []
    assert len(painted) >= PAINTED * count
