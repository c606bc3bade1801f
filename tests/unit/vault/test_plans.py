import stat
from pathlib import Path

import pytest

from kvtui.errors import VaultError
from kvtui.records import KeyEntry
from kvtui.vault.plans import DeletionPlan, KeyState, PlanHead, Tally

HEAD = PlanHead("ns-id", "my-cache", "http://127.0.0.1/v2", "user/", "2026-11-23T10:11:12+00:00")
ENTRIES = [KeyEntry(f"user/{number}", number, f"2026-01-0{number}") for number in (1, 2, 3, 4)]


@pytest.fixture
def plan(tmp_path: Path) -> DeletionPlan:
    return DeletionPlan.create(tmp_path / "plans", HEAD, ENTRIES)


def test_a_plan_is_private_and_says_what_it_is_for(plan: DeletionPlan) -> None:
    assert stat.S_IMODE(plan.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(plan.path.parent.stat().st_mode) == 0o700
    assert (plan.head.namespace, plan.head.prefix, plan.head.key_count) == ("my-cache", "user/", 4)
    assert (len(plan), plan.size_bytes, plan.tally) == (4, 10, Tally(4))


def test_what_was_noted_is_there_when_it_is_opened_again(plan: DeletionPlan) -> None:
    plan.note("user/1", KeyState.STARTED)
    plan.note("user/1", KeyState.DONE)
    plan.note("user/2", KeyState.SKIPPED, "changed")
    plan.note("user/3", KeyState.FAILED, "no")
    plan.note("user/3", KeyState.UNKNOWN, "no answer")
    plan.close()

    again = DeletionPlan.open(plan.path)
    assert again.tally == Tally(4, done=1, skipped=1, failed=0, unknown=1)
    assert again.tally.left == 1
    assert [item.key for item in again.in_state(KeyState.PENDING)] == ["user/4"]
    assert [item.reason for item in again.in_state(KeyState.UNKNOWN)] == ["no answer"]
    again.close()


def test_a_last_line_that_was_cut_short_is_dropped_and_the_rest_goes_on(plan: DeletionPlan) -> None:
    plan.note("user/1", KeyState.DONE)
    plan.note("user/2", KeyState.DONE)
    plan.close()
    plan.path.write_bytes(plan.path.read_bytes()[:-9])

    again = DeletionPlan.open(plan.path)
    assert again.tally == Tally(4, done=1)
    again.note("user/2", KeyState.FAILED)
    again.close()
    third = DeletionPlan.open(plan.path)
    assert third.tally == Tally(4, done=1, failed=1)
    third.close()


def test_only_one_at_a_time_carries_out_a_plan(plan: DeletionPlan) -> None:
    with pytest.raises(VaultError, match="in use"):
        DeletionPlan.open(plan.path)
    plan.close()
    DeletionPlan.open(plan.path).close()


@pytest.mark.parametrize("content", [b"", b"hello\n", b'{"line":"key","key":"a"}\n', b"[1]\n"])
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.jsonl"
    path.write_bytes(content)
    with pytest.raises(VaultError):
        DeletionPlan.open(path)


def test_a_plan_that_lost_keys_is_refused(plan: DeletionPlan) -> None:
    plan.close()
    lines = plan.path.read_bytes().splitlines(keepends=True)
    plan.path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(VaultError, match="does not hold the keys"):
        DeletionPlan.open(plan.path)


def test_a_plan_stays_while_something_can_be_done(plan: DeletionPlan) -> None:
    for number in (1, 2, 3):
        plan.note(f"user/{number}", KeyState.DONE)
    plan.close()
    assert plan.path.exists()
    again = DeletionPlan.open(plan.path)
    again.note("user/4", KeyState.SKIPPED, "changed")
    again.close()
    assert not plan.path.exists()


def test_a_plan_that_nobody_wants_leaves_nothing(plan: DeletionPlan) -> None:
    plan.close(is_wanted=False)
    assert list(plan.path.parent.iterdir()) == []
