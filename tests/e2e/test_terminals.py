"""The browser in terminals that can do less than most."""

import re
import shutil
import signal
from pathlib import Path

import pytest

from tests.support.installed import COMMAND, environ
from tests.support.terminal import Terminal

TRUECOLOR = re.compile(rb"[34]8;2;")
COLOUR = re.compile(rb"\x1b\[(?:\d*;)*(?:3[0-8]|4[0-8]|9\d|10\d)(?:;\d*)*m")
REVERSE = re.compile(rb"\x1b\[(?:\d*;)*7(?:;\d*)*m")
QUIET_SECONDS = 0.4
CLEARED = b"\x1b[0m\x1b[2J"
ANY_MOTION = b"\x1b[?1003h"
ASK_KIND = b"\x1b[>c"
MOUSE_ON, MOUSE_OFF = b"\x1b[?1000h", b"\x1b[?1000l"
PLAIN: dict[str, str] = {"COLORTERM": "", "NO_COLOR": ""}
TERMINALS: dict[str, dict[str, str]] = {
    "linux": {**PLAIN, "TERM": "linux"},
    "screen": {"TERM": "screen", "STY": "1.tty", "COLORTERM": "truecolor"},
    "xterm": {**PLAIN, "TERM": "xterm"},
    "without colours": {**PLAIN, "TERM": "xterm-256color", "NO_COLOR": "1"},
}


@pytest.mark.parametrize("name", TERMINALS)
def test_keys_and_dialogs_can_be_read_and_nothing_is_left_over(tmp_path: Path, name: str) -> None:
    with _demo(tmp_path, **TERMINALS[name]) as terminal:
        before = _keys(terminal)
        terminal.type("?")
        terminal.wait_for("Anywhere")
        terminal.type("\x1b")
        terminal.wait_for(lambda: _keys(terminal) == before)
        terminal.type("q")
        assert terminal.end() == 0
        assert not terminal.is_raw
        assert ANY_MOTION not in terminal.output
        assert not TRUECOLOR.search(terminal.output)
        assert (MOUSE_ON in terminal.output) is (name != "screen")


def test_nothing_stays_where_there_is_no_second_screen(tmp_path: Path) -> None:
    """The emulator has none, as GNU screen by itself and the Linux console have none."""
    with _demo(tmp_path) as terminal:
        terminal.type("\x1a")
        terminal.wait_for(lambda: terminal.is_stopped)
        assert not any(terminal.lines[1:])
        terminal.send(signal.SIGCONT)
        terminal.wait_for("all listed")
        terminal.type("q")
        assert terminal.end() == 0
        assert not any(terminal.lines[1:])


@pytest.mark.skipif(shutil.which("screen") is None, reason="GNU screen is not installed")
def test_one_escape_is_enough_in_screen(tmp_path: Path) -> None:
    sockets = tmp_path / "screens"
    sockets.mkdir(mode=0o700)
    inside = ("screen", "-U", "-c", "/dev/null", COMMAND, "demo")
    with Terminal(
        *("/usr/bin/env", *inside), environ=environ(SCREENDIR=str(sockets)), folder=tmp_path
    ) as terminal:
        terminal.wait_for("all listed")
        terminal.press("D", until="Delete key")
        terminal.type("\x1b")
        terminal.wait_for(lambda: not any("Delete key" in line for line in terminal.lines))
        terminal.type("q")
        assert terminal.end() == 0


def test_the_mouse_can_be_left_to_the_terminal_and_taken_back(tmp_path: Path) -> None:
    with _demo(tmp_path) as terminal:
        for told, mode in (("left to the terminal", MOUSE_OFF), ("used here", MOUSE_ON)):
            terminal.take()
            terminal.type(":")
            terminal.wait_for("Search for commands")
            terminal.type("leave it to")
            terminal.wait_for("Use the mouse here, or leave it to the terminal")
            terminal.type("\r")
            terminal.wait_for(f"The mouse is {told}")
            assert mode in terminal.output


def test_the_mouse_is_used_at_the_end_of_ssh_where_the_terminal_says_that_it_is_tmux(
    tmp_path: Path,
) -> None:
    with _demo(tmp_path, TERM="screen-256color") as terminal:
        assert ASK_KIND in terminal.output
        assert MOUSE_ON not in terminal.output
        before = terminal.lines
        terminal.type("\x1b[>84;0;0c")
        terminal.wait_for(lambda: MOUSE_ON in terminal.output)
        terminal.rest(QUIET_SECONDS)
        assert terminal.lines == before
        terminal.type("q")
        assert terminal.end() == 0
        assert MOUSE_OFF in terminal.output


def test_an_answer_at_the_end_leaves_the_mouse_to_the_shell(tmp_path: Path) -> None:
    with _demo(tmp_path, TERM="screen-256color") as terminal:
        terminal.type("\x1a\x1b[>84;0;0c")
        terminal.wait_for(lambda: terminal.is_stopped)
        assert terminal.output.rfind(MOUSE_ON) <= terminal.output.rfind(MOUSE_OFF)
        terminal.take()
        terminal.send(signal.SIGCONT)
        terminal.wait_for("all listed")
        terminal.type("\x1b[>84;0;0cq")
        assert terminal.end() == 0
        assert terminal.output.rfind(MOUSE_ON) <= terminal.output.rfind(MOUSE_OFF)


def test_the_mouse_is_left_to_screen_at_the_end_of_ssh(tmp_path: Path) -> None:
    with _demo(tmp_path, TERM="screen-256color") as terminal:
        terminal.type("\x1b[>83;40900;0cD")
        terminal.wait_for("Delete key")
        terminal.type("\x1b")
        terminal.wait_for(lambda: not any("Delete key" in line for line in terminal.lines))
        terminal.type("q")
        assert terminal.end() == 0
        assert MOUSE_ON not in terminal.output


def test_who_asks_for_no_colour_gets_none_and_still_sees_the_cursor(tmp_path: Path) -> None:
    with _demo(tmp_path, **TERMINALS["without colours"]) as terminal:
        assert REVERSE.search(terminal.output)
        terminal.type("3")
        terminal.type("q")
        assert terminal.end() == 0
        assert not COLOUR.search(terminal.output)


@pytest.mark.parametrize(
    "variables", [{"PYTHONIOENCODING": "latin-1"}, {"LANG": "C"}, {"LC_ALL": "C"}], ids=str
)
def test_an_output_that_is_not_utf_8_gets_ascii_and_says_so(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    with _started(tmp_path, TERM="xterm", **variables) as terminal:
        terminal.wait_for("The output encoding is")
        terminal.wait_for("reports/")
        terminal.type("q")
        assert terminal.end() == 0
        assert terminal.output.isascii()


@pytest.mark.parametrize("size", [(40, 10), (200, 50)], ids=str)
def test_what_does_not_fit_is_cut_and_nothing_is_left_over_when_it_does(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with _demo(tmp_path, TERM="xterm-256color") as terminal:
        before = _keys(terminal)
        terminal.resize(*size)
        terminal.wait_for(lambda: terminal.lines[-2].startswith("╰"))
        terminal.resize(80, 24)
        terminal.wait_for(lambda: _keys(terminal) == before)


def _demo(folder: Path, **variables: str) -> Terminal:
    """Begin the demo, and wait until all it begins with has been drawn."""
    terminal = _started(folder, **variables)
    terminal.wait_for("─ all listed · 7 requests ─")
    terminal.rest(QUIET_SECONDS)
    return terminal


def _started(folder: Path, **variables: str) -> Terminal:
    return Terminal(COMMAND, "demo", environ=environ(**variables), folder=folder)


def _keys(terminal: Terminal) -> list[str]:
    """Give the pane of keys, without what a notice may cover."""
    return [line[:40] for line in terminal.lines[1:-1]]


def test_a_notice_hides_neither_the_counts_in_the_frame_nor_the_hints(tmp_path: Path) -> None:
    with _demo(tmp_path, TERM="xterm-256color") as terminal:
        before = terminal.lines[-2:]
        terminal.type("u")
        terminal.wait_for("Nothing was written")
        assert terminal.lines[-2:] == before


def test_the_screen_is_drawn_again_whatever_is_open(tmp_path: Path) -> None:
    with _demo(tmp_path) as terminal:
        for opening in ["", "D", "e", "b", "?", "@", ":", "o", "i"]:
            terminal.type(opening)
            terminal.rest(QUIET_SECONDS)
            terminal.take()
            terminal.type("\x0c")
            terminal.wait_for(lambda: CLEARED in terminal.output)
            terminal.type("\x1b")
            terminal.rest(QUIET_SECONDS)
