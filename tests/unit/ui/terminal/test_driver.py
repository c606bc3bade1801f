"""What comes from a terminal."""

import os
from pathlib import Path

from kvtui.ui.terminal.driver import taken


def test_what_was_typed_is_taken() -> None:
    terminal, slave = os.openpty()
    os.write(terminal, b"j\n")
    assert taken(slave) == b"j\n"
    os.close(terminal)
    assert taken(slave) == b""
    os.close(slave)


def test_a_terminal_that_cannot_be_read_is_gone(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "file", os.O_CREAT | os.O_WRONLY)
    assert taken(descriptor) == b""
    os.close(descriptor)
