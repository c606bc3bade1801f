"""Exports that are killed: what is there is whole, private, and gone on with."""

import hashlib
import json
import signal
import stat
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.support.dose import Dose
from tests.support.installed import COMMAND, environ, kvtui
from tests.support.server import LocalServer, running_server
from tests.support.stored import put

LOOK_SECONDS = 0.01
VALUE_BYTES = 60_000
FILES_PER_KILL = 12
KILLS_PER_EXPORT = 40


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


class KilledExports:
    """One export after the other, killed again and again, and looked at."""

    def __init__(self, server: LocalServer, folder: Path) -> None:
        self.values = {
            f"k/{number}": hashlib.sha256(str(number).encode()).digest() * (VALUE_BYTES // 32)
            for number in range(FILES_PER_KILL * (KILLS_PER_EXPORT + 2))
        }
        put(server, server.namespace("my-cache"), dict(self.values))
        self._reach = {"TELNYX_BASE_URL": server.base_url, "TELNYX_API_KEY": server.token}
        self._argv = ["export", "my-cache", "k/", "--to", "out"]
        self._folder = folder
        self._kill_count = 0

    def kill(self) -> "Counter[str]":
        """Go on with the export, kill it, and look at every file that is there."""
        done = self._kill_count % KILLS_PER_EXPORT
        if done == 0 and self._kill_count:
            (self._folder / "out").rename(self._folder / f"out-{self._kill_count}")
        self._kill_count += 1
        kill_at(self._argv, self._folder, FILES_PER_KILL * (done + 1), self._reach)
        counts: Counter[str] = Counter(torn=0, loose=0, files=0)
        for path in (self._folder / "out").rglob("[!.]*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            counts["loose"] += mode != (0o700 if path.is_dir() else 0o600)
        for path in (self._folder / "out" / "values").glob("[!.]*"):
            counts["files"] += 1
            counts["torn"] += path.read_bytes() != self.values[f"k/{path.name[len('k%2f') :]}"]
        return counts

    def end(self) -> None:
        """Let it come to its end, and look at its manifest."""
        ended = kvtui(*self._argv, folder=self._folder, variables=self._reach)
        assert ended.returncode == 0, ended.stderr
        manifest = (self._folder / "out" / "manifest.jsonl").read_text().splitlines()
        assert len(manifest) == len(self.values) + 2
        assert json.loads(manifest[-1])["key_count"] == len(self.values)


def test_no_file_is_ever_torn_or_readable_by_others(tmp_path: Path) -> None:
    totals: Counter[str] = Counter()
    with running_server(path=tmp_path / "kv.sqlite3") as server:
        exports = KilledExports(server, tmp_path)
        for _ in range(5):
            totals.update(exports.kill())
        exports.end()

    assert totals["files"] > 5
    assert (totals["torn"], totals["loose"]) == (0, 0)


@pytest.mark.full
@pytest.mark.timeout(0)
def test_five_hundred_killed_exports_leave_no_torn_file(tmp_path: Path) -> None:
    dose = Dose("killed-exports", 500)
    with running_server(path=tmp_path / "kv.sqlite3") as server:
        exports = KilledExports(server, tmp_path)
        for _ in dose.rounds_left():
            dose.add(**exports.kill())
        exports.end()

    assert dose.totals["files"] > dose.totals["rounds"]
    assert (dose.totals["torn"], dose.totals["loose"]) == (0, 0)
