"""Connections that are silent, slow or many: each is given up in time, and none is in the way."""

import contextlib
import socket
import time
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


SLOW_PUT = (
    f"PUT /v2/storage/kvs/none/keys/k HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    f"Authorization: Bearer {TOKEN}\r\nContent-Length: 1000\r\n\r\n"
)
BEGUN = ("", "GET /", WHOLE[:-2], SLOW_PUT)
HALF_OPEN = 400
CALL_SECONDS = 1.0
CLOSED_SECONDS = 15.0


def test_however_many_are_half_open_or_slow_a_call_is_answered_within_a_second() -> None:
    with contextlib.ExitStack() as held:
        server = held.enter_context(local_server())
        url = urlsplit(held.enter_context(RunningServer(server.app)).base_url)
        assert url.hostname
        assert url.port
        address = (url.hostname, url.port)
        others = []
        slowest = 0.0
        for number in range(HALF_OPEN):
            other = held.enter_context(socket.create_connection(address, timeout=CLOSED_SECONDS))
            other.sendall(BEGUN[number % len(BEGUN)].encode())
            others.append(other)
            if number % 10 == 9:
                began_at = time.monotonic()
                with socket.create_connection(address, timeout=10) as asking:
                    assert is_answered(asking)
                slowest = max(slowest, time.monotonic() - began_at)
        held_since = time.monotonic()
        assert [other for other in others if not is_over(other)] == []
        assert time.monotonic() - held_since < CLOSED_SECONDS
    assert slowest < CALL_SECONDS


def is_over(connection: socket.socket) -> bool:
    """Read what there is to its end; it may have been told that it was too slow."""
    try:
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True
    return True
