"""The process ends without taking itself apart, and without leaving anything undone."""

import subprocess
import sys

PROGRAM = """
import atexit, sys, tempfile, threading, time, weakref
from kvtui.cli.leaving import Leaving

class Kept:
    def __del__(self):
        print("taken apart")

leaving = Leaving()
kept, folder = Kept(), tempfile.TemporaryDirectory()
weakref.finalize(kept, print, "finalized")
atexit.register(print, "registered")
threading.Thread(target=lambda: (time.sleep(0.05), print("thread"))).start()
leaving.status = {status}
sys.exit(7)
"""


def left(status: int | None, *flags: str) -> tuple[list[str], int]:
    """Give what a program wrote until its end, and how it ended."""
    ended = subprocess.run(
        [sys.executable, *flags, "-c", PROGRAM.format(status=status)],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    return ended.stdout.splitlines(), ended.returncode


def test_what_is_to_be_done_at_the_end_is_done_and_written_out() -> None:
    assert left(5) == (["thread", "registered", "finalized"], 5)


def test_a_program_that_did_not_come_to_its_status_ends_as_usual() -> None:
    lines, status = left(None)
    assert set(lines) == {"thread", "registered", "finalized", "taken apart"}
    assert status == 7


def test_who_looks_for_what_was_not_closed_still_sees_it() -> None:
    lines, status = left(5, "-X", "dev")
    assert "taken apart" in lines
    assert status == 7
