"""What really leaves: a transport that counts requests by method."""

from collections import Counter

import httpx

from tests.support.server import LocalServer


class Wire(httpx.AsyncBaseTransport):
    """Leads to a local server; `methods` counts what came through."""

    def __init__(self, server: LocalServer) -> None:
        self._line = httpx.ASGITransport(server.app)
        self.methods: Counter[str] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.methods[request.method] += 1
        return await self._line.handle_async_request(request)

    @property
    def write_count(self) -> int:
        return sum(count for method, count in self.methods.items() if method != "GET")
