"""What was acknowledged is there after the server was killed, whole, and nothing is torn."""

import hashlib
import http.client
import signal
import threading
from pathlib import Path

import pytest

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


def check_kills(path: Path, rounds: int) -> None:
    with local_server(path=path) as server:
        namespace_id = server.namespace().namespace.id
    acknowledged: list[str] = []
    attempted: set[str] = set()
    for round_number in range(rounds):
        with ServerProcess(path) as process:
            running = LocalServer(server.app, server.store, process.base_url, TOKEN)
            writers = Writers(RawClient(running), namespace_id, round_number)
            writers.start()
            assert writers.enough.wait(60)
            process.send(signal.SIGKILL)
            writers.join()
        acknowledged += writers.acknowledged
        attempted |= set(writers.attempted)
    with local_server(path=path) as server:
        state = server.store.namespace(namespace_id)
        assert state is not None
        for key in attempted:
            value = server.store.get(state, key)
            if key in acknowledged or value is not None:
                assert value is not None
                assert value.content == content_of(key)


def test_no_acknowledged_write_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    check_kills(tmp_path / "data", rounds=3)


@pytest.mark.full
@pytest.mark.timeout(600)
def test_no_acknowledged_write_is_lost_in_fifty_kills(tmp_path: Path) -> None:
    check_kills(tmp_path / "data", rounds=50)
