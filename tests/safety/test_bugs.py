"""Bugs end the program with the terminal restored, and tell nothing of the data."""

import stat
import subprocess
import sys
from pathlib import Path

from tests.support.installed import environ
from tests.support.terminal import Terminal

CANARY = "KEYcanary_that_nobody_may_see"
APP = f"""
import sys
from pathlib import Path
from kvtui.cli.last_resort import take_precautions
from kvtui.launch.browsing import run_app
from kvtui.settings import Interface
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening

async def connect():
    secret = "{CANARY}"
    raise RuntimeError(f"a bug with {{secret}}")

take_precautions(Path(sys.argv[1]))
app = KvtuiApp(Opening(connect, connect, profile="test", host="nowhere"))
sys.exit(run_app(app, Interface(), lambda: None))
"""
THREAD = f"""
import sys, threading
from pathlib import Path
from kvtui.cli.last_resort import take_precautions

def work():
    secret = "{CANARY}"
    raise KeyError(secret)

take_precautions(Path(sys.argv[1]))
thread = threading.Thread(target=work)
thread.start()
thread.join()
try:
    raise ValueError("{CANARY}")
except ValueError as error:
    raise ExceptionGroup("{CANARY}", [KeyError("{CANARY}"), error]) from error
"""


def the_report(folder: Path) -> str:
    [path] = (folder / "reports").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    return path.read_text()


def test_a_bug_in_the_app_restores_the_terminal_and_leaves_a_report_without_data(
    tmp_path: Path,
) -> None:
    with Terminal(
        sys.executable, "-c", APP, tmp_path, environ=environ(), folder=tmp_path, columns=120
    ) as terminal:
        assert terminal.end() == 1
        shown = "\n".join(terminal.lines)

    report = the_report(tmp_path)
    assert "RuntimeError" in report
    assert "in connect" in report
    assert "a bug ended this (" in shown
    assert str(tmp_path / "reports")[:60] in shown.replace("\n", "")
    assert terminal.output.rindex(b"\x1b[?1049l") > terminal.output.rindex(b"\x1b[?1049h")
    assert CANARY.encode() not in terminal.output
    assert CANARY not in report


def test_neither_threads_nor_groups_nor_causes_tell_of_the_data(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", THREAD, tmp_path],
        capture_output=True,
        text=True,
        env=environ(),
        timeout=60,
        check=False,
    )
    reports = [path.read_text() for path in (tmp_path / "reports").iterdir()]
    assert ended.returncode == 1
    assert len(reports) == 2
    assert "ExceptionGroup" in "".join(reports)
    assert not [text for text in (ended.stdout, ended.stderr, *reports) if CANARY in text]


def test_where_no_report_can_be_kept_it_is_put_out_without_data(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    ended = subprocess.run(
        [sys.executable, "-c", THREAD, nowhere],
        capture_output=True,
        text=True,
        env=environ(),
        timeout=60,
        check=False,
    )
    assert "in <module>" in ended.stderr
    assert CANARY not in ended.stderr.replace(f'"{CANARY}"', "")


def test_no_core_is_dumped(tmp_path: Path) -> None:
    program = (
        "import resource, sys; from pathlib import Path;"
        " from kvtui.cli.last_resort import take_precautions; take_precautions(Path(sys.argv[1]));"
        " print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "(0, 0)"
