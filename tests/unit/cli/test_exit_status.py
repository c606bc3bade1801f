"""Every error has an exit status, and every way of failing arrives at the right one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kvtui import errors
from kvtui.cli.exit_status import ExitStatus, status_of
from kvtui.errors import ApiError, KvtuiError
from kvtui.server.options import RateLimit, ServerOptions
from tests.support.command_line import Cache, Shell
from tests.support.raw_server import raw_server
from tests.support.server import LocalServer, running_server

EXPECTED = {
    "SettingsError": 2,
    "KeyNotAddressableError": 2,
    "ReadOnlyError": 3,
    "VaultError": 1,
    "ApiError": 3,
    "AuthenticationError": 3,
    "PermissionDeniedError": 3,
    "NotFoundError": 1,
    "ConflictError": 3,
    "NamespaceNotReadyError": 3,
    "ValueTooLargeError": 3,
    "InvalidRequestError": 3,
    "RateLimitedError": 4,
    "ServerError": 4,
    "ConnectionFailedError": 4,
    "RequestTimeoutError": 4,
    "OutcomeUnknownError": 5,
    "MalformedResponseError": 4,
}


def kinds(kind: type[KvtuiError]) -> Iterator[type[KvtuiError]]:
    for below in kind.__subclasses__():
        yield below
        yield from kinds(below)


def test_every_error_raised_on_purpose_has_the_status_that_the_help_promises() -> None:
    found = {}
    for kind in kinds(KvtuiError):
        if kind.__module__ == errors.__name__:
            error = (
                kind("x", status=400, code=None, detail=None, request="GET /")
                if issubclass(kind, ApiError)
                else kind("x")
            )
            found[kind.__name__] = int(status_of(error))
    assert found == EXPECTED


def test_what_is_there_ends_with_0(shell: Shell, cache: Cache) -> None:
    cache.put("user/1", b"hello")
    assert shell.run("get", "my-cache", "user/1").status == ExitStatus.DONE


@pytest.mark.parametrize(
    "argv",
    [
        ("get", "my-cache", "nope"),
        ("get", "nope", "user/1"),
        ("get", "550e8400-e29b-41d4-a716-446655440000", "user/1"),
        ("ls", "nope"),
        ("ns", "get", "nope"),
        ("rm", "my-cache", "nope", "--yes"),
    ],
)
def test_what_is_not_there_ends_with_1(shell: Shell, cache: Cache, argv: tuple[str, ...]) -> None:
    result = shell.run(*argv)
    assert result.status == ExitStatus.NOT_FOUND
    assert result.out == b""
    assert len(result.err.splitlines()) == 1


def test_a_wrong_key_ends_with_3_and_is_not_shown(shell: Shell, server: LocalServer) -> None:
    shell.point_at(server.base_url, "KEY-canary")
    result = shell.run("ns", "ls")
    assert result.status == ExitStatus.REFUSED
    assert len(result.err.splitlines()) == 1
    assert "canary" not in result.err


def test_a_namespace_that_is_not_ready_ends_with_3(shell: Shell) -> None:
    with running_server(ServerOptions(provisioning_seconds=600)) as server:
        server.namespace("my-cache")
        shell.point_at(server.base_url)
        result = shell.run("ls", "my-cache")
    assert result.status == ExitStatus.REFUSED
    assert "pending" in result.err


def test_a_dead_port_ends_with_4(shell: Shell) -> None:
    shell.point_at("http://127.0.0.1:1")
    result = shell.run("ns", "ls")
    assert result.status == ExitStatus.UNREACHABLE
    assert "127.0.0.1:1" in result.err
    assert len(result.err.splitlines()) == 1


def test_too_many_requests_end_with_4(shell: Shell) -> None:
    with running_server(ServerOptions(rate_limit=RateLimit(1, 600))) as server:
        shell.point_at(server.base_url)
        assert shell.run("ns", "ls").status == ExitStatus.DONE
        assert shell.run("ns", "ls").status == ExitStatus.UNREACHABLE


HTML = b"<html><body>Welcome to nginx!</body></html>"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"


async def test_a_server_that_answers_with_a_page_ends_with_4(tmp_path: Path) -> None:
    from anyio.to_thread import run_sync

    shell = Shell(tmp_path)
    async with raw_server(PAGE % (len(HTML), HTML)) as server:
        shell.point_at(server.base_url)
        result = await run_sync(lambda: shell.run("ns", "ls"))
    assert result.status == ExitStatus.UNREACHABLE
    assert "nginx" not in result.err
    assert len(result.err.splitlines()) == 1


def test_without_a_key_nothing_is_sent_and_it_ends_with_2(
    shell: Shell, server: LocalServer
) -> None:
    shell.point_at(server.base_url, "")
    result = shell.run("ns", "ls")
    assert result.status == ExitStatus.USAGE
    assert "TELNYX_API_KEY" in result.err


def test_a_broken_configuration_ends_with_2_and_names_the_line(shell: Shell) -> None:
    shell.configure("[ui]\ncolor = 'red'\n")
    result = shell.run("ns", "ls")
    assert result.status == ExitStatus.USAGE
    assert "config.toml, line 2" in result.err


@pytest.mark.parametrize(
    "argv",
    [
        ("put", "my-cache", "k", "-", "--yes"),
        ("rm", "my-cache", "k", "--yes"),
        ("ns", "create", "new"),
        ("ns", "rm", "my-cache", "--yes"),
    ],
)
@pytest.mark.parametrize("place", ["before", "after", "profile", "production"])
def test_every_write_is_refused_with_3_while_read_only(
    shell: Shell, server: LocalServer, cache: Cache, argv: tuple[str, ...], place: str
) -> None:
    cache.put("k", b"old")
    if place in {"profile", "production"}:
        setting = "read_only" if place == "profile" else "production"
        shell.configure(f"[profiles.default]\n{setting} = true\n")
    given = {"before": ("--read-only", *argv), "after": (*argv, "--read-only")}.get(place, argv)
    assert shell.run(*given, stdin=b"new").status == ExitStatus.REFUSED
    stored = cache.get("k")
    assert stored is not None
    assert stored.content == b"old"
    assert [state.namespace.status for state in server.store.namespaces()] == ["provision_ok"]


def test_a_production_profile_is_armed_by_a_flag(shell: Shell, cache: Cache) -> None:
    shell.configure("[profiles.default]\nproduction = true\n")
    assert shell.run("put", "my-cache", "k", stdin=b"x").status == ExitStatus.REFUSED
    assert shell.run("put", "my-cache", "k", "--write", stdin=b"x").status == ExitStatus.DONE
    assert cache.get("k") is not None


def test_nothing_arms_what_is_read_only(shell: Shell, cache: Cache) -> None:
    result = shell.run("--read-only", "put", "my-cache", "k", "--write", "--yes", stdin=b"x")
    assert result.status == ExitStatus.REFUSED
    assert cache.get("k") is None
