"""Exports that are killed: what is there is whole, private, and gone on with."""

import hashlib
import json
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from tests.support.installed import COMMAND, environ, kvtui
from tests.support.server import running_server
from tests.support.stored import put

LOOK_SECONDS = 0.01
VALUE_BYTES = 60_000


def kill_at(argv: list[str], folder: Path, file_count: int, reach: dict[str, str]) -> None:
    """Run an export and kill it when it has written some more files."""
    process = subprocess.Popen(
        [COMMAND, *argv],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environ(**reach),
    )
    while len(list((folder / "out" / "values").glob("*"))) < file_count:
        try:
            process.wait(LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize(
    "kill_count", [5, pytest.param(500, marks=[pytest.mark.full, pytest.mark.timeout(3600)])]
)
def test_no_file_is_ever_torn_or_readable_by_others(tmp_path: Path, kill_count: int) -> None:
    per_kill = 12
    values = {
        f"k/{number}": hashlib.sha256(str(number).encode()).digest() * (VALUE_BYTES // 32)
        for number in range(per_kill * (min(kill_count, 40) + 2))
    }
    with running_server(path=tmp_path / "kv.sqlite3") as server:
        put(server, server.namespace("my-cache"), dict(values))
        reach = {"TELNYX_BASE_URL": server.base_url, "TELNYX_API_KEY": server.token}
        argv = ["export", "my-cache", "k/", "--to", "out"]
        torn = loose = looked_at = 0
        for number in range(kill_count):
            kill_at(argv, tmp_path, per_kill * (number % 40 + 1), reach)
            for path in (tmp_path / "out").rglob("[!.]*"):
                mode = stat.S_IMODE(path.stat().st_mode)
                loose += mode != (0o700 if path.is_dir() else 0o600)
            for path in (tmp_path / "out" / "values").glob("[!.]*"):
                looked_at += 1
                torn += path.read_bytes() != values[f"k/{path.name.removeprefix('k%2f')}"]
            if number % 40 == 39:
                (tmp_path / "out").rename(tmp_path / f"out-{number}")
        ended = kvtui(*argv, folder=tmp_path, variables=reach)

    assert ended.returncode == 0, ended.stderr
    manifest = (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()
    assert len(manifest) == len(values) + 2
    assert json.loads(manifest[-1])["key_count"] == len(values)
    assert looked_at > kill_count
    assert (torn, loose) == (0, 0)
