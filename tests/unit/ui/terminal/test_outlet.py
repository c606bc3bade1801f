"""What is written to the terminal goes out at once, whole and in its order."""

import os
import pty
import tty
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import TextIO

import pytest

from kvtui.ui.terminal.outlet import Outlet

LONG = "é⟨x⟩" * 100_000


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """Give the side that reads, and the file that a program would write to."""
    reader, writer = pty.openpty()
    tty.setraw(writer)
    with os.fdopen(writer, "w", encoding="utf-8") as file:
        yield reader, file
    os.close(reader)


def opened(file: TextIO) -> Outlet:
    outlet = Outlet(file, lambda: None)
    outlet.open()
    return outlet


def read_to(reader: int, end: bytes) -> str:
    content = b""
    while not content.endswith(end):
        content += os.read(reader, 65_536)
    return content.decode()


def test_a_terminal_gets_a_frame_without_any_thread(terminal: tuple[int, TextIO]) -> None:
    reader, file = terminal
    outlet = opened(file)
    assert outlet.offer("a frame") is None
    assert outlet.is_drained
    assert read_to(reader, b"frame") == "a frame"
    outlet.close()


def test_what_the_line_does_not_take_at_once_follows_before_anything_else(
    terminal: tuple[int, TextIO],
) -> None:
    reader, file = terminal
    outlet = opened(file)
    rest = outlet.offer(LONG)
    assert rest == ""
    outlet.announce()
    assert outlet.offer("later") == "later"
    outlet.announce()
    writing = Thread(target=lambda: [outlet.write(text) for text in (rest, "later")])
    writing.start()
    assert read_to(reader, b"later") == f"{LONG}later"
    writing.join()
    assert outlet.is_drained
    outlet.close()


def test_a_file_is_left_to_the_thread(tmp_path: Path) -> None:
    with (tmp_path / "frames").open("w", encoding="utf-8") as file:
        outlet = opened(file)
        assert outlet.offer("a frame") == "a frame"
        outlet.close()


def test_nothing_is_written_without_waiting_once_it_is_closed(
    terminal: tuple[int, TextIO],
) -> None:
    _, file = terminal
    outlet = opened(file)
    outlet.close()
    assert outlet.offer("a frame") == "a frame"


def test_the_file_of_whoever_started_this_keeps_its_ways(terminal: tuple[int, TextIO]) -> None:
    _, file = terminal
    outlet = opened(file)
    assert os.get_blocking(file.fileno())
    outlet.close()
