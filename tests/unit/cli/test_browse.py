"""Where the browser is not started: one clear line, and never a hang."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.installed import environ

KVTUI = [sys.executable, "-m", "kvtui", "demo"]


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_without_a_terminal_one_line_says_so(tmp_path: Path, stream: str) -> None:
    status, said = _run(tmp_path, missing=stream, TERM="xterm")
    assert status == 2
    if stream != "stderr":
        assert said.count("\n") == 1
        assert "the browser needs a terminal" in said


def test_a_dumb_terminal_is_not_drawn_to(tmp_path: Path) -> None:
    status, said = _run(tmp_path, missing=None, TERM="dumb")
    assert status == 2
    assert said.strip() == "kvtui: the browser cannot draw with TERM=dumb: name the terminal there"


def _run(folder: Path, *, missing: str | None, **variables: str) -> tuple[int, str]:
    """Run on a pseudo-terminal but for one stream; give the status and what was said."""
    ours, theirs = pty.openpty()
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
    if missing is not None:
        streams[missing] = subprocess.DEVNULL
    ended = subprocess.run(
        KVTUI,
        stdin=streams["stdin"],
        stdout=streams["stdout"],
        stderr=streams["stderr"],
        check=False,
        cwd=folder,
        env=environ(**variables),
        timeout=30,
    )
    os.close(theirs)
    said = b""
    os.set_blocking(ours, False)
    try:
        while content := os.read(ours, 4096):
            said += content
    except OSError:
        pass
    os.close(ours)
    return ended.returncode, said.decode().replace("\r\n", "\n")
