"""`kvtui rm --prefix` and `--resume`."""

import stat
from pathlib import Path

import pytest

from tests.support.command_line import Cache, Shell

FOLDER = [f"user/{number}" for number in range(30)]
SIBLINGS = ["user", "user-admin", "users/1", "use"]


@pytest.fixture
def full(cache: Cache) -> Cache:
    for key in [*FOLDER, *SIBLINGS]:
        cache.put(key, key.encode())
    return cache


def left(cache: Cache) -> list[str]:
    return [key for key in [*FOLDER, *SIBLINGS] if cache.get(key)]


def plans(folder: Path) -> list[Path]:
    return list((folder / "state" / "kvtui" / "plans").glob("*.jsonl"))


def test_a_folder_is_deleted_without_its_siblings(shell: Shell, full: Cache) -> None:
    result = shell.run("rm", "my-cache", "--prefix", "user/", "--yes")
    assert result.status == 0
    assert "30 done, 0 skipped, 0 failed, 0 unknown, 0 left of 30" in result.err
    assert left(full) == SIBLINGS


def test_a_prefix_that_would_match_siblings_is_refused(shell: Shell, full: Cache) -> None:
    result = shell.run("rm", "my-cache", "--prefix", "user", "--yes")
    assert result.status == 2
    assert "a folder ends with /" in result.err
    assert left(full) == [*FOLDER, *SIBLINGS]


def test_a_dry_run_deletes_nothing_and_its_list_can_be_carried_out(
    shell: Shell, full: Cache, tmp_path: Path
) -> None:
    dry = shell.run("rm", "my-cache", "--prefix", "user/", "--dry-run", "--json")
    assert dry.status == 0
    assert "30 keys (200 B) below user/" in dry.err
    assert [record["key"] for record in dry.records] == sorted(FOLDER)
    assert left(full) == [*FOLDER, *SIBLINGS]
    [plan] = plans(tmp_path)
    assert stat.S_IMODE(plan.stat().st_mode) == 0o600
    assert stat.S_IMODE(plan.parent.stat().st_mode) == 0o700
    full.put("user/new", b"came later")

    done = shell.run("rm", "my-cache", "--resume", str(plan), "--yes")
    assert done.status == 0
    assert left(full) == SIBLINGS
    assert full.get("user/new") is not None
    assert plans(tmp_path) == []


@pytest.mark.parametrize(
    ("answer", "is_deleted"), [("my-cache", True), ("", False), ("y", False), ("my-cach", False)]
)
def test_the_namespaces_name_must_be_typed(
    shell: Shell, full: Cache, answer: str, *, is_deleted: bool
) -> None:
    result = shell.run("rm", "my-cache", "--prefix", "user/", answers=(answer,))
    assert result.status == (0 if is_deleted else 1)
    assert left(full) == (SIBLINGS if is_deleted else [*FOLDER, *SIBLINGS])


def test_what_changed_after_it_was_listed_stays(shell: Shell, full: Cache, tmp_path: Path) -> None:
    shell.run("rm", "my-cache", "--prefix", "user/", "--dry-run")
    [plan] = plans(tmp_path)
    full.put("user/3", b"longer than before")
    full.put("user/4", b"USER/4")
    full.server.store.delete(full.state, "user/5")

    result = shell.run("rm", "my-cache", "--resume", str(plan), "--yes")
    assert result.status == 1
    assert "27 done, 3 skipped, 0 failed, 0 unknown, 0 left of 30" in result.err
    assert "user/3: skipped: changed" in result.err
    assert "user/4: skipped: changed" in result.err
    assert "user/5: skipped: gone already" in result.err
    assert left(full) == ["user/3", "user/4", *SIBLINGS]


def test_without_anybody_to_ask_nothing_is_deleted(shell: Shell, full: Cache) -> None:
    assert shell.run("rm", "my-cache", "--prefix", "user/").status == 2
    assert left(full) == [*FOLDER, *SIBLINGS]


def test_read_only_refuses_before_anything_is_listed(shell: Shell, full: Cache) -> None:
    result = shell.run("rm", "my-cache", "--prefix", "user/", "--yes", "--read-only")
    assert result.status == 3
    assert left(full) == [*FOLDER, *SIBLINGS]


def test_a_plan_is_for_one_namespace_only(shell: Shell, full: Cache, tmp_path: Path) -> None:
    full.server.namespace("other")
    shell.run("rm", "my-cache", "--prefix", "user/", "--dry-run")
    [plan] = plans(tmp_path)
    result = shell.run("rm", "other", "--resume", str(plan), "--yes")
    assert result.status == 2
    assert "is for my-cache" in result.err
    assert left(full) == [*FOLDER, *SIBLINGS]


@pytest.mark.parametrize(
    "argv", [(), ("k", "--prefix", "user/"), ("--prefix", "user/", "--retry"), ("k", "--retry")]
)
def test_what_is_meant_must_be_said_in_one_way(
    shell: Shell, full: Cache, argv: tuple[str, ...]
) -> None:
    assert shell.run("rm", "my-cache", *argv, "--yes").status == 2
    assert left(full) == [*FOLDER, *SIBLINGS]


def test_an_empty_folder_is_not_found(shell: Shell, full: Cache) -> None:
    result = shell.run("rm", "my-cache", "--prefix", "nothing/", "--yes")
    assert result.status == 1
    assert "there is no key below nothing/" in result.err
