"""What commands overwrite and delete can be listed, shown, put back and forgotten."""

from pathlib import Path

import pytest

from kvtui.cli.exit_status import ExitStatus
from kvtui.records import StoredValue
from tests.support.command_line import Cache, Shell
from tests.support.server import running_server

OLD = b'{"name":\xff "Alice"}\n'


@pytest.fixture
def number(cache: Cache, shell: Shell) -> str:
    """Give the number of a write that replaced OLD."""
    cache.put("k", OLD, "application/json")
    assert shell.run("put", "my-cache", "k", "--yes", stdin=b"new").status == ExitStatus.DONE
    (row,) = shell.run("journal", "list", "--json").records
    return str(row["number"])


def test_a_replaced_value_is_listed_and_shown_byte_for_byte(shell: Shell, number: str) -> None:
    (row,) = shell.run("journal", "list", "--json").records
    shown = shell.run("journal", "show", number)

    assert (row["key"], row["namespace"], row["operation"]) == ("k", "my-cache", "put")
    assert (row["old_size_bytes"], row["new_size_bytes"], row["state"]) == (len(OLD), 3, "done")
    assert (shown.status, shown.out) == (ExitStatus.DONE, OLD)


def test_binary_is_not_put_on_a_terminal(shell: Shell, number: str) -> None:
    shown = shell.run("journal", "show", number, is_output_terminal=True)

    assert shown.status == ExitStatus.USAGE
    assert "--force" in shown.err


def test_a_restore_puts_bytes_and_type_back_and_can_itself_be_undone(
    cache: Cache, shell: Shell, number: str
) -> None:
    restored = shell.run("journal", "restore", number, "--yes")
    assert restored.status == ExitStatus.DONE
    assert cache.get("k") == StoredValue(OLD, "application/json")

    newest, _ = shell.run("journal", "list", "--json").records
    assert shell.run("journal", "restore", str(newest["number"]), "--yes").status == 0
    value = cache.get("k")
    assert value is not None
    assert value.content == b"new"


def test_a_deleted_key_comes_back(cache: Cache, shell: Shell) -> None:
    cache.put("k", OLD, "application/json")
    shell.run("rm", "my-cache", "k", "--yes")
    assert cache.get("k") is None

    (row,) = shell.run("journal", "list", "--json").records
    shell.run("journal", "restore", str(row["number"]), "--yes")

    assert cache.get("k") == StoredValue(OLD, "application/json")


def test_undoing_a_creation_deletes(cache: Cache, shell: Shell) -> None:
    shell.run("put", "my-cache", "k", stdin=b"first")
    (row,) = shell.run("journal", "list", "--json").records
    assert row["old_size_bytes"] is None
    assert shell.run("journal", "show", str(row["number"])).status == ExitStatus.NOT_FOUND

    shell.run("journal", "restore", str(row["number"]), "--yes")

    assert cache.get("k") is None


def test_a_restore_asks_and_says_that_somebody_wrote_since(
    cache: Cache, shell: Shell, number: str
) -> None:
    cache.put("k", b"theirs")

    declined = shell.run("journal", "restore", number, answers=("n",))

    assert declined.status == ExitStatus.NOT_FOUND
    assert "somebody changed it since" in declined.err
    value = cache.get("k")
    assert value is not None
    assert value.content == b"theirs"


def test_a_dry_run_writes_nothing(cache: Cache, shell: Shell, number: str) -> None:
    tried = shell.run("journal", "restore", number, "--dry-run")

    assert tried.status == ExitStatus.DONE
    value = cache.get("k")
    assert value is not None
    assert value.content == b"new"


def test_a_value_goes_back_only_to_where_it_came_from(shell: Shell, number: str) -> None:
    with running_server() as elsewhere:
        elsewhere.namespace("my-cache")
        shell.point_at(elsewhere.base_url)
        refused = shell.run("journal", "restore", number, "--yes")

    assert refused.status == ExitStatus.USAGE
    assert "and not to" in refused.err


def test_an_unknown_number_is_told(shell: Shell, number: str) -> None:
    assert shell.run("journal", "show", "999").status == ExitStatus.NOT_FOUND


def test_purging_asks_first_and_then_forgets(shell: Shell, number: str) -> None:
    assert shell.run("journal", "purge", "--older-than", "30d", "--yes").status == 0
    assert len(shell.run("journal", "list", "--json").records) == 1
    assert shell.run("journal", "purge", "--all", answers=("n",)).status == ExitStatus.NOT_FOUND
    assert shell.run("journal", "purge", "--all").status == ExitStatus.USAGE

    assert shell.run("journal", "purge", "--all", "--yes").status == ExitStatus.DONE

    assert shell.run("journal", "list", "--json").records == []


def test_without_a_journal_nothing_is_kept(cache: Cache, shell: Shell, tmp_path: Path) -> None:
    cache.put("k", OLD)
    assert shell.run("put", "my-cache", "k", "--yes", "--no-journal", stdin=b"new").status == 0

    assert shell.run("journal", "list").lines == []
    assert not list(tmp_path.rglob("journal.sqlite3"))


def test_a_write_that_cannot_be_kept_is_refused(
    cache: Cache, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.put("k", OLD)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))

    refused = shell.run("put", "my-cache", "k", "--yes", stdin=b"new")

    assert refused.status == ExitStatus.NOT_FOUND
    assert "nothing was written" in refused.err
    value = cache.get("k")
    assert value is not None
    assert value.content == OLD
