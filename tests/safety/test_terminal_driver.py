"""The driver on a real pseudo-terminal: what it asks for, what it leaves, how soon it goes."""

import re
import sys
import time
from pathlib import Path

import pytest

from tests.support.terminal import Terminal

PROGRAM = """
from textual.widgets import Input, Static
from kvtui.ui.terminal.display import CellDisplay

class Probe(CellDisplay):
    BINDINGS = [("ctrl+q", "quit", ""), ("f2", "hostile", ""), ("f3", "copy", "")]

    def compose(self):
        yield Static("hello", markup=False)
        yield Input()

    def action_hostile(self):
        self.query_one(Static).update("bad \\x1b]0;title\\x07\\x1b]52;c;AAAA\\x07 \\x9b31m end")

    def action_copy(self):
        self.copy_to_clipboard("k")

app = Probe()
app.wants_cells = WANTS_CELLS
app.run()
print("left")
"""
MODES = re.compile(rb"\x1b\[\?(\d+)([hl])")
F2, F3 = "\x1bOQ", "\x1bOR"


@pytest.fixture(params=[True, False], ids=["cells", "stock"])
def probe(request: pytest.FixtureRequest, tmp_path: Path) -> Terminal:
    program = tmp_path / "probe.py"
    program.write_text(PROGRAM.replace("WANTS_CELLS", str(request.param)))
    return _start(program, tmp_path)


def test_every_mode_that_is_set_is_reset_and_motion_is_not_asked_for(probe: Terminal) -> None:
    with probe as terminal:
        terminal.wait_for("hello")
        terminal.type("\x11")
        assert terminal.end() == 0
        state = dict(MODES.findall(terminal.output))
        assert b"1003" not in state
        assert b"1002" in state
        assert {mode for mode, switch in state.items() if switch == b"h"} == {b"7", b"25"}


def test_the_program_is_gone_soon_after_it_quits(probe: Terminal) -> None:
    with probe as terminal:
        terminal.wait_for("hello")
        start = time.monotonic()
        terminal.type("\x11")
        terminal.wait_for("left")
        assert time.monotonic() - start < 1.0


def test_hostile_text_sets_no_title_and_no_clipboard(probe: Terminal) -> None:
    with probe as terminal:
        terminal.wait_for("hello")
        terminal.type(F2)
        terminal.wait_for("end")
        terminal.type("\x11")
        terminal.end()
        assert b"\x1b]0;" not in terminal.output
        assert b"\x1b]52" not in terminal.output
        assert "\x9b".encode() not in terminal.output


def test_a_copy_reaches_the_clipboard(probe: Terminal) -> None:
    with probe as terminal:
        terminal.wait_for("hello")
        terminal.type(F3)
        terminal.wait_for(lambda: b"\x1b]52;c;aw==\x07" in terminal.output)


def test_typing_sends_little(tmp_path: Path) -> None:
    program = tmp_path / "probe.py"
    program.write_text(PROGRAM.replace("WANTS_CELLS", "True"))
    with _start(program, tmp_path) as terminal:
        terminal.wait_for("hello")
        terminal.type("\tx")
        terminal.wait_for("x")
        before = len(terminal.output)
        terminal.type("yz")
        terminal.wait_for("xyz")
        assert len(terminal.output) - before < 300


def test_what_a_resize_leaves_behind_is_painted_over(tmp_path: Path) -> None:
    program = tmp_path / "probe.py"
    program.write_text(PROGRAM.replace("WANTS_CELLS", "True"))
    with _start(program, tmp_path) as terminal:
        terminal.wait_for("hello")
        before = len(terminal.output)
        terminal.resize(40, 10)
        terminal.wait_for(lambda: len(terminal.output) > before + 200)
        terminal.wait_for("hello")


def test_the_escape_key_is_told_from_a_sequence(tmp_path: Path) -> None:
    program = tmp_path / "escape.py"
    program.write_text(
        PROGRAM.replace("WANTS_CELLS", "True").replace('"ctrl+q", "quit"', '"escape", "quit"')
    )
    with _start(program, tmp_path) as terminal:
        terminal.wait_for("hello")
        terminal.type("\x1b")
        terminal.wait_for("left")


def _start(program: Path, folder: Path) -> Terminal:
    root = Path(__file__).parents[2]
    environ = {"COLORTERM": "truecolor", "PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"}
    return Terminal(sys.executable, program, environ=environ, folder=folder)
