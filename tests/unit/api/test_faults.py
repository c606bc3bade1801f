"""The client against a server that misbehaves on a real socket."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from kvtui.api.client import KvClient
from kvtui.errors import (
    ConnectionFailedError,
    InvalidRequestError,
    KvtuiError,
    MalformedResponseError,
    OutcomeUnknownError,
    RequestTimeoutError,
)
from kvtui.records import PutOutcome, StoredValue
from kvtui.secret import Secret
from tests.support.clock import VirtualClock
from tests.support.raw_server import (
    Conversation,
    RawServer,
    listening,
    raw_server,
    read_request,
    reset,
)

NS = "550e8400-e29b-41d4-a716-446655440000"
KEY = "KEY0123456789ABCDEF_pretend"
VALUE = StoredValue(b"new value")
OK = b"HTTP/1.1 200 OK\r\n"
CLOSE = b"Connection: close\r\n"
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
ZIPPED = gzip.compress(b"x" * 5000)


@asynccontextmanager
async def client_of(
    server: RawServer, *, deadline_seconds: float = 30.0
) -> AsyncIterator[KvClient]:
    client = KvClient(
        server.base_url,
        Secret(KEY),
        clock=VirtualClock(is_automatic=True),
        deadline_seconds=deadline_seconds,
    )
    try:
        yield client
    finally:
        await client.aclose()


def dripping(opening: bytes) -> Conversation:
    """Answer with `opening`, and then a byte now and then; with nothing, be silent."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(opening)
        while opening:
            await asyncio.sleep(0.01)
            writer.write(b"x")
        await asyncio.Event().wait()

    return drip


async def reading_fails(client: KvClient) -> KvtuiError:
    with pytest.raises(KvtuiError) as caught:
        await client.get_value(NS, "k")
    return caught.value


async def writing_fails(client: KvClient) -> KvtuiError:
    with pytest.raises(KvtuiError) as caught:
        await client.put_value(NS, "k", VALUE)
    return caught.value


FAULTS = {
    "closes without a word": (b"", ConnectionFailedError, 4),
    "speaks ssh": (b"SSH-2.0-OpenSSH_9.6\r\nConnection: close\r\n", ConnectionFailedError, 4),
    "speaks HTTP/0.9": (b"<p>hello</p>Connection: close", ConnectionFailedError, 4),
    "has a broken status line": (
        b"HTTP/1.1 OK 200\r\n" + CLOSE + b"\r\n",
        ConnectionFailedError,
        4,
    ),
    "has huge headers": (
        OK + CLOSE + b"X-Filler: " + b"x" * 200_000 + b"\r\n\r\n",
        ConnectionFailedError,
        4,
    ),
    "has a NUL in a header": (OK + CLOSE + b"X: \x00\r\n\r\n", ConnectionFailedError, 4),
    "has two lengths": (
        OK + CLOSE + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        ConnectionFailedError,
        4,
    ),
    "stops short of its length": (
        OK + CLOSE + b"Content-Length: 10\r\n\r\n12345",
        MalformedResponseError,
        4,
    ),
    "stops inside a chunk": (
        OK + CLOSE + b"Transfer-Encoding: chunked\r\n\r\na\r\n12345",
        MalformedResponseError,
        4,
    ),
    "stops between chunks": (
        OK + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        MalformedResponseError,
        4,
    ),
    "has a broken chunk": (
        OK + CLOSE + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n12345\r\n",
        MalformedResponseError,
        4,
    ),
    "ends where the connection ends": (OK + CLOSE + b"\r\n12345", MalformedResponseError, 1),
    "has a length and chunks": (
        OK + CLOSE + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        MalformedResponseError,
        1,
    ),
    "is compressed": (
        OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(ZIPPED) + ZIPPED,
        MalformedResponseError,
        1,
    ),
    "is compressed and cut": (
        OK + CLOSE + b"Content-Encoding: gzip\r\n\r\n" + ZIPPED[:20],
        MalformedResponseError,
        1,
    ),
    "promises ten gigabytes": (
        OK + b"Content-Length: 10737418240\r\n\r\n12345",
        MalformedResponseError,
        1,
    ),
}
each_fault = pytest.mark.parametrize(("reply", "expected", "attempts"), FAULTS.values(), ids=FAULTS)


@each_fault
async def test_reading_from_a_server_that(
    reply: bytes, expected: type[KvtuiError], attempts: int
) -> None:
    async with raw_server(reply) as server, client_of(server) as client:
        error = await reading_fails(client)

    assert type(error) is expected
    assert len(server.received) == attempts


LOST_REPLIES = {
    name: FAULTS[name][0]
    for name, (_, error, _) in FAULTS.items()
    if error is ConnectionFailedError
}


@pytest.mark.parametrize("reply", LOST_REPLIES.values(), ids=LOST_REPLIES)
async def test_writing_once_and_only_once_to_a_server_that(reply: bytes) -> None:
    async with raw_server(reply, CREATED) as server, client_of(server) as client:
        error = await writing_fails(client)

    assert isinstance(error, OutcomeUnknownError)
    assert len(server.received) == 1


@pytest.mark.parametrize("name", ["stops short of its length", "ends where the connection ends"])
async def test_a_write_is_done_when_its_status_says_so_whatever_follows(name: str) -> None:
    async with raw_server(FAULTS[name][0]) as server, client_of(server) as client:
        assert await client.put_value(NS, "k", VALUE) is PutOutcome.REPLACED


async def test_a_broken_connection_is_no_answer_and_for_a_write_leaves_it_unknown() -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.received.append(await read_request(reader))
        reset(writer)

    async with listening(break_off) as server, client_of(server) as client:
        writing = await writing_fails(client)
        write_count = len(server.received)
        reading = await reading_fails(client)

    assert isinstance(writing, OutcomeUnknownError)
    assert write_count == 1
    assert isinstance(reading, ConnectionFailedError)
    assert len(server.received) == write_count + 4


async def test_an_early_refusal_of_a_large_write_is_not_taken_for_success() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()

    async with listening(refuse) as server, client_of(server) as client:
        with pytest.raises((InvalidRequestError, OutcomeUnknownError)):
            await client.put_value(NS, "k", StoredValue(bytes(1_048_576)))

    assert server.connection_count == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed_and_the_other_host_hears_nothing(status: int) -> None:
    async with raw_server(CREATED) as other:
        location = f"http://127.0.0.1:{other.port}/v2/elsewhere"
        reply = (
            f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        ).encode()
        async with raw_server(reply) as server, client_of(server) as client:
            reading = await reading_fails(client)
            writing = await writing_fails(client)

    assert isinstance(reading, MalformedResponseError)
    assert f"a redirect ({status})" in str(reading)
    assert isinstance(writing, OutcomeUnknownError)
    assert len(server.received) == 2
    assert other.connection_count == 0


async def test_the_deadline_ends_a_body_that_drips() -> None:
    opening = OK + b"Content-Length: 1000\r\n\r\n"
    async with (
        listening(dripping(opening)) as server,
        client_of(server, deadline_seconds=0.1) as client,
    ):
        error = await reading_fails(client)

    assert isinstance(error, RequestTimeoutError)


@pytest.mark.parametrize("opening", [b"", b"HTTP/1.1 ", OK + b"X-Filler: "])
async def test_the_deadline_ends_a_silence_and_headers_that_drip(opening: bytes) -> None:
    async with listening(dripping(opening)) as server:
        async with client_of(server, deadline_seconds=0.1) as client:
            reading = await reading_fails(client)
        async with client_of(server, deadline_seconds=0.1) as client:
            writing = await writing_fails(client)

    assert isinstance(reading, RequestTimeoutError)
    assert isinstance(writing, OutcomeUnknownError)


async def test_interim_answers_are_not_answers() -> None:
    reply = b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\nv"
    async with raw_server(reply) as server, client_of(server) as client:
        assert (await client.get_value(NS, "k")).content == b"v"


async def test_an_endless_body_is_dropped() -> None:
    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + bytes(65_536) + b"\r\n")
            await writer.drain()

    async with listening(pour) as server, client_of(server) as client:
        error = await reading_fails(client)

    assert isinstance(error, MalformedResponseError)
    assert "larger than" in str(error)


FRAMINGS = {
    "declared": OK + b"Content-Type: text/plain\r\nContent-Length: 9\r\n\r\nthe value",
    "chunked": OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nthe \r\n5\r\nvalue\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("reply", FRAMINGS.values(), ids=FRAMINGS)
async def test_an_answer_cut_anywhere_is_never_taken_for_whole(reply: bytes) -> None:
    cut = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(reply[:cut])

    async with listening(answer) as server, client_of(server) as client:
        for length in range(len(reply)):
            cut = length
            assert isinstance(
                await reading_fails(client), ConnectionFailedError | MalformedResponseError
            )
        cut = len(reply)
        assert (await client.get_value(NS, "k")).content == b"the value"


async def test_a_connection_the_server_closed_meanwhile_is_replaced_before_a_write() -> None:
    is_closed = asyncio.Event()

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.received.append(await read_request(reader))
        writer.write(CREATED)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        is_closed.set()

    async with listening(answer_once) as server, client_of(server) as client:
        for _ in range(3):
            assert await client.put_value(NS, "k", VALUE) is PutOutcome.CREATED
            await is_closed.wait()
            is_closed.clear()

    assert server.connection_count == 3


async def test_the_key_and_the_value_travel_where_they_belong_and_nowhere_else() -> None:
    async with raw_server(CREATED) as server, client_of(server) as client:
        await client.put_value(NS, "a/b", StoredValue(b"the value", "text/plain"))

    (received,) = server.received
    head, _, body = received.partition(b"\r\n\r\n")
    assert body == b"the value"
    assert head.split(b"\r\n")[0] == f"PUT /v2/storage/kvs/{NS}/keys/a%2Fb HTTP/1.1".encode()
    assert received.count(KEY.encode()) == 1
    assert f"Authorization: Bearer {KEY}".encode() in head
    assert b"Content-Length: 9" in head
