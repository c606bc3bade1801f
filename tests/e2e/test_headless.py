"""The installed command without a screen: pipes, signals, terminals."""

import os
import shlex
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kvtui import __version__
from kvtui.server.store import NewEntry
from tests.support.command_line import Cache
from tests.support.installed import COMMAND, environ, kvtui
from tests.support.replies import FOUND_NAMESPACE, NAMESPACE_ID, json_reply
from tests.support.server import TOKEN, running_server
from tests.support.terminal import Terminal

WHEN = "2026-01-01T00:00:00.000000000Z"


@pytest.fixture(scope="module")
def cache() -> Iterator[Cache]:
    with running_server() as server:
        yield Cache(server, server.namespace("my-cache"))


@pytest.fixture
def pointing(cache: Cache) -> dict[str, str]:
    return {"TELNYX_BASE_URL": cache.server.base_url, "TELNYX_API_KEY": TOKEN}


def shell(command: str, folder: Path, **more: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of sh in which `kvtui` is the installed command."""
    return subprocess.run(
        ["/bin/sh", "-c", f'kvtui() {{ {shlex.quote(str(COMMAND))} "$@"; }}; {command}'],
        capture_output=True,
        cwd=folder,
        env=environ(**more),
        timeout=60,
        check=False,
    )


def test_a_mebibyte_of_random_bytes_survives_the_way_there_and_back(
    tmp_path: Path, pointing: dict[str, str]
) -> None:
    content = os.urandom(1_048_576)
    (tmp_path / "value").write_bytes(content)
    done = shell(
        "cat value | kvtui put my-cache big - && kvtui get my-cache big | cat > back",
        tmp_path,
        **pointing,
    )
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "back").read_bytes() == content


def test_a_reader_that_stops_early_is_no_error(
    tmp_path: Path, cache: Cache, pointing: dict[str, str]
) -> None:
    many = cache.server.namespace("many")
    entries = [NewEntry(f"user/{number:06}/profile", b"", WHEN) for number in range(20_000)]
    cache.server.store.insert(many, entries)
    done = shell("{ kvtui ls many; echo $? >&2; } | head -n 1", tmp_path, **pointing)
    assert done.stdout == b"user/000000/profile\n"
    assert done.stderr == b"0\n"


def test_a_file_that_cannot_take_the_value_is_told(
    tmp_path: Path, cache: Cache, pointing: dict[str, str]
) -> None:
    cache.put("k", b"value")
    done = shell("ulimit -f 0; kvtui get my-cache k > file", tmp_path, **pointing)
    assert done.returncode == 1
    assert done.stderr == (b"kvtui: standard output cannot be written: File too large\n")


def test_the_version_and_the_help_need_nothing(tmp_path: Path) -> None:
    version = kvtui("--version", folder=tmp_path)
    assert (version.returncode, version.stdout) == (0, f"kvtui {__version__}\n".encode())
    usage = kvtui("--help", folder=tmp_path)
    assert usage.returncode == 0
    assert b"exit status:" in usage.stdout


def test_without_a_terminal_and_a_command_it_says_so_and_ends(tmp_path: Path) -> None:
    ended = kvtui(folder=tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == b""
    assert ended.stderr.count(b"\n") == 1
    assert b"terminal" in ended.stderr


def test_a_broken_project_file_is_narrated_and_stops_nothing(
    tmp_path: Path, cache: Cache, pointing: dict[str, str]
) -> None:
    (tmp_path / "func.toml").write_text("[storage.kv")
    (tmp_path / "telnyx.toml").write_text(f'[storage.kv.MY_CACHE]\nid = "{cache.id}"\n')
    done = kvtui("ns", "get", "@MY_CACHE", "--json", folder=tmp_path, variables=pointing)
    assert done.returncode == 0
    assert cache.id.encode() in done.stdout
    assert b"func.toml" in done.stderr


def test_the_key_can_come_from_the_keyring(tmp_path: Path, cache: Cache) -> None:
    package = tmp_path / "packages" / "keyring"
    package.mkdir(parents=True)
    host = cache.server.base_url.split("/")[2]
    (package / "__init__.py").write_text(
        "def get_password(service, user):\n"
        f"    return {TOKEN!r} if (service, user) == ('kvtui', {host!r}) else None\n"
    )
    (package / "errors.py").write_text("class KeyringError(Exception):\n    pass\n")
    base_url = cache.server.base_url
    done = kvtui(
        "ns",
        "ls",
        folder=tmp_path,
        variables={"TELNYX_BASE_URL": base_url, "PYTHONPATH": str(package.parent)},
    )
    assert (done.returncode, done.stderr) == (0, b"")


def interrupted(replies: Sequence[bytes], *argv: str | Path, folder: Path) -> tuple[int, bytes]:
    """Press ctrl+c as soon as the request after `replies` has arrived; give status and stderr."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with subprocess.Popen(
            [COMMAND, *argv],
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environ(TELNYX_BASE_URL=base_url, TELNYX_API_KEY=TOKEN),
        ) as process:
            connection, _ = listener.accept()
            with connection:
                for reply in replies:
                    assert connection.recv(65_536)
                    connection.sendall(reply)
                assert connection.recv(65_536)
                process.send_signal(signal.SIGINT)
                _, stderr = process.communicate(timeout=30)
    return process.returncode, stderr


def test_ctrl_c_ends_a_slow_request_with_130(tmp_path: Path) -> None:
    assert interrupted([], "ls", "my-cache", folder=tmp_path) == (130, b"interrupted\n")


def test_ctrl_c_in_the_middle_of_a_write_says_what_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "value").write_bytes(b"x")
    replies = [json_reply(200, FOUND_NAMESPACE), json_reply(404, {"errors": []})]
    status, stderr = interrupted(
        replies, "put", NAMESPACE_ID, "k", tmp_path / "value", folder=tmp_path
    )
    assert status == 130
    assert b"k may or may not have been written" in stderr


def test_somebody_without_a_key_is_asked_for_it_and_it_is_not_shown(
    tmp_path: Path, cache: Cache
) -> None:
    with Terminal(
        COMMAND,
        "ns",
        "ls",
        environ=environ(TELNYX_BASE_URL=cache.server.base_url),
        folder=tmp_path,
    ) as terminal:
        terminal.wait_for("API key for")
        terminal.type(f"{TOKEN}\r")
        assert terminal.end() == 0
    assert any("my-cache" in line for line in terminal.lines)
    assert TOKEN.encode() not in terminal.output


def test_ctrl_c_at_a_question_changes_nothing_and_ends_with_130(
    tmp_path: Path, cache: Cache, pointing: dict[str, str]
) -> None:
    cache.put("asked", b"old")
    argv = ("rm", "my-cache", "asked")
    with Terminal(COMMAND, *argv, environ=environ(**pointing), folder=tmp_path) as terminal:
        terminal.wait_for("[y/N]")
        terminal.type("\x03")
        assert terminal.end() == 130
    assert cache.get("asked") is not None


def test_what_a_key_is_called_cannot_drive_the_terminal(
    tmp_path: Path, cache: Cache, pointing: dict[str, str]
) -> None:
    hostile = cache.server.namespace("hostile")
    name = "a\x1b]0;owned\x07\x9b2J\u202eb"
    cache.server.store.insert(hostile, [NewEntry(name, b"", WHEN)])
    with Terminal(
        COMMAND, "ls", "hostile", environ=environ(**pointing), folder=tmp_path
    ) as terminal:
        assert terminal.end() == 0
    for dangerous in (b"\x1b", b"\x07", "\x9b".encode(), "\u202e".encode()):
        assert dangerous not in terminal.output
    piped = kvtui("ls", "hostile", folder=tmp_path, variables=pointing)
    assert piped.stdout == f"{name}\n".encode()
