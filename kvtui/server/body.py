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
    """The body of one request; `deadline_seconds` is how long all of it may take."""

    def __init__(
        self, scope: Scope, receive: Receive, deadline_seconds: float = _DEADLINE_SECONDS
    ) -> None:
        length = Headers(scope=scope).get("content-length", "")
        self._announced_bytes = int(length) if length.isdecimal() else 0
        self._received_bytes = 0
        self._receive = receive
        self._deadline_seconds = deadline_seconds
        self._deadline: float | None = None
        self.is_complete = False

    async def read(self, max_bytes: int) -> bytes:
        """Read all of it, or refuse it with 413."""
        if self._announced_bytes > max_bytes:
            raise refusal.too_large(max_bytes)
        content = bytearray()
        try:
            while not self.is_complete:
                content += await self._next_part()
                if len(content) > max_bytes:
                    raise refusal.too_large(max_bytes)
        except TimeoutError as error:
            raise refusal.request_timed_out() from error
        return bytes(content)

    async def discard(self) -> None:
        """Read what is left of a moderate body: a client still sending may miss the answer."""
        if self._announced_bytes > _MAX_DISCARDED_BYTES:
            return
        try:
            while not self.is_complete and self._received_bytes <= _MAX_DISCARDED_BYTES:
                await self._next_part()
        except TimeoutError:
            return

    async def _next_part(self) -> bytes:
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + self._deadline_seconds
        async with asyncio.timeout_at(self._deadline):
            message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        self.is_complete = not message.get("more_body", False)
        part: bytes = message.get("body", b"")
        self._received_bytes += len(part)
        return part
