"""One connection of the local server: a deadline for request heads, and a way to hang up."""

import asyncio
from typing import cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from kvtui.server.app import DISCONNECT_EXTENSION


class HttpConnection(H11Protocol):
    """uvicorn's HTTP/1.1, which by itself waits for ever for the end of a request's head."""

    _head_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self.app = _with_hangup(self.app, self.transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering():
            self._stop_waiting()
        elif self._head_deadline is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's own type omits the None
        return cycle is not None and not cycle.response_complete

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
