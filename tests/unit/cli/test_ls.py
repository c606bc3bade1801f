"""`kvtui ls`."""

import pytest

from kvtui.server.options import ListOrder, ServerOptions
from kvtui.server.store import NewEntry
from tests.support.command_line import Cache, Shell
from tests.support.server import running_server

KEYS = ["a", "a/", "a//b", "a/b/c", "a/b/d", "b", "user/1", "user/1/profile", "user/2"]


@pytest.fixture
def full(cache: Cache) -> Cache:
    for key in KEYS:
        cache.put(key, b"xyz")
    return cache


@pytest.mark.parametrize(
    ("argv", "lines"),
    [
        ((), KEYS),
        (("user/",), ["user/1", "user/1/profile", "user/2"]),
        (("user/1",), ["user/1", "user/1/profile"]),
        (("nothing",), []),
        (("--folders",), ["a", "a/", "b", "user/"]),
        (("user/", "--folders"), ["user/1", "user/1/", "user/2"]),
        (("a/", "--folders"), ["a/", "a//", "a/b/"]),
        (("us", "--folders"), ["user/"]),
    ],
)
def test_keys_come_out_one_a_line(
    shell: Shell, full: Cache, argv: tuple[str, ...], lines: list[str]
) -> None:
    result = shell.run("ls", "my-cache", *argv)
    assert (result.status, result.lines, result.err) == (0, lines, "")


def test_the_long_form_shows_size_and_time(shell: Shell, full: Cache) -> None:
    lines = [line.split() for line in shell.run("ls", "my-cache", "user/", "-l", "--folders").lines]
    assert [(line[0], line[-1]) for line in lines] == [
        ("3", "user/1"),
        ("user/1/", "user/1/"),
        ("3", "user/2"),
    ]
    assert lines[0][1].startswith("20")


def test_as_json_folders_and_keys_are_told_apart(shell: Shell, full: Cache) -> None:
    records = shell.run("ls", "my-cache", "user/1", "--folders", "--json").records
    assert [sorted(record) for record in records] == [
        ["key", "size_bytes", "updated_at"],
        ["folder"],
    ]


@pytest.mark.parametrize("order", list(ListOrder))
def test_many_pages_in_any_order_give_every_key_once(shell: Shell, order: ListOrder) -> None:
    keys = [f"user/{number:05}" for number in range(2_345)]
    with running_server(ServerOptions(provisioning_seconds=0, order=order)) as server:
        when = "2026-01-01T00:00:00.000000000Z"
        entries = [NewEntry(key, b"", when) for key in keys]
        server.store.insert(server.namespace(), entries)
        shell.point_at(server.base_url)
        result = shell.run("ls", "my-cache", answers=())
    assert len(result.lines) == len(keys)
    assert sorted(result.lines) == keys
    assert "2,345 keys" in result.err


def test_a_listing_that_goes_round_in_circles_keeps_what_came_before(shell: Shell) -> None:
    from kvtui.server.options import CursorQuirk

    options = ServerOptions(provisioning_seconds=0, cursor_quirk=CursorQuirk.REPEATED)
    with running_server(options) as server:
        when = "2026-01-01T00:00:00.000000000Z"
        entries = [NewEntry(f"{number:05}", b"", when) for number in range(3_500)]
        server.store.insert(server.namespace(), entries)
        shell.point_at(server.base_url)
        result = shell.run("ls", "my-cache")
    assert result.status == 4
    assert len(result.lines) >= 1_000
    assert "cursor" in result.err
