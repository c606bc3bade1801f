"""One connection of the local server: a deadline for request heads, and ways to hang up."""

import asyncio
from typing import cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from kvtui.server.app import DISCONNECT_EXTENSION


class HttpConnection(H11Protocol):
    """uvicorn's HTTP/1.1, which by itself waits for ever for the end of a request's head.

    It also refuses everybody while too many connections are open: here those make room that have
    been waited for the longest.
    """

    _head_deadline: asyncio.TimerHandle | None = None
    made_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self.app = _with_hangup(self.app, self.transport)
        self.made_at = self.loop.time()
        self._await_head()
        self._make_room()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering():
            self._stop_waiting()
        elif self._head_deadline is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _make_room(self) -> None:
        """Hang up on the oldest of those that still owe a part of their request."""
        if self.limit_concurrency is None or len(self.connections) < self.limit_concurrency:
            return
        owing = [held for held in self.connections if isinstance(held, HttpConnection)]
        owing = [held for held in owing if held.is_owing()]
        if owing:
            min(owing, key=lambda held: held.made_at).hang_up()

    def is_owing(self) -> bool:
        """Tell whether a request was begun, or not even that, and its end has not come in."""
        cycle = self._cycle()
        return self._head_deadline is not None or (cycle is not None and cycle.more_body)

    def hang_up(self) -> None:
        """Close at once, without an answer."""
        self._stop_waiting()
        self.connections.discard(self)  # the end of it is only told later, and it counts no more
        self.transport.abort()

    def _is_answering(self) -> bool:
        cycle = self._cycle()
        return cycle is not None and not cycle.response_complete

    def _cycle(self) -> RequestResponseCycle | None:
        return self.cycle  # uvicorn's own type omits the None

    def _await_head(self) -> None:
        self._head_deadline = self.loop.call_later(self.timeout_keep_alive, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None


def _with_hangup(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    async def app_with_hangup(scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {DISCONNECT_EXTENSION: transport.abort}
        await app(scope, receive, send)

    return app_with_hangup
