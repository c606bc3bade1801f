"""A deletion of many keys, killed again and again, while somebody else changes some of them."""

import random
import re
import signal
import subprocess
from pathlib import Path

import pytest

from kvtui.server.store import NamespaceState
from tests.support.installed import COMMAND, environ, kvtui
from tests.support.server import LocalServer, running_server
from tests.support.stored import content, put, put_many

LOOK_SECONDS = 0.02


def count(server: LocalServer, state: NamespaceState, keys: list[str]) -> int:
    return sum(content(server, state, key) is not None for key in keys)


def kill_after(
    server: LocalServer, state: NamespaceState, argv: list[str], sample: list[str]
) -> bool:
    """Run a command and kill it when a key of `sample` is gone; tell whether it was killed."""
    process = subprocess.Popen(
        [COMMAND, *argv],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environ(TELNYX_BASE_URL=server.base_url, TELNYX_API_KEY=server.token),
    )
    before = count(server, state, sample)
    while count(server, state, sample) == before:
        try:
            process.wait(LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return False
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("key_count", "kill_count"),
    [(300, 3), pytest.param(10_000, 20, marks=[pytest.mark.full, pytest.mark.timeout(1800)])],
)
def test_exactly_the_plan_is_deleted_but_for_what_others_changed(
    tmp_path: Path, key_count: int, kill_count: int
) -> None:
    chance = random.Random(key_count)
    keys = [f"user/{number:05}" for number in range(key_count)]
    siblings = ["user", "users/1", "user-admin"]
    with running_server(path=tmp_path / "kv.sqlite3") as server:
        state = server.namespace("my-cache")
        put_many(server, state, [*keys, *siblings])
        reach = {"TELNYX_BASE_URL": server.base_url, "TELNYX_API_KEY": server.token}
        kvtui("rm", "my-cache", "--prefix", "user/", "--dry-run", folder=tmp_path, variables=reach)
        [plan] = (tmp_path / "state" / "kvtui" / "plans").glob("*.jsonl")
        changed = chance.sample(keys, key_count // 100)
        put(server, state, dict.fromkeys(changed, "w"))
        put(server, state, {"user/later": "later"})

        argv = ["rm", "my-cache", "--resume", str(plan), "--yes"]
        kills = 0
        for number in range(kill_count):
            step = key_count * (number + 1) // (kill_count + 2)
            sample = [key for key in keys[step : step + 20] if key not in changed]
            if count(server, state, sample) == len(sample):
                kills += kill_after(server, state, argv, sample)
        ended = kvtui(*argv, folder=tmp_path, variables=reach)
        told = ended.stderr.decode()

        assert kills >= kill_count - 1
        assert all(content(server, state, key) == b"w" for key in changed)
        assert count(server, state, [key for key in keys if key not in changed]) == 0
        assert count(server, state, [*siblings, "user/later"]) == len(siblings) + 1
        numbers = re.search(
            r"([\d,]+) done, ([\d,]+) skipped, 0 failed, 0 unknown, 0 left of ([\d,]+)", told
        )
        assert numbers is not None, told
        done, skipped, total = (int(text.replace(",", "")) for text in numbers.groups())
        assert (total, skipped) == (key_count, len(changed))
        assert done + skipped == total
