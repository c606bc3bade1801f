"""A server of a few bytes, on a real socket: it says exactly what a test wants it to say."""

import asyncio
import contextlib
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

CERTIFICATE = Path(__file__).parent / "tls" / "localhost.pem"
"""Signed by itself, for `localhost` and 127.0.0.1."""

Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class RawServer:
    """Listens on loopback; `received` holds each request as it came, head and body."""

    def __init__(self, port: int, scheme: str) -> None:
        self.port = port
        self.scheme = scheme
        self.connection_count = 0
        self.received: list[bytes] = []

    @property
    def base_url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/v2"


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Read one request with its body; raises IncompleteReadError at the end of the connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    return head + await reader.readexactly(int(length[1]) if length else 0)


def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection with RST instead of FIN."""
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextlib.asynccontextmanager
async def raw_server(*replies: bytes, is_tls: bool = False) -> AsyncIterator[RawServer]:
    """Answer the requests of all connections with `replies`, the last one for ever.

    A reply with `Connection: close` closes, an empty one closes without a word.
    """
    waiting = list(replies)

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            server.received.append(await read_request(reader))
            reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            writer.write(reply)
            if not reply or b"Connection: close" in reply:
                return
            await writer.drain()

    async with listening(converse, is_tls=is_tls) as server:
        yield server


@contextlib.asynccontextmanager
async def listening(
    conversation: Conversation, *, is_tls: bool = False
) -> AsyncIterator[RawServer]:
    """Hold `conversation` with everybody who connects."""
    tasks: set[asyncio.Task[None]] = set()
    context = None
    if is_tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connection_count += 1
        task = asyncio.current_task()
        if task is not None:
            tasks.add(task)
        try:
            with contextlib.suppress(
                asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError
            ):
                await conversation(reader, writer)
        finally:
            writer.close()

    listener = await asyncio.start_server(hold, "127.0.0.1", 0, ssl=context)
    port = listener.sockets[0].getsockname()[1]
    server = RawServer(port, "https" if is_tls else "http")
    try:
        yield server
    finally:
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await listener.wait_closed()
