import signal
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from kvtui.errors import SettingsError
from kvtui.server.options import ServerOptions
from kvtui.server.run import RunningServer, base_url, listen
from tests.support.server import TOKEN, local_server, running_server
from tests.support.server_process import ServerProcess

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    "host", ["192.168.1.1", "8.8.8.8", "::", "localhost", "evil.test", "", "127.0.0.1.evil.test"]
)
def test_only_loopback_addresses_are_listened_on(host: str) -> None:
    with pytest.raises(SettingsError, match="only on loopback"):
        listen(0, host)


def test_a_port_in_use_is_refused_in_words() -> None:
    with listen() as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"cannot listen on port {port}"):
            listen(port)


def test_a_port_that_cannot_be_is_refused_in_words() -> None:
    with pytest.raises(SettingsError, match="cannot listen on port 99999"):
        listen(99_999)


def test_the_address_includes_the_version_of_the_api() -> None:
    with listen() as listener:
        assert base_url(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/v2"


def test_the_server_answers_as_soon_as_it_has_started_and_not_after_it_stopped() -> None:
    others = set(threading.enumerate())
    with running_server() as server:
        assert httpx.get(f"{server.base_url}/storage/kvs", headers=HEADERS).status_code == 200
        url = urlsplit(server.base_url)
    with socket.socket() as probe:
        assert probe.connect_ex((url.hostname, url.port)) != 0
    remaining = {thread.name for thread in threading.enumerate() if thread not in others}
    assert "kvtui-server" not in remaining


def test_an_idle_connection_does_not_delay_the_end() -> None:
    with local_server() as server, httpx.Client(headers=HEADERS) as client:
        running = RunningServer(server.app).start()
        client.get(f"{running.base_url}/storage/kvs")
        begun = time.monotonic()
        running.stop()
        assert time.monotonic() - begun < 2


def test_a_request_under_way_delays_the_end_only_for_a_moment() -> None:
    with local_server(ServerOptions(latency_seconds=60)) as server:
        running = RunningServer(server.app).start()
        url = urlsplit(running.base_url)
        with socket.create_connection((url.hostname, url.port)) as connection:
            connection.sendall(b"GET /v2/storage/kvs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            begun = time.monotonic()
            running.stop()
            assert time.monotonic() - begun < 5


def test_signals_are_left_to_the_program_around_it() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with running_server():
        during = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert during == before


def test_an_error_of_the_application_is_a_500_and_prints_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise LookupError

    with RunningServer(broken) as running:
        assert httpx.get(running.base_url).status_code == 500
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_server_that_is_alone(tmp_path: Path, number: signal.Signals) -> None:
    with ServerProcess(tmp_path / "data") as process:
        url = f"{process.base_url}/storage/kvs"
        created = httpx.post(url, json={"name": "kept"}, headers=HEADERS)
        assert created.status_code == 201
        process.send(number)
        assert process.ended() == (0, "closed\n", "")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("data")] == ["data"]


def test_a_second_signal_does_not_wait_for_open_requests(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", latency_seconds=60) as process:
        url = urlsplit(process.base_url)
        with socket.create_connection((url.hostname, url.port)) as connection:
            connection.sendall(b"GET /v2/storage/kvs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            process.send(signal.SIGINT)
            process.send(signal.SIGTERM)
            status, stdout, _ = process.ended()
    assert (status, stdout) == (0, "closed\n")
