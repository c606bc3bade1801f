"""`kvtui serve`, as a process of its own."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.installed import COMMAND, environ, kvtui


@dataclass(frozen=True)
class Serving:
    process: "subprocess.Popen[bytes]"
    base_url: str


@contextmanager
def serving(folder: Path, *options: str | Path) -> Iterator[Serving]:
    """Run the server on a free port until the block ends."""
    with subprocess.Popen(
        [COMMAND, "serve", "--port", "0", "--provisioning", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environ(),
    ) as process:
        try:
            assert process.stdout is not None
            yield Serving(process, process.stdout.readline().decode().strip())
        finally:
            process.kill()


def stopped(serving: Serving, by: signal.Signals) -> tuple[int, str]:
    serving.process.send_signal(by)
    _, stderr = serving.process.communicate(timeout=30)
    return serving.process.returncode, stderr.decode()


def test_it_keeps_its_data_across_restarts_and_shuts_down_cleanly(tmp_path: Path) -> None:
    data = tmp_path / "data.sqlite3"
    with serving(tmp_path, "--data", data) as first:
        pointing = {"TELNYX_BASE_URL": first.base_url, "TELNYX_API_KEY": "any"}
        assert (
            kvtui("ns", "create", "my-cache", folder=tmp_path, variables=pointing).returncode == 0
        )
        put = kvtui("put", "my-cache", "k", folder=tmp_path, stdin=b"\x00kept", variables=pointing)
        assert put.returncode == 0
        status, stderr = stopped(first, signal.SIGINT)
    assert status == 0
    assert f"export TELNYX_BASE_URL={first.base_url}" in stderr
    assert "Traceback" not in stderr
    with serving(tmp_path, "--data", data) as second:
        pointing = {"TELNYX_BASE_URL": second.base_url, "TELNYX_API_KEY": "any"}
        got = kvtui("get", "my-cache", "k", folder=tmp_path, variables=pointing)
        assert (got.returncode, got.stdout) == (0, b"\x00kept")
        assert stopped(second, signal.SIGTERM)[0] == 0


def test_a_key_file_decides_who_is_let_in(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("KEY-only-this\n")
    key_file.chmod(0o600)
    with serving(tmp_path, "--api-key-file", key_file, "--sample") as server:
        stranger, friend = (
            kvtui(
                "ns",
                "ls",
                folder=tmp_path,
                variables={"TELNYX_BASE_URL": server.base_url, "TELNYX_API_KEY": key},
            )
            for key in ("other", "KEY-only-this")
        )
        _, stderr = stopped(server, signal.SIGINT)
    assert stranger.returncode == 3
    assert friend.returncode == 0
    assert b"my-cache" in friend.stdout
    assert "KEY-only-this" not in stderr


@pytest.mark.parametrize(
    "options", [("--data", "."), ("--api-key-file", "gone"), ("--fail", "101")]
)
def test_what_cannot_be_served_is_said_in_a_sentence(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    ended = kvtui("serve", "--port", "0", *options, folder=tmp_path)
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr
    assert ended.stdout == b""


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        port = server.base_url.split(":")[2].removesuffix("/v2")
        ended = kvtui("serve", "--port", port, folder=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.count(b"\n") == 1
    assert port.encode() in ended.stderr


def test_the_data_file_is_nobody_elses(tmp_path: Path) -> None:
    data = tmp_path / "data.sqlite3"
    with serving(tmp_path, "--data", data) as server:
        assert not data.stat().st_mode & 0o077
        os.kill(server.process.pid, signal.SIGTERM)
        server.process.wait(30)
