"""Transports that answer from a script, and remember what they were asked."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable

import httpx

from tests.support.clock import VirtualClock

Step = httpx.Response | Exception


class Pieces(httpx.AsyncByteStream):
    """A body that comes in pieces, and may break off with an exception."""

    def __init__(self, pieces: Iterable[bytes], failure: Exception | None = None) -> None:
        self._pieces = list(pieces)
        self._failure = failure
        self.sent_count = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            self.sent_count += 1
            yield piece
        if self._failure is not None:
            raise self._failure


class ScriptedTransport(httpx.AsyncBaseTransport):
    """Plays one step for each request; the last one is played for ever."""

    def __init__(self, *steps: Step) -> None:
        self._steps = deque(steps)
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.bodies.append(await request.aread())
        step = self._steps.popleft() if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, Exception):
            raise step
        return httpx.Response(
            step.status_code, headers=step.headers, stream=_fresh(step), request=request
        )

    @property
    def lines(self) -> list[str]:
        """Method and target of each request."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]


class DelayingTransport(httpx.AsyncBaseTransport):
    """Answers as another does, after so many seconds of a clock that jumps."""

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        clock: VirtualClock,
        seconds: Callable[[httpx.Request, bytes], float],
    ) -> None:
        self._inner = inner
        self._clock = clock
        self._seconds = seconds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        content = await response.aread()
        await self._clock.sleep(self._seconds(request, content))
        return httpx.Response(
            response.status_code, headers=response.headers, stream=Pieces([content])
        )


def _fresh(step: httpx.Response) -> httpx.AsyncByteStream:
    if isinstance(step.stream, Pieces):
        return step.stream
    return Pieces([step.content])
