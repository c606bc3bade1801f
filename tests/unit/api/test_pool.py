"""Connections: how many, to whom, and through what."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kvtui.api.client import KvClient
from kvtui.api.pool import open_transport
from kvtui.errors import ConnectionFailedError, KvtuiError, SettingsError
from kvtui.records import PutOutcome, StoredValue
from kvtui.secret import Secret
from tests.support.clock import VirtualClock
from tests.support.raw_server import CERTIFICATE, listening, raw_server, read_request

NS = "550e8400-e29b-41d4-a716-446655440000"
KEY = "KEY0123456789ABCDEF_pretend"
VALUE = StoredValue(b"v")
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nv"


@asynccontextmanager
async def client_at(
    base_url: str, *, ca_bundle: Path | None = None, proxy: str | None = None
) -> AsyncIterator[KvClient]:
    client = KvClient(
        base_url,
        Secret(KEY),
        transport=open_transport(base_url, ca_bundle=ca_bundle, proxy=proxy),
        clock=VirtualClock(is_automatic=True),
    )
    try:
        yield client
    finally:
        await client.aclose()


async def writing_fails(client: KvClient) -> KvtuiError:
    with pytest.raises(KvtuiError) as caught:
        await client.put_value(NS, "k", VALUE)
    return caught.value


async def test_requests_one_after_another_share_a_connection() -> None:
    async with raw_server(REPLY) as server, client_at(server.base_url) as client:
        for _ in range(20):
            await client.get_value(NS, "k")

    assert server.connection_count == 1


async def test_sixteen_requests_at_once_have_sixteen_connections_and_never_one_more() -> None:
    is_full = asyncio.Event()

    async def answer_when_full(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            server.received.append(await read_request(reader))
            if len(server.received) == 16:
                is_full.set()
            await is_full.wait()
            writer.write(REPLY)

    async with listening(answer_when_full) as server, client_at(server.base_url) as client:
        for _ in range(3):
            await asyncio.gather(*(client.get_value(NS, "k") for _ in range(40)))

    assert server.connection_count == 16
    assert len(server.received) == 120


async def test_connections_of_requests_given_up_are_free_again() -> None:
    is_silent = True
    is_full = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            server.received.append(await read_request(reader))
            if len(server.received) == 16:
                is_full.set()
            if is_silent:
                await asyncio.Event().wait()
            writer.write(REPLY)

    async with listening(answer) as server, client_at(server.base_url) as client:
        reading = [asyncio.create_task(client.get_value(NS, "k")) for _ in range(16)]
        await is_full.wait()
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        is_silent = False
        values = await asyncio.gather(*(client.get_value(NS, "k") for _ in range(32)))

    assert {value.content for value in values} == {b"v"}


async def test_a_certificate_nobody_vouches_for_is_refused_before_anything_is_sent() -> None:
    async with raw_server(REPLY, is_tls=True) as server, client_at(server.base_url) as client:
        error = await writing_fails(client)

    assert isinstance(error, ConnectionFailedError)
    assert str(error) == f"the certificate of 127.0.0.1:{server.port} is signed by itself"
    assert server.received == []
    assert client.trace.request_count == 1


async def test_a_bundle_of_certificates_is_trusted_besides_the_usual_ones() -> None:
    async with (
        raw_server(REPLY, is_tls=True) as server,
        client_at(server.base_url, ca_bundle=CERTIFICATE) as client,
    ):
        assert (await client.get_value(NS, "k")).content == b"v"


async def test_https_at_a_port_for_http_says_what_may_be_wrong() -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")

    async with (
        listening(speak_plainly) as server,
        client_at(server.base_url.replace("http:", "https:")) as client,
    ):
        error = await writing_fails(client)

    assert isinstance(error, ConnectionFailedError)
    assert str(error) == f"{client.host} does not speak TLS as it should: is this a port for https?"


async def test_a_port_nobody_listens_at_is_tried_four_times_also_for_a_write() -> None:
    async with raw_server(REPLY) as server:
        dead_url = server.base_url
    async with client_at(dead_url) as client:
        error = await writing_fails(client)

    assert isinstance(error, ConnectionFailedError)
    assert str(error) == f"nothing answers at {client.host}: the connection was refused"
    assert client.trace.request_count == 4


async def test_a_port_that_cannot_exist_is_an_error_like_any_other() -> None:
    async with client_at("http://127.0.0.1:99999/v2") as client:
        error = await writing_fails(client)

    assert isinstance(error, ConnectionFailedError)
    assert client.trace.request_count == 1


async def test_a_proxy_that_refuses_means_that_the_write_was_not_sent() -> None:
    reply = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with (
        raw_server(reply) as proxy,
        client_at("https://api.test/v2", proxy=f"http://127.0.0.1:{proxy.port}") as client,
    ):
        error = await writing_fails(client)

    assert isinstance(error, ConnectionFailedError)
    assert str(error) == "the proxy does not connect to api.test"
    assert {received.split(b"\r\n")[0] for received in proxy.received} == {
        b"CONNECT api.test:443 HTTP/1.1"
    }
    assert KEY.encode() not in b"".join(proxy.received)


async def test_a_proxy_that_hangs_up_means_that_the_write_was_not_sent_either() -> None:
    async with (
        raw_server(b"") as proxy,
        client_at("https://api.test/v2", proxy=f"http://127.0.0.1:{proxy.port}") as client,
    ):
        error = await writing_fails(client)

    assert isinstance(error, ConnectionFailedError)
    assert len(proxy.received) == 4


async def test_requests_go_through_the_proxy_that_was_chosen() -> None:
    async with (
        raw_server(REPLY) as proxy,
        client_at("http://api.test/v2", proxy=f"http://127.0.0.1:{proxy.port}") as client,
    ):
        assert await client.put_value(NS, "k", VALUE) is PutOutcome.REPLACED

    assert proxy.received[0].startswith(b"PUT http://api.test/v2/storage/kvs/")


async def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with raw_server(REPLY) as server, raw_server(REPLY) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        async with client_at(server.base_url) as client:
            await client.get_value(NS, "k")

    assert proxy.connection_count == 0
    assert len(server.received) == 1


@pytest.mark.parametrize("proxy", ["ftp://127.0.0.1", "http://ho\x00st", "socks5://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used_is_a_matter_of_settings(proxy: str) -> None:
    with pytest.raises(SettingsError):
        open_transport("https://api.test/v2", proxy=proxy)


def test_a_bundle_that_is_none_is_a_matter_of_settings(tmp_path: Path) -> None:
    garbage = tmp_path / "ca.pem"
    garbage.write_text("no certificate")

    for path in (garbage, tmp_path / "absent.pem"):
        with pytest.raises(SettingsError, match="not a file of certificates"):
            open_transport("https://api.test/v2", ca_bundle=path)
