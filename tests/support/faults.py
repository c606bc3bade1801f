"""A line that fails: a proxy on a real socket, in front of the local server, with one fault."""

import asyncio
import contextlib
import gzip
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from tests.support.raw_server import read_request, reset

SLOW_SECONDS = 0.05
"""Between two bytes that dribble: far below any timeout for one read."""
SOON_SECONDS = 0.002
NOISE = b"N0ISE\x1b]0;owned\x07[/]"
"""What no person may ever be shown."""
WEB_PAGE = b"<html><title>502 N0ISE</title><body>[/]bad gateway</body></html>"
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *\d+")
_CONNECTION = re.compile(rb"(?i)\r\nconnection: *[^\r]*")


class Exchange:
    """One request that came, and what is done about it."""

    def __init__(
        self,
        request: bytes,
        upstream: int,
        writer: asyncio.StreamWriter,
        asking: "set[asyncio.Future[None]] | None" = None,
    ) -> None:
        self.request = request
        self._upstream = upstream
        self._writer = writer
        self._asking = set[asyncio.Future[None]]() if asking is None else asking

    async def ask(self) -> bytes:
        """Let the server have the request, and give its whole answer."""
        answered = asyncio.get_running_loop().create_future()
        self._asking.add(answered)
        try:
            return await self._ask()
        finally:
            self._asking.remove(answered)
            answered.set_result(None)

    async def _ask(self) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        head, _, body = self.request.partition(b"\r\n\r\n")
        writer.write(_CONNECTION.sub(b"", head) + b"\r\nConnection: close\r\n\r\n" + body)
        try:
            return await reader.read()
        finally:
            writer.close()

    async def say(self, reply: bytes) -> None:
        self._writer.write(reply)
        await self._writer.drain()

    async def dribble(self, reply: bytes) -> None:
        for start in range(len(reply)):
            await self.say(reply[start : start + 1])
            await asyncio.sleep(SLOW_SECONDS)

    def reset(self) -> None:
        reset(self._writer)


Act = Callable[[Exchange], Awaitable[None]]


class Moment(Enum):
    """When a fault strikes."""

    LISTENING = "nobody listens"
    CONNECTED = "on the connection, before any request"
    ASKED = "on a request"


@dataclass(frozen=True)
class Fault:
    act: Act
    moment: Moment = Moment.ASKED


class FaultyLine:
    """Passes everything on until it is struck by a fault; then what `is_hit` names meets it."""

    def __init__(self, upstream: int) -> None:
        self.requests: list[bytes] = []
        """As they came, whatever became of them."""
        self.hit_count = 0
        self.asking: set[asyncio.Future[None]] = set()
        """What the server was given and has not answered."""
        self.is_hit: Callable[[bytes], bool] = lambda request: True
        self._fault: Fault | None = None
        self._upstream = upstream
        self._port = 0
        self._listener: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v2"

    def sent(self, method: str) -> list[bytes]:
        """Give the requests with this method."""
        return [request for request in self.requests if request.startswith(method.encode())]

    async def listen(self) -> None:
        self._listener = await asyncio.start_server(self._hold, "127.0.0.1", self._port)
        self._port = self._listener.sockets[0].getsockname()[1]

    async def strike(self, fault: Fault) -> None:
        self._fault = fault
        if fault.moment is Moment.LISTENING:
            await self._stop_listening()

    async def mend(self) -> None:
        self._fault = None
        if self._listener is None:
            await self.listen()

    async def quiet(self) -> None:
        """Wait until the server answered whatever it was given."""
        await asyncio.sleep(SOON_SECONDS)  # what was just sent is read first
        while self.asking:
            await asyncio.wait(set(self.asking))

    async def close(self) -> None:
        await self._stop_listening()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        gone = (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError)
        try:
            with contextlib.suppress(*gone):
                await self._converse(reader, writer)
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._fault
        if fault is not None and fault.moment is Moment.CONNECTED:
            self.hit_count += 1
            await fault.act(Exchange(b"", self._upstream, writer, self.asking))
            return
        request = await read_request(reader)
        self.requests.append(request)
        exchange = Exchange(request, self._upstream, writer, self.asking)
        if fault is not None and self.is_hit(request):
            self.hit_count += 1
            await fault.act(exchange)
        else:
            await exchange.say(await exchange.ask())


@contextlib.asynccontextmanager
async def faulty_line(base_url: str) -> AsyncIterator[FaultyLine]:
    """Put a line before the server at `base_url`."""
    port = urlsplit(base_url).port
    assert port is not None
    line = FaultyLine(port)
    await line.listen()
    try:
        yield line
    finally:
        await line.close()


def saying(reply: bytes) -> Fault:
    """Answer without asking the server."""

    async def act(exchange: Exchange) -> None:
        await exchange.say(reply)

    return Fault(act)


def changing(change: Callable[[bytes], bytes]) -> Fault:
    """Let the server do it, and change its answer."""

    async def act(exchange: Exchange) -> None:
        await exchange.say(change(await exchange.ask()))

    return Fault(act)


def redirecting(status: int, location: str) -> Fault:
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n"
    return saying(head.encode() + b"Connection: close\r\n\r\n")


def framed(reply: bytes, framing: bytes, body: bytes | None = None) -> bytes:
    """Give an answer with other words on its length, and with another body."""
    head, _, old = reply.partition(b"\r\n\r\n")
    head = _LENGTH.sub(b"", head) + (b"\r\n" + framing if framing else b"")
    return head + b"\r\n\r\n" + (old if body is None else body)


async def _silence(exchange: Exchange) -> None:
    await asyncio.Event().wait()


async def _reset(exchange: Exchange) -> None:
    exchange.reset()


async def _close(exchange: Exchange) -> None:
    """Leave without a word."""


async def _do_and_reset(exchange: Exchange) -> None:
    await exchange.ask()
    exchange.reset()


async def _do_and_close(exchange: Exchange) -> None:
    await exchange.ask()


async def _do_and_be_silent(exchange: Exchange) -> None:
    await exchange.ask()
    await _silence(exchange)


async def _stall_within(exchange: Exchange) -> None:
    await exchange.say((await exchange.ask())[:30])
    await _silence(exchange)


async def _reset_within(exchange: Exchange) -> None:
    await exchange.say((await exchange.ask())[:30])
    exchange.reset()


async def _dribble(exchange: Exchange) -> None:
    await exchange.dribble(await exchange.ask())


async def _dribble_a_body(exchange: Exchange) -> None:
    await exchange.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    await exchange.dribble(b"x" * 100_000)


CHUNKED = b"Transfer-Encoding: chunked"
GARBAGE = b"HTTP/1.1 OK " + NOISE + b"\r\nContent-Length: 0\r\n\r\n"
BAD_GATEWAY = (
    b"HTTP/1.1 502 " + NOISE.replace(b"\x1b", b"") + b"\r\nContent-Type: text/html\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(WEB_PAGE) + WEB_PAGE
)
FILLED = b"HTTP/1.1 200 OK\r\nX-Filler: " + b"N0ISE" * 40_000 + b"\r\nContent-Length: 0\r\n\r\n"

FAULTS: dict[str, Fault] = {
    "refuses": Fault(_silence, Moment.LISTENING),
    "resets a connection": Fault(_reset, Moment.CONNECTED),
    "closes a connection": Fault(_close, Moment.CONNECTED),
    "is silent on a connection": Fault(_silence, Moment.CONNECTED),
    "resets on a request": Fault(_reset),
    "closes on a request": Fault(_close),
    "is silent on a request": Fault(_silence),
    "does it and resets": Fault(_do_and_reset),
    "does it and closes": Fault(_do_and_close),
    "does it and is silent": Fault(_do_and_be_silent),
    "stalls within": Fault(_stall_within),
    "resets within": Fault(_reset_within),
    "dribbles an answer": Fault(_dribble),
    "dribbles a body": Fault(_dribble_a_body),
    "cuts the status": changing(lambda reply: reply[:5]),
    "cuts the headers": changing(lambda reply: reply[:40]),
    "cuts the last byte": changing(lambda reply: reply[:-1]),
    "answers twice": changing(lambda reply: reply + reply),
    "adds to the answer": changing(lambda reply: reply + NOISE),
    "promises more": changing(lambda reply: framed(reply, b"Content-Length: 99999")),
    "promises less": changing(lambda reply: framed(reply, b"Content-Length: 3")),
    "promises gigabytes": changing(lambda reply: framed(reply, b"Content-Length: 10737418240")),
    "tells two lengths": changing(
        lambda reply: framed(reply, b"Content-Length: 1\r\nContent-Length: 2")
    ),
    "tells no length": changing(lambda reply: framed(reply, b"")),
    "breaks a chunk": changing(lambda reply: framed(reply, CHUNKED, b"zz\r\nN0ISE\r\n0\r\n\r\n")),
    "ends no chunks": changing(lambda reply: framed(reply, CHUNKED, b"5\r\nN0ISE\r\n")),
    "compresses": changing(
        lambda reply: framed(reply, b"Content-Encoding: gzip\r\n" + CHUNKED, b"0\r\n\r\n")
    ),
    "compresses and cuts": changing(
        lambda reply: framed(reply, b"Content-Encoding: gzip", gzip.compress(bytes(5_000))[:20])
    ),
    "encodes unheard of": changing(
        lambda reply: framed(reply, b"Content-Encoding: N0ISE\r\nContent-Length: 1", b"x")
    ),
    "garbles the status": saying(GARBAGE),
    "speaks ssh": saying(b"SSH-2.0-N0ISE\r\n"),
    "speaks HTTP/0.9": saying(b"<p>N0ISE</p>"),
    "has huge headers": saying(FILLED),
    "has a NUL in a header": saying(b"HTTP/1.1 200 OK\r\nX: N0ISE\x00\r\n\r\n"),
    "is a bad gateway": saying(BAD_GATEWAY),
    "redirects": redirecting(307, "http://127.0.0.1:1/v2/N0ISE"),
    "has an unknown status": saying(
        b"HTTP/1.1 999 N0ISE\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    ),
}
