"""What was acknowledged is there after the server was killed, whole, and nothing is torn."""

import hashlib
import http.client
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.support.dose import Dose
from tests.support.raw_client import RawClient
from tests.support.server import TOKEN, LocalServer, local_server
from tests.support.server_process import ServerProcess

WRITERS = 4


def content_of(key: str) -> bytes:
    """Make the value of a key: long enough to be torn, and told from any other."""
    return hashlib.shake_128(key.encode()).digest(20_000)


class Writers:
    """Write one key after the other until the server is gone."""

    def __init__(self, raw: RawClient, namespace_id: str, round_number: int) -> None:
        self.acknowledged: list[str] = []
        self.attempted: list[str] = []
        self.enough = threading.Event()
        self._raw = raw
        self._path = f"/{namespace_id}/keys/"
        self._threads = [
            threading.Thread(target=self._write, args=(f"round-{round_number}/{number}",))
            for number in range(WRITERS)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _write(self, prefix: str) -> None:
        try:
            for number in range(100_000):
                key = f"{prefix}/{number}"
                self.attempted.append(key)
                assert self._raw("PUT", self._path + key, content_of(key)).status == 201
                self.acknowledged.append(key)
                if len(self.acknowledged) > 40:
                    self.enough.set()
        except (OSError, http.client.HTTPException):
            return


def kill_under_writers(path: Path, number: int) -> "Counter[str]":
    """Kill the server under its writers, open what it left, and count what is there of theirs."""
    with local_server(path=path) as server:
        namespace_id = server.namespace(f"round-{number}").namespace.id
    with ServerProcess(path) as process:
        running = LocalServer(server.app, server.store, process.base_url, TOKEN)
        writers = Writers(RawClient(running), namespace_id, number)
        writers.start()
        assert writers.enough.wait(60)
        process.send(signal.SIGKILL)
        writers.join()
    with local_server(path=path) as server:
        return count(server, namespace_id, writers)


def count(server: LocalServer, namespace_id: str, writers: Writers) -> "Counter[str]":
    acknowledged = set(writers.acknowledged)
    state = server.store.namespace(namespace_id)
    assert state is not None
    counts = Counter(acknowledged=len(acknowledged), lost=0, torn=0)
    for key in writers.attempted:
        value = server.store.get(state, key)
        counts["lost"] += value is None and key in acknowledged
        counts["torn"] += value is not None and value.content != content_of(key)
    return counts


def test_no_acknowledged_write_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    totals: Counter[str] = Counter()
    for number in range(3):
        totals.update(kill_under_writers(tmp_path / "data", number))

    assert totals["acknowledged"] > 3 * 40
    assert (totals["lost"], totals["torn"]) == (0, 0)


@pytest.mark.full
@pytest.mark.timeout(0)
def test_no_acknowledged_write_is_lost_in_five_hundred_kills(tmp_path: Path) -> None:
    dose = Dose("server-kills", 500)
    for number in dose.rounds_left():
        dose.add(**kill_under_writers(tmp_path / f"data-{number // 20}", number))

    assert (dose.totals["lost"], dose.totals["torn"]) == (0, 0)
