"""The program itself, killed while it saves, deletes and is typed into: nothing is lost."""

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kvtui.server.options import ServerOptions
from kvtui.vault.journal_row import RowState
from tests.support.dose import Dose
from tests.support.server import running_server
from tests.support.terminal import PATIENCE_SECONDS
from tests.support.typist import (
    Desk,
    ask_to_delete,
    ask_to_save,
    kill,
    type_into_editor,
)

LATENCY_SECONDS = 0.04
BEFORE_SECONDS = 0.3
"""From the key to the write about as long: a look at the server, and the journal."""
INSIDE_SECONDS = 0.12
"""From the journal to the end of the write: the request, a look, the journal."""
TYPED_SECONDS = 2.0
"""A draft may be so much behind."""
SLOW = ServerOptions(provisioning_seconds=0, deleting_seconds=0, latency_seconds=LATENCY_SECONDS)


def kill_in_a_write(desk: Desk, number: int) -> "Counter[str]":
    """Begin a save or a deletion, kill the program somewhere in it, and count what is there."""
    random_moment = random.Random(number)
    key, old, typed = f"k{number:05}", f"value-{number}", f"new{number}-"
    desk.put(key, old.encode())
    is_deletion = number % 3 == 2
    with desk.program(prefix=key, shown=old) as terminal:
        until(lambda: all(row.is_settled for row, _ in desk.journal()))
        if is_deletion:
            ask_to_delete(terminal)
        else:
            type_into_editor(terminal, typed)
            ask_to_save(terminal)
        terminal.type("\r")
        if number % 4:
            until(lambda: is_begun(desk, key), every_seconds=0.002)
            threading.Event().wait(random_moment.uniform(0.0, INSIDE_SECONDS))
        else:
            threading.Event().wait(random_moment.uniform(0.0, BEFORE_SECONDS))
        kill(terminal)
    threading.Event().wait(3 * LATENCY_SECONDS)  # what was on its way arrives
    desk.forget_drafts()
    return count(desk, key, old.encode(), None if is_deletion else f"{typed}{old}".encode())


def count(desk: Desk, key: str, old: bytes, new: bytes | None) -> "Counter[str]":
    stored = desk.content(key)
    kept = [(row, value) for row, value in desk.journal() if row.place.key == key]
    is_kept = any(value is not None and value.content == old for _, value in kept)
    return Counter(
        applied=stored == new,
        strange=stored not in {old, new},
        lost=stored != old and not is_kept,
        inside=any(not row.is_settled for row, _ in kept),
        corrupt=not is_intact(desk.state_folder / "journal.sqlite3"),
    )


def wrongly_resolved(desk: Desk) -> int:
    """Let one more start find out what became of everything, and compare with what is stored."""
    desk.put("last", b"the last value")
    with desk.program(prefix="last", shown="the last value") as terminal:
        until(lambda: all(row.is_settled for row, _ in desk.journal()))
        kill(terminal)
    wrong = 0
    for row, old in desk.journal():
        stored = desk.content(row.place.key)
        expected = RowState.DONE if old is None or stored != old.content else RowState.FAILED
        wrong += row.state is not expected
    return wrong


def is_intact(path: Path) -> bool:
    if not path.exists():
        return True
    connection = sqlite3.connect(path)
    try:
        found: tuple[str] = connection.execute("PRAGMA integrity_check").fetchone()
        return found == ("ok",)
    finally:
        connection.close()


def is_begun(desk: Desk, key: str) -> bool:
    """Tell whether the journal holds a write of the key: then its request may be on its way."""
    path = desk.state_folder / "journal.sqlite3"
    if not path.exists():
        return False
    connection = sqlite3.connect(path, timeout=5)
    try:
        found = connection.execute("SELECT 1 FROM told WHERE key = ?", (key,)).fetchone()
    except sqlite3.OperationalError:
        return False  # it is being made
    finally:
        connection.close()
    return found is not None


def until(is_so: Callable[[], bool], *, every_seconds: float = 0.05) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come"
        threading.Event().wait(every_seconds)


def test_kill_9_in_a_write_loses_nothing(tmp_path: Path) -> None:
    with running_server(SLOW) as server:
        desk = Desk(server, tmp_path)
        totals: Counter[str] = Counter()
        for number in range(3):
            totals.update(kill_in_a_write(desk, number))

        assert (totals["lost"], totals["corrupt"], totals["strange"]) == (0, 0, 0)
        assert wrongly_resolved(desk) == 0


@pytest.mark.full
@pytest.mark.timeout(0)
def test_a_thousand_kills_in_a_write_lose_nothing(tmp_path: Path) -> None:
    dose = Dose("kills-in-a-write", 1_000)
    with running_server(SLOW) as server:
        desk = Desk(server, tmp_path)
        for number in dose.rounds_left():
            dose.add(**kill_in_a_write(desk, number))
        dose.add_to_totals(wrongly_resolved=wrongly_resolved(desk))

    totals = dose.totals
    assert (totals["lost"], totals["corrupt"], totals["strange"]) == (0, 0, 0)
    assert totals["wrongly_resolved"] == 0


def kill_while_typing(desk: Desk, number: int) -> "Counter[str]":
    """Type on, kill somewhere, and count by how much the draft is behind."""
    random_moment = random.Random(number)
    key = f"k{number:05}"
    desk.put(key, b"value")
    with desk.program(prefix=key, shown="value") as terminal:
        type_into_editor(terminal, f"early{number} ")
        threading.Event().wait(TYPED_SECONDS + random_moment.uniform(0.3, 0.9))
        terminal.type("late")
        threading.Event().wait(random_moment.uniform(0.0, 0.8))
        kill(terminal)
    texts = [draft.text for draft in desk.drafts()]
    desk.forget_drafts()
    return Counter(
        whole=texts in ([f"early{number} value"], [f"early{number} latevalue"]),
        lost=not texts or not texts[0].startswith(f"early{number} "),
    )


@pytest.mark.parametrize("number", [1, 2])
def test_kill_9_while_typing_keeps_what_is_older_than_two_seconds(
    tmp_path: Path, number: int
) -> None:
    with running_server() as server:
        assert kill_while_typing(Desk(server, tmp_path), number) == Counter(whole=1, lost=0)


@pytest.mark.full
@pytest.mark.timeout(0)
def test_five_hundred_kills_while_typing_keep_what_is_older(tmp_path: Path) -> None:
    dose = Dose("kills-while-typing", 500)
    with running_server() as server:
        desk = Desk(server, tmp_path)
        for number in dose.rounds_left():
            dose.add(**kill_while_typing(desk, number))

    assert dose.totals["lost"] == 0
    assert dose.totals["whole"] == dose.totals["rounds"]
