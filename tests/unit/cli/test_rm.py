"""`kvtui rm`."""

from pathlib import Path

import pytest
from anyio.to_thread import run_sync

from kvtui.server.options import ServerOptions
from tests.support.command_line import Cache, Shell
from tests.support.raw_server import raw_server
from tests.support.replies import FOUND_NAMESPACE, NAMESPACE_ID, json_reply, value_reply
from tests.support.server import running_server


@pytest.fixture
def full(cache: Cache) -> Cache:
    for key in ("a", "b", "c"):
        cache.put(key, key.encode())
    return cache


def left(cache: Cache) -> list[str]:
    return [key for key in ("a", "b", "c") if cache.get(key)]


def test_keys_go_with_a_flag_where_nobody_can_be_asked(shell: Shell, full: Cache) -> None:
    refused = shell.run("rm", "my-cache", "a", "b", stdin=b"y\n")
    assert (refused.status, left(full)) == (2, ["a", "b", "c"])
    done = shell.run("rm", "my-cache", "a", "b", "a", "--yes")
    assert (done.status, done.out, left(full)) == (0, b"", ["c"])


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("", 1), ("n", 1), ("a", 1)])
def test_somebody_at_a_terminal_is_asked_once(
    shell: Shell, full: Cache, answer: str, status: int
) -> None:
    result = shell.run("rm", "my-cache", "a", "b", answers=(answer,))
    assert result.status == status
    assert result.err.count("[y/N]") == 1
    assert left(full) == (["c"] if status == 0 else ["a", "b", "c"])


def test_what_changed_while_somebody_was_asked_is_kept(shell: Shell, full: Cache) -> None:
    def answer() -> str:
        full.put("a", b"theirs")
        return "y"

    result = shell.run("rm", "my-cache", "a", "b", answers=(answer,))
    assert result.status == 1
    assert "a: kept" in result.err
    assert left(full) == ["a", "c"]


def test_a_key_that_is_not_there_does_not_keep_the_others(shell: Shell, full: Cache) -> None:
    result = shell.run("rm", "my-cache", "a", "zzz", "--yes", "--json")
    assert result.status == 1
    assert result.records == [
        {"key": "zzz", "outcome": "not found", "size_bytes": None},
        {"key": "a", "outcome": "deleted", "size_bytes": 1},
    ]
    assert left(full) == ["b", "c"]


def test_a_dry_run_deletes_nothing(shell: Shell, full: Cache) -> None:
    result = shell.run("rm", "my-cache", "a", "--dry-run", "--json")
    assert result.records == [{"key": "a", "outcome": "would be deleted", "size_bytes": 1}]
    assert left(full) == ["a", "b", "c"]


def test_a_key_that_could_address_something_else_stops_all_of_them(
    shell: Shell, full: Cache
) -> None:
    for key in ("..", ".", "a/../b", "", "a b"):
        with pytest.raises(SystemExit) as ended:
            shell.run("rm", "my-cache", "a", key, "--yes")
        assert ended.value.code == 2
    assert left(full) == ["a", "b", "c"]


def test_an_answer_that_was_lost_is_found_out(shell: Shell) -> None:
    with running_server(ServerOptions(provisioning_seconds=0, drop_percent=100)) as server:
        cache = Cache(server, server.namespace())
        cache.put("a", b"a")
        shell.point_at(server.base_url)
        result = shell.run("rm", "my-cache", "a", "--yes")
    assert result.status == 0
    assert "a: deleted" in result.err


async def test_a_delete_of_which_nothing_can_be_found_out_ends_with_5(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    replies = (
        json_reply(200, FOUND_NAMESPACE),
        value_reply(200, b"old"),
        b"",
        json_reply(403, {}),
    )
    async with raw_server(*replies) as server:
        shell.point_at(server.base_url)
        result = await run_sync(lambda: shell.run("rm", NAMESPACE_ID, "k", "--yes"))
        deletes = [request for request in server.received if request.startswith(b"DELETE")]
    assert result.status == 5
    assert "k: may or may not be deleted" in result.err
    assert len(deletes) == 1
