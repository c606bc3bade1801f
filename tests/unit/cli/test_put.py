"""`kvtui put`."""

from pathlib import Path

import pytest
from anyio.to_thread import run_sync

from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.records import StoredValue
from kvtui.server.options import ServerOptions
from tests.support.command_line import Cache, Shell
from tests.support.raw_server import raw_server
from tests.support.replies import FOUND_NAMESPACE, NAMESPACE_ID, json_reply, value_reply
from tests.support.server import AT_ONCE, ManualClock, running_server

BINARY = "application/octet-stream"


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"\r\n\x00\xff", bytes(range(256)) * 4096],
    ids=["nothing", "letter", "binary", "1 MiB"],
)
def test_standard_input_is_stored_byte_for_byte(shell: Shell, cache: Cache, content: bytes) -> None:
    result = shell.run("put", "my-cache", "k", "-", stdin=content)
    assert (result.status, result.out) == (0, b"")
    assert cache.get("k") == StoredValue(content, BINARY)


def test_a_file_is_stored_and_nothing_means_standard_input(shell: Shell, cache: Cache) -> None:
    (shell.folder / "v.bin").write_bytes(b"\x00from a file")
    shell.run("put", "my-cache", "file", str(shell.folder / "v.bin"))
    shell.run("put", "my-cache", "input", stdin=b"from input")
    assert cache.get("file") == StoredValue(b"\x00from a file", BINARY)
    assert cache.get("input") == StoredValue(b"from input", BINARY)


def test_replacing_needs_a_flag_where_nobody_can_be_asked(shell: Shell, cache: Cache) -> None:
    cache.put("k", b"old")
    result = shell.run("put", "my-cache", "k", stdin=b"y\n")
    assert result.status == 2
    assert "--yes" in result.err
    assert cache.get("k") == StoredValue(b"old", BINARY)
    assert shell.run("put", "my-cache", "k", "--yes", stdin=b"new").status == 0
    assert cache.get("k") == StoredValue(b"new", BINARY)


@pytest.mark.parametrize(
    ("answer", "status", "content"),
    [("y", 0, b"new"), ("YES", 0, b"new"), ("", 1, b"old"), ("n", 1, b"old"), ("k", 1, b"old")],
)
def test_somebody_at_a_terminal_is_asked(
    shell: Shell, cache: Cache, answer: str, status: int, content: bytes
) -> None:
    cache.put("k", b"old")
    new = shell.folder / "new"
    new.write_bytes(b"new")
    result = shell.run("put", "my-cache", "k", str(new), answers=(answer,))
    assert result.status == status
    assert "k in my-cache" in result.err
    assert cache.get("k") == StoredValue(content, BINARY)


def test_what_others_wrote_while_somebody_was_asked_is_kept(shell: Shell, cache: Cache) -> None:
    cache.put("k", b"old")
    new = shell.folder / "new"
    new.write_bytes(b"new")

    def answer() -> str:
        cache.put("k", b"theirs")
        return "y"

    result = shell.run("put", "my-cache", "k", str(new), answers=(answer,))
    assert result.status == 1
    assert "changed while you were asked" in result.err
    assert cache.get("k") == StoredValue(b"theirs", BINARY)


def test_the_content_type_is_the_one_given_or_the_one_it_had(shell: Shell, cache: Cache) -> None:
    shell.run("put", "my-cache", "k", "--content-type", "application/json", stdin=b"1")
    assert cache.get("k") == StoredValue(b"1", "application/json")
    shell.run("put", "my-cache", "k", "--yes", stdin=b"2")
    assert cache.get("k") == StoredValue(b"2", "application/json")
    shell.run("put", "my-cache", "k", "--yes", "--content-type", "text/plain", stdin=b"3")
    assert cache.get("k") == StoredValue(b"3", "text/plain")


def test_a_lifetime_is_kept_by_the_server(shell: Shell) -> None:
    clock = ManualClock()
    with running_server(AT_ONCE, clock=clock) as server:
        cache = Cache(server, server.namespace())
        shell.point_at(server.base_url)
        result = shell.run("put", "my-cache", "k", "--ttl", "1h30m", stdin=b"x")
        assert "expires in 1h 30m" in result.err
        clock.advance(5_399)
        assert cache.get("k") is not None
        clock.advance(2)
        assert cache.get("k") is None


def test_losing_an_expiry_is_said(shell: Shell, cache: Cache) -> None:
    cache.put("k", b"old")
    result = shell.run("put", "my-cache", "k", "--yes", stdin=b"new")
    assert "any existing expiry is lost" in result.err


def test_a_dry_run_writes_nothing_and_says_what_would_happen(shell: Shell, cache: Cache) -> None:
    cache.put("old", b"old", "text/plain")
    fresh = shell.run("put", "my-cache", "new", "--dry-run", "--json", stdin=b"12345")
    over = shell.run("put", "my-cache", "old", "--dry-run", "--read-only", stdin=b"12345")
    assert (fresh.status, over.status) == (0, 0)
    assert fresh.records == [{"key": "new", "would": "create", "size_bytes": 5}]
    assert "would replace old: 5 B · text/plain" in over.err
    assert cache.get("new") is None
    assert cache.get("old") == StoredValue(b"old", "text/plain")


def test_json_tells_what_was_done(shell: Shell, cache: Cache) -> None:
    argv = ("put", "my-cache", "k", "--json", "--yes", "--ttl", "60")
    [created] = shell.run(*argv, stdin=b"12").records
    assert created == {
        "key": "k",
        "outcome": "created",
        "finding": "done",
        "size_bytes": 2,
        "content_type": BINARY,
        "ttl_seconds": 60,
    }
    [replaced] = shell.run(*argv, stdin=b"123").records
    assert replaced["outcome"] == "replaced"


def test_a_value_over_the_limit_is_refused_and_one_at_the_limit_is_not(
    shell: Shell, cache: Cache
) -> None:
    assert shell.run("put", "my-cache", "k", stdin=bytes(MAX_VALUE_BYTES + 1)).status == 2
    assert cache.get("k") is None
    assert shell.run("put", "my-cache", "k", stdin=bytes(MAX_VALUE_BYTES)).status == 0


def test_a_file_that_cannot_be_read_is_named(shell: Shell, cache: Cache) -> None:
    for name in ("gone", "."):
        result = shell.run("put", "my-cache", "k", str(shell.folder / name))
        assert result.status == 2
        assert str(shell.folder / name) in result.err


@pytest.mark.parametrize(
    "argv",
    [
        ("..",),
        ("a/./b",),
        ("a:b",),
        ("",),
        ("k" * 257,),
        ("k", "--ttl", "0"),
        ("k", "--ttl", "-1"),
        ("k", "--ttl", "soon"),
        ("k", "--content-type", ""),
        ("k", "--content-type", "text/plain\r\nX: y"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_anything_is_read(
    shell: Shell, argv: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as ended:
        shell.run("put", "my-cache", *argv)
    assert ended.value.code == 2


def test_an_answer_that_was_lost_is_found_out(shell: Shell) -> None:
    options = ServerOptions(provisioning_seconds=0, drop_percent=100)
    with running_server(options) as server:
        cache = Cache(server, server.namespace())
        shell.point_at(server.base_url)
        result = shell.run("put", "my-cache", "k", "--json", stdin=b"x")
        assert cache.get("k") is not None
    assert result.status == 0
    assert result.records[0]["finding"] == "done"


async def test_a_write_of_which_nothing_can_be_found_out_ends_with_5(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    value = tmp_path / "value"
    value.write_bytes(b"x")
    replies = (json_reply(200, FOUND_NAMESPACE), json_reply(404, {}), b"", json_reply(403, {}))
    async with raw_server(*replies) as server:
        shell.point_at(server.base_url)
        result = await run_sync(lambda: shell.run("put", NAMESPACE_ID, "k", str(value)))
        puts = [request for request in server.received if request.startswith(b"PUT")]
    assert result.status == 5
    assert len(puts) == 1


async def test_replacing_what_was_not_there_a_moment_ago_is_told(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    value = tmp_path / "value"
    value.write_bytes(b"x")
    replies = (
        json_reply(200, FOUND_NAMESPACE),
        json_reply(404, {}),
        value_reply(200, b""),
        value_reply(200, b"x"),
    )
    async with raw_server(*replies) as server:
        shell.point_at(server.base_url)
        result = await run_sync(lambda: shell.run("put", NAMESPACE_ID, "k", str(value)))
    assert result.status == 0
    assert "somebody else changed the key" in result.err
