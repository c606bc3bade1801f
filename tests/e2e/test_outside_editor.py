"""`$EDITOR` as people use it: lent the terminal, given what is inside, and checked afterwards."""

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from kvtui.records import StoredValue
from tests.support.command_line import Cache
from tests.support.installed import COMMAND, environ
from tests.support.server import TOKEN, running_server
from tests.support.terminal import Terminal

USER = b'{"name": "Alice", "note": "long enough to be worth packing, packing, packing"}'


@pytest.fixture
def cache() -> Iterator[Cache]:
    with running_server() as server:
        yield Cache(server, server.namespace("my-cache"))


def browser(cache: Cache, folder: Path, script: str) -> Terminal:
    """Start the browser with `script` as the user's editor; the file is its first argument."""
    program = folder / "editor"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    variables = environ(
        TELNYX_BASE_URL=cache.server.base_url, TELNYX_API_KEY=TOKEN, VISUAL=str(program)
    )
    return Terminal(COMMAND, environ=variables, folder=folder, columns=100, rows=24)


def save(terminal: Terminal) -> None:
    terminal.wait_for("[Cancel]")
    terminal.press("\t", until="[Save]")
    terminal.press("\r", until="saved")


def test_the_editor_gets_what_is_inside_the_layers(tmp_path: Path, cache: Cache) -> None:
    cache.put("user", base64.b64encode(gzip.compress(USER, mtime=7)), "text/plain")
    script = 'echo "$1" > name; sed -i s/Alice/Bob/ "$1"'
    with browser(cache, tmp_path, script) as terminal:
        terminal.wait_for("my-cache")
        terminal.press("\r", until="Alice")
        terminal.press("E", until="compared inside base64 ▸ gzip")
        save(terminal)

    expected = gzip.compress(USER.replace(b"Alice", b"Bob"), mtime=7)
    assert cache.get("user") == StoredValue(base64.b64encode(expected), "text/plain")
    assert (tmp_path / "name").read_text().rstrip().endswith("/user.json")


def test_bytes_come_as_hex_and_an_error_comes_back_on_top(tmp_path: Path, cache: Cache) -> None:
    cache.put("blob", bytes(range(128, 256)), "application/octet-stream")
    script = """head -1 "$1" >> seen
if grep -q "Not saved" "$1"; then sed -i "s/ zz / 00 /" "$1"; else sed -i "s/ 81 / zz /" "$1"; fi"""
    with browser(cache, tmp_path, script) as terminal:
        terminal.wait_for("my-cache")
        terminal.press("\r", until="80 81 82")
        terminal.press("E", until="1 of 128 bytes differ")
        save(terminal)

    expected = StoredValue(b"\x80\0" + bytes(range(130, 256)), "application/octet-stream")
    assert cache.get("blob") == expected
    assert "# Not saved: line 3: zz is not bytes of two hex digits" in (
        (tmp_path / "seen").read_text()
    )
