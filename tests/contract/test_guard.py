"""Who may talk to the local server, and how much: every case by itself, on a real socket."""

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from kvtui.protocol import MAX_VALUE_BYTES
from tests.support.raw_client import RawClient
from tests.support.server import TOKEN, LocalServer, running_server

CREDENTIALS = ("Authorization", f"Bearer {TOKEN}")
TARGET = "/v2/storage/kvs"


def port(server: LocalServer) -> int:
    found = urlsplit(server.base_url).port
    assert found is not None
    return found


def spoken(server: LocalServer, *lines: str, body: bytes = b"") -> bytes:
    """Send these very bytes and read what comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port(server)), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1:1", "127.0.0.1:65535", "localhost", "localhost:80"),
        *("LOCALHOST", "LocalHost:8080", "[::1]", "[::1]:443"),
    ],
)
def test_the_names_of_this_machine_are_answered(raw: RawClient, host: str) -> None:
    assert raw.exchange("GET", TARGET, [("Host", host), CREDENTIALS]).status == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.test", "127.0.0.1.evil.test", "evil.test:80", "localhost.evil.test", "0.0.0.0:1"),
        *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost.", "localhost.:80", ""),
        *("[::]", "[::ffff:127.0.0.1]", "::1", "127.0.0.1:x", "127.0.0.1:", "127.0.0.1:80:80"),
        *("127.0.0.1,evil.test", "user@127.0.0.1", "127.0.0.1/", " "),
    ],
)
def test_any_other_host_name_is_refused(raw: RawClient, host: str) -> None:
    assert raw.exchange("GET", TARGET, [("Host", host), CREDENTIALS]).status == 421


def test_two_host_names_are_refused(server: LocalServer) -> None:
    answer = spoken(
        server, f"GET {TARGET} HTTP/1.1", "Host: 127.0.0.1", "Host: evil.test", "Connection: close"
    )
    assert status(answer) == 400


@pytest.mark.parametrize(("version", "expected"), [("1.1", 400), ("1.0", 421)])
def test_a_request_without_a_host_name_is_refused(
    server: LocalServer, version: str, expected: int
) -> None:
    answer = spoken(server, f"GET {TARGET} HTTP/{version}", f"{': '.join(CREDENTIALS)}")
    assert status(answer) == expected


def test_a_full_url_as_target_is_an_ordinary_request(raw: RawClient) -> None:
    headers = [("Host", "127.0.0.1"), CREDENTIALS]
    assert raw.exchange("GET", f"http://127.0.0.1{TARGET}", headers).status == 200


@pytest.mark.parametrize(
    "header",
    [
        *(("Origin", origin) for origin in ("http://evil.test", "null", "http://127.0.0.1", "")),
        *(("Sec-Fetch-Site", site) for site in ("cross-site", "same-site", "same-origin", "x")),
    ],
)
def test_a_web_page_is_refused(raw: RawClient, header: tuple[str, str]) -> None:
    answer = raw("GET", headers=dict([header]))
    assert (answer.status, answer.code) == (403, "10010")
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_an_address_typed_into_a_browser_is_no_web_page(raw: RawClient) -> None:
    assert raw("GET", headers={"Sec-Fetch-Site": "none"}).status == 200


@pytest.mark.parametrize(
    "credentials",
    [
        *(f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN.lower()}", "Bearer x"),
        *("Bearer", "Bearer ", f"bearer {TOKEN}", f"Basic {TOKEN}", TOKEN, "", f"Bearer  {TOKEN}"),
        *(f"Bearer {TOKEN} x", f"Bearer\t{TOKEN}", "Bearer é"),
    ],
)
def test_a_wrong_token_is_refused(raw: RawClient, credentials: str) -> None:
    answer = raw("GET", headers={"Authorization": credentials})
    assert (answer.status, answer.code) == (401, "10009")
    assert TOKEN not in answer.body.decode()


@pytest.mark.parametrize("headers", [[], [CREDENTIALS, CREDENTIALS]])
def test_none_or_two_tokens_are_refused(raw: RawClient, headers: list[tuple[str, str]]) -> None:
    answer = raw.exchange("GET", TARGET, [("Host", "127.0.0.1"), *headers])
    assert (answer.status, answer.code) == (401, "10009")


@pytest.mark.parametrize(("token", "expected"), [("anything", 200), (" ", 401)])
def test_any_token_will_do_where_none_is_set(token: str, expected: int) -> None:
    with running_server(api_key=None) as server:
        answer = RawClient(server)("GET", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == expected


@pytest.mark.parametrize(("size", "expected"), [(15_000, 200), (17_000, 431)])
def test_headers_are_bounded(raw: RawClient, size: int, expected: int) -> None:
    assert raw("GET", headers={"X-Long": "x" * size}).status == expected
    assert raw("GET", f"?q={'x' * size}").status == expected


def test_headers_without_end_are_cut_off(server: LocalServer) -> None:
    with socket.create_connection(("127.0.0.1", port(server)), timeout=20) as connection:
        connection.sendall(f"GET {TARGET} HTTP/1.1\r\nX: ".encode() + b"x" * 40_000)
        assert status(connection.recv(65_536)) == 400


@pytest.fixture
def put_head(namespace_id: str) -> list[str]:
    return [
        f"PUT {TARGET}/{namespace_id}/keys/body HTTP/1.1",
        "Host: 127.0.0.1",
        ": ".join(CREDENTIALS),
        "Connection: close",
    ]


@pytest.fixture
def stored(raw: RawClient, namespace_id: str) -> Iterator[RawClient]:
    raw("DELETE", f"/{namespace_id}/keys/body")
    yield raw
    raw("DELETE", f"/{namespace_id}/keys/body")


def chunked(*sizes: int) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (size, b"x" * size) for size in [*sizes, 0])


@pytest.mark.parametrize(("chunks", "expected"), [(16, 201), (17, 413)])
def test_a_chunked_body_is_counted_while_it_arrives(
    server: LocalServer,
    put_head: list[str],
    stored: RawClient,
    namespace_id: str,
    chunks: int,
    expected: int,
) -> None:
    body = chunked(*[65_536] * chunks)
    answer = spoken(server, *put_head, "Transfer-Encoding: chunked", body=body)
    assert status(answer) == expected
    found = stored("GET", f"/{namespace_id}/keys/body")
    assert found.status == (200 if expected == 201 else 404)


def test_a_gigantic_length_is_refused_at_once(server: LocalServer, put_head: list[str]) -> None:
    begun = time.monotonic()
    answer = spoken(server, *put_head, "Content-Length: 10737418240")
    assert status(answer) == 413
    assert time.monotonic() - begun < 5


def test_a_body_cut_short_is_not_stored(
    server: LocalServer, put_head: list[str], stored: RawClient, namespace_id: str
) -> None:
    with socket.create_connection(("127.0.0.1", port(server)), timeout=20) as connection:
        head = "\r\n".join([*put_head, "Content-Length: 100", "", ""])
        connection.sendall(head.encode() + b"x" * 99)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(65_536) == b""
    assert stored("GET", f"/{namespace_id}/keys/body").status == 404


def test_two_ways_to_say_the_length_are_refused(
    server: LocalServer, put_head: list[str], stored: RawClient, namespace_id: str
) -> None:
    lengths = ("Content-Length: 5", "Transfer-Encoding: chunked")
    answer = spoken(server, *put_head, *lengths, body=chunked(5))
    assert status(answer) == 400
    assert stored("GET", f"/{namespace_id}/keys/body").status == 404


@pytest.mark.parametrize("path", ["/x/keys/k", "/ID/keys/..", "/ID/keys/k?ttl_secs=0", "/ID"])
def test_a_refusal_reaches_a_client_that_is_still_sending(
    raw: RawClient, namespace_id: str, path: str
) -> None:
    answer = raw("PUT", path.replace("ID", namespace_id), b"x" * (2 * MAX_VALUE_BYTES))
    assert answer.status in {400, 405, 422}


def test_a_connection_serves_many_requests(server: LocalServer, namespace_id: str) -> None:
    head = [f"GET {TARGET}/{namespace_id} HTTP/1.1", "Host: 127.0.0.1", ": ".join(CREDENTIALS), ""]
    answer = spoken(server, *head, *head, *head[:-1], "Connection: close")
    assert answer.count(b"HTTP/1.1 200 OK") == 3
