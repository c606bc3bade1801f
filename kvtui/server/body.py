"""A request's body: read once, counted while it arrives, given up when it takes too long."""

import asyncio
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from kvtui.server import refusal

_DEADLINE_SECONDS: Final = 10.0
_MAX_DISCARDED_BYTES: Final = 4 * 1024 * 1024


class RequestBody:
    """The body of one request.

    A client that is still sending when the answer comes may never see it, so a moderate surplus
    is read and thrown away first.
    """

    def __init__(self, scope: Scope, receive: Receive) -> None:
        length = Headers(scope=scope).get("content-length", "")
        self._announced_bytes = int(length) if length.isdecimal() else 0
        self._receive = receive
        self._is_complete = False
        self._received_bytes = 0

    async def read(self, max_bytes: int) -> bytes:
        """Read all of it, or refuse it with 413."""
        if self._announced_bytes > max_bytes:
            raise refusal.too_large(max_bytes)
        content = bytearray()
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                while not self._is_complete:
                    content += await self._next_part()
                    if len(content) > max_bytes:
                        raise refusal.too_large(max_bytes)
        except TimeoutError as error:
            raise refusal.request_timed_out() from error
        return bytes(content)

    async def discard(self) -> None:
        """Read what is left of a moderate body, within the deadline."""
        if self._announced_bytes > _MAX_DISCARDED_BYTES:
            return
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                while not self._is_complete and self._received_bytes <= _MAX_DISCARDED_BYTES:
                    await self._next_part()
        except TimeoutError:
            return

    async def _next_part(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        self._is_complete = not message.get("more_body", False)
        part: bytes = message.get("body", b"")
        self._received_bytes += len(part)
        return part
