import contextlib
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from kvtui.server.options import ServerOptions
from kvtui.server.run import RunningServer
from tests.support.server import TOKEN, local_server

LATENCY_SECONDS = 1.1
WHOLE = f"GET /v2/storage/kvs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """Serve slowly, to connections that may be idle for a second, less than an answer takes."""
    with (
        local_server(ServerOptions(latency_seconds=LATENCY_SECONDS)) as server,
        RunningServer(server.app, idle_seconds=1) as running,
    ):
        url = urlsplit(running.base_url)
        assert url.hostname
        assert url.port
        yield url.hostname, url.port


def is_answered(connection: socket.socket) -> bool:
    connection.sendall(WHOLE.encode())
    answer = b""
    while not answer.endswith(b"}}"):
        part = connection.recv(65_536)
        if not part:
            return False
        answer += part
    return answer.startswith(b"HTTP/1.1 200 OK")


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(65_536) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("begun", ["", "GET", WHOLE[:-4], WHOLE[:-1]])
def test_a_request_that_is_not_finished_is_not_waited_for(
    address: tuple[str, int], begun: str
) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(begun.encode())
        assert is_closed(connection)


def test_a_head_that_comes_in_drops_is_not_waited_for_either(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=0.2) as connection:
        sent = 0
        while sent < len(WHOLE) and not is_closed(connection):
            with contextlib.suppress(ConnectionError):
                connection.sendall(WHOLE[sent].encode())
            sent += 1
    assert sent < 20


def test_an_answer_may_take_longer_than_a_connection_may_be_idle(
    address: tuple[str, int],
) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        for _ in range(2):
            assert is_answered(connection)
        assert is_closed(connection)


def test_the_next_request_on_a_connection_is_not_waited_for_either(
    address: tuple[str, int],
) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        assert is_answered(connection)
        connection.sendall(b"GET")
        assert is_closed(connection)


def test_half_open_connections_do_not_stop_the_service(address: tuple[str, int]) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(40):
            connection = held.enter_context(socket.create_connection(address, timeout=10))
            connection.sendall(b"GET /")
        asking = held.enter_context(socket.create_connection(address, timeout=10))
        assert is_answered(asking)
