"""The local server as an ASGI application: guard, faults and limits around the routes."""

import asyncio
from typing import Final

from starlette.datastructures import Headers, QueryParams
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kvtui.server import refusal
from kvtui.server.body import RequestBody
from kvtui.server.faults import Faults
from kvtui.server.guard import check_head, check_origin, check_token
from kvtui.server.options import ServerOptions
from kvtui.server.rate_limit import RateWindows
from kvtui.server.refusal import RefusalError
from kvtui.server.routes import Call, Routes
from kvtui.server.store import Store
from kvtui.server.target import parse_target

DISCONNECT_EXTENSION: Final = "kvtui.disconnect"
"""In `scope["extensions"]`: a function that closes the connection without an answer."""


class LocalApi:
    """The KV REST API over one store.

    `api_key` is the only bearer token accepted; None accepts any.
    """

    def __init__(self, store: Store, options: ServerOptions, api_key: str | None) -> None:
        self._options = options
        self._api_key = api_key
        self._routes = Routes(store, options)
        self._faults = Faults(options)
        self._windows = RateWindows(options.rate_limit, store.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = RequestBody(scope, receive)
        try:
            response = await self._response(scope, body)
        except ClientDisconnect:
            return
        if self._is_lost(scope, response):
            await _disconnect(scope, receive)
            return
        response.headers.update(self._windows.headers())
        await response(scope, receive, send)

    async def _response(self, scope: Scope, body: RequestBody) -> Response:
        try:
            return await self._answer(scope, body)
        except RefusalError as refused:
            response = refused.response()
        await body.discard()
        if not body.is_complete:
            response.headers["connection"] = "close"
        return response

    async def _answer(self, scope: Scope, body: RequestBody) -> Response:
        check_head(scope)
        check_origin(scope)
        await asyncio.sleep(self._faults.delay_seconds())
        check_token(scope, self._api_key)
        if not self._windows.take():
            raise refusal.too_many_requests(self._retry_after())
        failure = self._faults.failure()
        return failure or await self._routes.answer(self._call(scope, body))

    def _call(self, scope: Scope, body: RequestBody) -> Call:
        target = parse_target(scope["raw_path"], is_normalised=self._options.is_path_normalised)
        if target is None:
            raise refusal.not_found("There is nothing at this path.")
        content_type = Headers(scope=scope).get("content-type")
        query = QueryParams(scope["query_string"])
        return Call(scope["method"], target, query, body, content_type)

    def _retry_after(self) -> dict[str, str]:
        if not self._options.is_retry_after_sent:
            return {}
        return {"retry-after": self._windows.headers()["x-ratelimit-reset"]}

    def _is_lost(self, scope: Scope, response: Response) -> bool:
        is_write = scope["method"] != "GET"
        return is_write and response.status_code < 300 and self._faults.is_answer_lost()


async def _disconnect(scope: Scope, receive: Receive) -> None:
    disconnect = scope.get("extensions", {}).get(DISCONNECT_EXTENSION)
    if disconnect is None:
        raise ConnectionAbortedError("this connection cannot be closed without an answer")
    disconnect()
    while (await receive())["type"] != "http.disconnect":
        pass
