"""However a run is ended, what was typed is kept, the terminal is put back, and nothing spins."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.server import running_server
from tests.support.terminal import Terminal
from tests.support.typist import Desk, type_into_editor

RESET = {b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?2004l"}
"""Back to the shell's screen, the cursor shown, no mouse, no marked pastes."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running_server() as server:
        desk = Desk(server, tmp_path)
        desk.put("k", b"base")
        yield desk


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_ends_it_with_the_terminal_put_back_and_the_draft_kept(
    desk: Desk, number: signal.Signals, status: int
) -> None:
    with desk.program() as terminal:
        type_into_editor(terminal, "typed ")
        terminal.send(number)

        assert terminal.end() == status
        assert not terminal.is_raw
        last = terminal.output.rpartition(b"\x1b[?1049h")[2]
        assert {mode for mode in RESET if mode in last} == RESET

    assert [draft.text for draft in desk.drafts()] == ["typed base"]
    assert desk.content("k") == b"base"


def close(terminal: Terminal) -> None:
    terminal.hang_up()


def stall_and_close(terminal: Terminal) -> None:
    """Let output pile up unread before the connection drops."""
    for _ in range(40):
        terminal.resize(100, 23)
        terminal.type("\x0c")
        terminal.resize(100, 24)
    terminal.hang_up()


@pytest.mark.parametrize("drop", [close, stall_and_close])
@pytest.mark.parametrize("is_hangup_ignored", [False, True])
def test_a_terminal_that_is_gone_ends_it_soon_with_the_draft_kept(
    desk: Desk, drop: Callable[[Terminal], None], is_hangup_ignored: bool
) -> None:
    with desk.program(is_hangup_ignored=is_hangup_ignored) as terminal:
        type_into_editor(terminal, "typed ")
        drop(terminal)

        assert terminal.ended() == 129

    assert [draft.text for draft in desk.drafts()] == ["typed base"]


def test_stopped_and_continued_it_goes_on(desk: Desk) -> None:
    with desk.program() as terminal:
        type_into_editor(terminal, "typed ")
        terminal.send(signal.SIGTSTP)
        terminal.wait_for(lambda: terminal.is_stopped)
        terminal.send(signal.SIGCONT)
        terminal.wait_for(lambda: terminal.is_raw)
        terminal.type("more ")
        terminal.wait_for("typed more base")
        terminal.send(signal.SIGTERM)

        assert terminal.end() == 143

    assert [draft.text for draft in desk.drafts()] == ["typed more base"]
