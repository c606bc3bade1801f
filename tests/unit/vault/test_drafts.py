"""Drafts on the disk: whole or not at all, private, and left alone while their run lives."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvtui.errors import VaultError
from kvtui.records import StoredValue
from kvtui.vault.draft_keeper import DraftKeeper
from kvtui.vault.drafts import Draft, Drafts, Form
from kvtui.vault.journal_row import Place

PLACE = Place("prod", "api.test", "ns-id", "my-cache", "user/1")
OTHER = Place("prod", "api.test", "ns-id", "my-cache", "user/2")
BASE = StoredValue(b"base\n\x00", "application/json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kvtui" / "drafts"


def left(folder: Path) -> list[Draft]:
    later = Drafts(folder)
    found = [item.draft for item in later.left_behind("prod", "api.test")]
    later.close()
    return found


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@given(
    text=st.text(st.characters(exclude_categories=()), max_size=300),
    base=st.none() | st.builds(StoredValue, st.binary(max_size=300), st.none() | st.text()),
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_and_base_come_back(folder: Path, text: str, base: StoredValue | None) -> None:
    drafts = Drafts(folder)
    drafts.write(Draft(PLACE, base, text.encode(errors="surrogatepass")))
    drafts.close()

    (draft,) = left(folder)
    for path in folder.iterdir():
        path.unlink()

    assert (draft.text, draft.base, draft.place, draft.form) == (text, base, PLACE, Form.TEXT)


def test_a_draft_replaces_the_one_before_and_nobody_else_can_read_it(folder: Path) -> None:
    drafts = Drafts(folder)
    drafts.write(Draft(PLACE, BASE, b"one"))
    drafts.write(Draft(PLACE, BASE, b"two"))
    drafts.write(Draft(OTHER, None, b"new"))

    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    drafts.close()

    assert modes == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(draft.content for draft in left(folder)) == [b"new", b"two"]


def test_the_drafts_of_a_living_run_are_its_own(folder: Path) -> None:
    drafts = Drafts(folder)
    drafts.write(Draft(PLACE, BASE, b"one"))
    assert left(folder) == []

    drafts.close()
    assert len(left(folder)) == 1


def test_a_file_that_is_not_whole_is_passed_over(folder: Path) -> None:
    drafts = Drafts(folder)
    drafts.write(Draft(PLACE, BASE, b"one"))
    drafts.close()
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    (folder / "ffff-0.draft").write_bytes(b"{}\n")
    (folder / "fffe-0.draft").write_bytes(b"\xff\x00")

    assert left(folder) == []


def test_what_cannot_be_written_is_told_and_the_old_draft_stays(folder: Path) -> None:
    drafts = Drafts(folder)
    drafts.write(Draft(PLACE, BASE, b"one"))
    (path,) = folder.iterdir()
    content = path.read_bytes()
    path.unlink()
    path.symlink_to(folder / "elsewhere")

    with pytest.raises(VaultError):
        drafts.write(Draft(PLACE, BASE, b"two"))
    assert b"one" in content
    assert not (folder / "elsewhere").exists()


def test_a_change_is_on_the_disk_soon_after_it_was_noted(folder: Path) -> None:
    keeper = DraftKeeper(Drafts(folder))
    began = time.monotonic()
    for number in range(3):
        keeper.note(PLACE, partial(Draft, PLACE, BASE, f"typed {number}".encode()))
    until(lambda: folder.is_dir() and any(folder.glob("*.draft")))
    took = time.monotonic() - began
    keeper.close()

    assert took >= 0.5
    assert [draft.content for draft in left(folder)] == [b"typed 2"]


def test_typing_without_rest_does_not_put_the_draft_off_for_ever(folder: Path) -> None:
    keeper = DraftKeeper(Drafts(folder))
    began = time.monotonic()

    def type_on() -> bool:
        keeper.note(PLACE, lambda: Draft(PLACE, BASE, b"typed"))
        return folder.is_dir() and any(folder.glob("*.draft"))

    until(type_on)
    took = time.monotonic() - began
    keeper.close()

    assert 1.9 < took < 10


def test_what_was_discarded_does_not_come_back(folder: Path) -> None:
    keeper = DraftKeeper(Drafts(folder))
    keeper.note(PLACE, lambda: Draft(PLACE, BASE, b"one"))
    keeper.flush()
    keeper.note(PLACE, lambda: Draft(PLACE, BASE, b"two"))
    keeper.discard(PLACE)
    keeper.close()

    assert left(folder) == []


def test_a_problem_is_kept_until_a_draft_can_be_written_again(tmp_path: Path) -> None:
    (tmp_path / "kvtui").write_text("in the way")
    keeper = DraftKeeper(Drafts(tmp_path / "kvtui" / "drafts"))
    keeper.note(PLACE, lambda: Draft(PLACE, BASE, b"one"))
    keeper.flush()
    assert keeper.problem

    (tmp_path / "kvtui").unlink()
    keeper.note(PLACE, lambda: Draft(PLACE, BASE, b"one"))
    keeper.flush()
    assert not keeper.problem
    keeper.close()


_TYPIST = """
import itertools, sys
from pathlib import Path
from kvtui.records import StoredValue
from kvtui.vault.drafts import Draft, Drafts
from kvtui.vault.journal_row import Place

drafts = Drafts(Path(sys.argv[1]))
place = Place("prod", "api.test", "ns-id", "my-cache", "user/1")
for number in itertools.count():
    drafts.write(Draft(place, StoredValue(b"base"), b"%d" % number * 20_000))
    print(number, flush=True)
"""


@pytest.mark.parametrize("writes", [1, 3, 7, 12])
def test_kill_9_leaves_the_last_draft_whole(folder: Path, writes: int) -> None:
    typist = subprocess.Popen(
        [sys.executable, "-c", _TYPIST, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert typist.stdout is not None
    for _ in range(writes):
        typist.stdout.readline()
    os.kill(typist.pid, signal.SIGKILL)
    rest, _ = typist.communicate(timeout=20)
    last = max([writes - 1, *(int(line) for line in rest.split())])

    (draft,) = left(folder)

    assert not list(folder.glob(".*"))
    assert draft.base == StoredValue(b"base")
    assert draft.content in {b"%d" % number * 20_000 for number in (last, last + 1)}


@pytest.mark.parametrize("depth", [b'"deep"', b"[" * 5_000])
def test_a_head_that_makes_no_sense_is_no_draft(folder: Path, depth: bytes) -> None:
    drafts = Drafts(folder)
    drafts.write(Draft(PLACE, BASE, b"typed"))
    drafts.close()
    [path] = folder.iterdir()
    damaged = path.read_bytes().replace(b'"depth": null', b'"depth": ' + depth)
    assert damaged != path.read_bytes()
    path.write_bytes(damaged)

    assert left(folder) == []
