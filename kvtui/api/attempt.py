"""One attempt at a call: from a request to what it brought, with a deadline over everything."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Generic, TypeVar

import httpx
import msgspec
from msgspec.structs import replace

from kvtui.api.answer import Answer, read_answer
from kvtui.api.call import Call, Endpoint
from kvtui.api.clock import Clock
from kvtui.api.failures import KINDS, Failures, Fault
from kvtui.api.pool import TIMEOUT
from kvtui.api.rate_limit import RateLimit
from kvtui.api.retry import Outcome, Phase
from kvtui.api.target import Targets
from kvtui.api.throttle import Throttle
from kvtui.api.trace import Trace
from kvtui.errors import MalformedResponseError

_PIECE_BYTES: Final = 64 * 1024
"""Bodies leave in pieces of this size: the write timeout counts for each."""
_RAISED: Final = tuple(KINDS)

T = TypeVar("T")


class Done(msgspec.Struct, Generic[T], frozen=True):
    """What was asked for."""

    result: T


class Progress:
    """One attempt: which it is, and how far it has come, told by the transport as it goes."""

    def __init__(self, number: int, turn: int) -> None:
        self.number = number
        self.turn = turn
        self.status: int | None = None
        self.request_id: str | None = None
        self.sent_bytes = 0
        self.received_bytes = 0
        self._has_events = False
        self._is_sent = False

    @property
    def phase(self) -> Phase:
        """Not sent only where the transport reports its steps and sending was not among them."""
        is_unsent = self._has_events and not self._is_sent
        return Phase.NOT_SENT if is_unsent else Phase.SENT

    async def note(self, event: str, details: Mapping[str, Any]) -> None:
        """Take a step of httpcore in; its CONNECT to a proxy is not our request."""
        self._has_events = True
        if event.endswith("send_request_headers.started"):
            self._is_sent = self._is_sent or details["request"].method != b"CONNECT"

    async def pieces(self, content: bytes) -> AsyncIterator[bytes]:
        """Yield a body piece by piece, counting."""
        for start in range(0, len(content), _PIECE_BYTES):
            piece = content[start : start + _PIECE_BYTES]
            yield piece
            self.sent_bytes += len(piece)


class Attempts:
    """Makes single attempts, and records each."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        targets: Targets,
        failures: Failures,
        throttle: Throttle,
        clock: Clock,
    ) -> None:
        self._http = http
        self._targets = targets
        self._failures = failures
        self._throttle = throttle
        self._clock = clock
        self.trace = Trace(clock)

    async def make(
        self, call: Call[T], progress: Progress, deadline_seconds: float
    ) -> Done[T] | Fault:
        """Send `call` once, and wait no longer than the deadline for all of its answer."""
        entry = self.trace.begin(call, progress.number)
        error: str | None = "given up before an answer came"
        try:
            result = await self._outcome(call, progress, deadline_seconds)
            error = _told(result)
        finally:
            self.trace.finish(
                entry,
                status=progress.status,
                sent_bytes=progress.sent_bytes,
                received_bytes=progress.received_bytes,
                request_id=progress.request_id,
                error=error,
            )
        return result

    async def _outcome(
        self, call: Call[T], progress: Progress, deadline_seconds: float
    ) -> Done[T] | Fault:
        try:
            async with asyncio.timeout(deadline_seconds):
                answer = await self._exchange(call, progress)
            return self._judged(call, answer)
        except MalformedResponseError as error:
            return Fault(Outcome.UNTRUSTED, Phase.SENT, error)
        except _RAISED as error:
            has_status = progress.status is not None
            fault = self._failures.of_exception(error, progress.phase, has_status=has_status)
            if fault.phase is Phase.NOT_SENT:
                progress.sent_bytes = 0
            return fault

    async def _exchange(self, call: Call[T], progress: Progress) -> Answer:
        began_at = self._clock.now()
        response = await self._http.send(self._request(call, progress), stream=True)
        try:
            progress.status = response.status_code
            progress.request_id = self._failures.request_id(response.headers)
            limit = RateLimit.of(response.headers)
            self._throttle.learn(limit, progress.turn, is_success=response.is_success)
            answer = await read_answer(response, call.limit_bytes)
            progress.received_bytes = len(answer.content)
        finally:
            await response.aclose()
        return replace(answer, seconds=self._clock.now() - began_at)

    def _request(self, call: Call[T], progress: Progress) -> httpx.Request:
        headers = {"Accept": call.accept}
        if call.content_type is not None:
            headers["Content-Type"] = call.content_type
        if call.content is not None:
            headers["Content-Length"] = str(len(call.content))
        request = self._http.build_request(
            call.method,
            self._targets.url(call.target),
            headers=httpx.Headers(headers, encoding="latin-1"),
            content=None if call.content is None else progress.pieces(call.content),
            timeout=TIMEOUT,
            extensions={"trace": progress.note},
        )
        self._targets.check(request.url, call.target)
        return request

    def _judged(self, call: Call[T], answer: Answer) -> Done[T] | Fault:
        if not answer.is_success:
            return self._failures.of_answer(call, answer, self._clock.epoch())
        if answer.is_web_page and call.endpoint is not Endpoint.GET_VALUE:
            return self._failures.of_web_page()
        return Done(call.read(answer))


def _told(result: "Done[T] | Fault") -> str | None:
    """Return why no usable answer came; an error of the API is an answer."""
    if isinstance(result, Fault) and result.outcome in {Outcome.LOST, Outcome.UNTRUSTED}:
        return str(result.error)
    return None
