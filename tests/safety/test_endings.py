"""However a run is ended, what was typed is kept, the terminal is put back, and nothing spins."""

import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.dose import Dose
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


SIGNALS = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
MOST_SECONDS = 5.0
MOST_SECONDS_STALLED = 10.0


def end_by_signal(desk: Desk, number: signal.Signals) -> None:
    with desk.program() as terminal:
        type_into_editor(terminal, "typed ")
        sent_at = time.monotonic()
        terminal.send(number)

        assert terminal.end() == SIGNALS[number]
        assert time.monotonic() - sent_at < MOST_SECONDS
        assert not terminal.is_raw
        last = terminal.output.rpartition(b"\x1b[?1049h")[2]
        assert {mode for mode in RESET if mode in last} == RESET

    assert [draft.text for draft in desk.drafts()] == ["typed base"]
    assert desk.content("k") == b"base"


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it_with_the_terminal_put_back_and_the_draft_kept(
    desk: Desk, number: signal.Signals
) -> None:
    end_by_signal(desk, number)


def close(terminal: Terminal) -> None:
    terminal.hang_up()


def stall_and_close(terminal: Terminal) -> None:
    """Let output pile up unread before the connection drops."""
    for _ in range(40):
        terminal.resize(100, 23)
        terminal.type("\x0c")
        terminal.resize(100, 24)
    terminal.hang_up()


def end_by_drop(desk: Desk, drop: Callable[[Terminal], None], *, is_hangup_ignored: bool) -> None:
    with desk.program(is_hangup_ignored=is_hangup_ignored) as terminal:
        type_into_editor(terminal, "typed ")
        drop(terminal)
        dropped_at = time.monotonic()

        assert terminal.ended() == 129
        most = MOST_SECONDS if drop is close else MOST_SECONDS_STALLED
        assert time.monotonic() - dropped_at < most

    assert [draft.text for draft in desk.drafts()] == ["typed base"]


@pytest.mark.parametrize("drop", [close, stall_and_close])
@pytest.mark.parametrize("is_hangup_ignored", [False, True])
def test_a_terminal_that_is_gone_ends_it_soon_with_the_draft_kept(
    desk: Desk, drop: Callable[[Terminal], None], is_hangup_ignored: bool
) -> None:
    end_by_drop(desk, drop, is_hangup_ignored=is_hangup_ignored)


def stop_and_continue(desk: Desk) -> None:
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


def test_stopped_and_continued_it_goes_on(desk: Desk) -> None:
    stop_and_continue(desk)


ENDINGS: dict[str, Callable[[Desk], None]] = {
    **{number.name: partial(end_by_signal, number=number) for number in SIGNALS},
    "SIGTSTP": stop_and_continue,
    "close": partial(end_by_drop, drop=close, is_hangup_ignored=False),
    "stall": partial(end_by_drop, drop=stall_and_close, is_hangup_ignored=False),
    "nohup-close": partial(end_by_drop, drop=close, is_hangup_ignored=True),
    "nohup-stall": partial(end_by_drop, drop=stall_and_close, is_hangup_ignored=True),
}


@pytest.mark.full
@pytest.mark.timeout(0)
def test_fifty_of_each_ending_lose_no_draft(desk: Desk) -> None:
    ways = list(ENDINGS)
    dose = Dose("endings", 50 * len(ways))
    for number in dose.rounds_left():
        way = ways[number % len(ways)]
        desk.put("k", b"base")
        ENDINGS[way](desk)
        desk.forget_drafts()
        dose.add(**{way: 1})
    assert sum(dose.totals[way] for way in ways) == dose.totals["rounds"]
