"""The browser as people run it: the installed command, a terminal, a server on a socket."""

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.support.command_line import Cache
from tests.support.installed import COMMAND, environ, kvtui
from tests.support.server import TOKEN, running_server
from tests.support.terminal import Terminal

MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
CURSOR, AUTOMATIC_WRAP = 25, 7
"""The modes that a terminal is in when nobody changed any."""


def terminal(folder: Path, *argv: str, **variables: str) -> Terminal:
    return Terminal(COMMAND, *argv, environ=environ(**variables), folder=folder)


def modes_left_on(output: bytes) -> set[int]:
    """Give the private modes that are on when everything has been written."""
    states = {CURSOR: b"h", AUTOMATIC_WRAP: b"h"}
    for numbers, state in MODE.findall(output):
        states |= {int(number): state for number in numbers.split(b";")}
    return {number for number, state in states.items() if state == b"h"}


def quit_and_check(terminal: Terminal) -> None:
    """Quit with `q`: status 0, and the terminal as it was."""
    terminal.type("q")
    assert terminal.end() == 0
    assert modes_left_on(terminal.output) == {CURSOR, AUTOMATIC_WRAP}
    assert terminal.output.count(b"\x1b[>") == terminal.output.count(b"\x1b[<u")
    assert not terminal.is_raw
    assert b"Traceback" not in terminal.output


@pytest.fixture
def cache() -> Iterator[Cache]:
    with running_server() as server:
        yield Cache(server, server.namespace("my-cache"))


@pytest.fixture
def pointing(cache: Cache) -> dict[str, str]:
    return {"TELNYX_BASE_URL": cache.server.base_url, "TELNYX_API_KEY": TOKEN}


def test_the_demo_shows_keys_and_values_and_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    with terminal(tmp_path, "demo") as kvtui:
        kvtui.wait_for("reports/")
        kvtui.type("o")
        kvtui.wait_for("exact key")
        kvtui.type("user/1001/profile\r")
        kvtui.wait_for('"plan":')
        kvtui.wait_for("▾ 1001/")
        quit_and_check(kvtui)


def test_it_browses_the_server_that_the_environment_names(
    tmp_path: Path, cache: Cache, pointing: dict[str, str]
) -> None:
    cache.put("a/greeting", "grüße".encode(), "text/plain")
    with terminal(tmp_path, **pointing) as kvtui:
        kvtui.wait_for("my-cache")
        kvtui.type("\r")
        kvtui.wait_for("▸ a/")
        kvtui.press("l", until="▾ a/")
        kvtui.wait_for("greeting")
        kvtui.type("j")
        kvtui.wait_for("grüße")
        kvtui.resize(120, 30)
        kvtui.wait_for("Namespaces")
        assert TOKEN.encode() not in kvtui.output
        quit_and_check(kvtui)


def test_without_a_key_it_says_how_to_give_one(tmp_path: Path) -> None:
    with terminal(tmp_path) as kvtui:
        kvtui.wait_for("export TELNYX_API_KEY")
        quit_and_check(kvtui)


def test_a_wrong_key_is_said_in_a_banner(tmp_path: Path, cache: Cache) -> None:
    with terminal(
        tmp_path, TELNYX_BASE_URL=cache.server.base_url, TELNYX_API_KEY="KEYwrong"
    ) as kvtui:
        kvtui.wait_for("API key rejected")
        assert b"KEYwrong" not in kvtui.output
        quit_and_check(kvtui)


def test_a_port_where_nobody_listens_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with terminal(tmp_path, TELNYX_BASE_URL=base_url, TELNYX_API_KEY=TOKEN) as kvtui:
            kvtui.wait_for("nothing answers")
            kvtui.wait_for("r  tries again")
            quit_and_check(kvtui)


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = b"<!doctype html><title>Welcome to the router</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def web_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_server_that_answers_with_a_web_page_is_said_in_one_sentence(tmp_path: Path) -> None:
    with (
        web_server() as base_url,
        terminal(tmp_path, TELNYX_BASE_URL=base_url, TELNYX_API_KEY=TOKEN) as kvtui,
    ):
        kvtui.wait_for("a web page, not with the KV")
        kvtui.wait_for("r  tries again")
        quit_and_check(kvtui)


def stored(cache: Cache) -> bytes:
    value = cache.get("user")
    assert value is not None
    return value.content


def test_a_value_goes_through_the_editor_of_ones_choice_and_the_diff(
    tmp_path: Path, cache: Cache, pointing: dict[str, str]
) -> None:
    cache.put("user", b'{"age": 42}', "application/json")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "{\\"age\\": 43}" > "$1"\n')
    editor.chmod(0o755)
    with terminal(tmp_path, "--namespace", "my-cache", EDITOR=str(editor), **pointing) as kvtui:
        kvtui.wait_for('"age": 42')
        kvtui.type("E")
        kvtui.wait_for("PUT 11 B")
        assert stored(cache) == b'{"age": 42}'
        kvtui.press("\t", until="[Save]")
        kvtui.press("\r", until="user: saved")
        quit_and_check(kvtui)
    assert stored(cache) == b'{"age": 43}'


def test_a_screenshot_needs_no_terminal(tmp_path: Path) -> None:
    drawn = kvtui("demo", "--screenshot", "demo.svg", folder=tmp_path)
    assert (drawn.returncode, drawn.stdout, drawn.stderr) == (0, b"", b"")
    picture = (tmp_path / "demo.svg").read_text()
    assert picture.startswith("<svg")
    assert "my-cache" in picture


def test_a_screenshot_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    failed = kvtui("demo", "--screenshot", "missing/demo.svg", folder=tmp_path)
    assert failed.returncode == 1
    assert failed.stderr.startswith(b"kvtui: missing/demo.svg could not be written")
    assert failed.stderr.count(b"\n") == 1


def test_continued_after_a_stop_it_draws_everything_again(
    tmp_path: Path, cache: Cache, pointing: dict[str, str]
) -> None:
    cache.put("the-key", b"value")
    with terminal(tmp_path, "--namespace", "my-cache", **pointing) as kvtui:
        kvtui.wait_for("the-key")
        kvtui.wait_for("value")
        kvtui.type("\x1a")
        kvtui.wait_for(lambda: kvtui.is_stopped)
        before = len(kvtui.output)
        kvtui.send(signal.SIGCONT)
        shown = (b"the-key", b"Keys", b"my-cache", b"value")
        kvtui.wait_for(lambda: all(text in kvtui.output[before:] for text in shown))
        quit_and_check(kvtui)
