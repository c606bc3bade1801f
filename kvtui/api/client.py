"""The client of the KV REST API: one coroutine for each of its eight endpoints."""

import dataclasses
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import Final, TypeVar

import httpx

from kvtui import __version__
from kvtui.api import preflight, wire
from kvtui.api.answer import Answer
from kvtui.api.attempt import Attempts
from kvtui.api.auth import OriginAuth
from kvtui.api.call import Call, Endpoint
from kvtui.api.clock import Clock, SystemClock
from kvtui.api.exchange import DEADLINE_SECONDS, Exchange
from kvtui.api.failures import Failures
from kvtui.api.pool import TIMEOUT, open_transport
from kvtui.api.target import Targets
from kvtui.api.throttle import Throttle
from kvtui.api.trace import Trace
from kvtui.api.write_guard import WriteGuard
from kvtui.errors import ConnectionFailedError, MalformedResponseError
from kvtui.protocol import (
    DEFAULT_CONTENT_TYPE,
    DEFAULT_KEYS_LIMIT,
    MAX_PAGE_SIZE,
    MAX_VALUE_BYTES,
)
from kvtui.records import KeyPage, Namespace, Priority, PutOutcome, StoredValue
from kvtui.secret import Secret

PAGE_LIMIT_BYTES: Final = 8 * 1024 * 1024
"""The largest JSON answer that is read."""
MAX_NAMESPACE_PAGES: Final = 400
USER_AGENT: Final = f"kvtui/{__version__}"

T = TypeVar("T")


class KvClient:
    """Speaks to the KV API at one base URL.

    Satisfies `session.client.Client`. Every call raises `KvtuiError` and nothing else. A write that
    was sent is never sent again: where it is not known what became of it, OutcomeUnknownError says
    so, and where the answer was 429, RateLimitedError says that nothing was done.
    """

    def __init__(
        self,
        base_url: str,
        api_key: Secret,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        is_read_only: bool = False,
        clock: Clock | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        clock = clock or SystemClock()
        self._guard = WriteGuard(clock, is_read_only=is_read_only)
        self._deadline_seconds = deadline_seconds
        self._targets = Targets(base_url)
        self._throttle = Throttle(clock)
        self._http = httpx.AsyncClient(
            transport=transport or open_transport(base_url),
            auth=OriginAuth(self._targets.origin, api_key),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            cookies=_NoCookies(),
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )
        failures = Failures(self.host, api_key)
        self._attempts = Attempts(self._http, self._targets, failures, self._throttle, clock)
        self._exchange = Exchange(self._attempts, failures, self._throttle, clock)

    @property
    def host(self) -> str:
        """Host and port, as shown in the header."""
        return self._targets.host

    @property
    def base_url(self) -> str:
        return self._targets.base_url

    @property
    def is_read_only(self) -> bool:
        """Whether a write would be refused now; set it to refuse every one, armed or not."""
        return self._guard.is_closed

    @is_read_only.setter
    def is_read_only(self, is_read_only: bool) -> None:
        self._guard.is_read_only = is_read_only

    @property
    def needs_arming(self) -> bool:
        """Whether writes are let through only while they are armed."""
        return self._guard.needs_arming

    @needs_arming.setter
    def needs_arming(self, needs_arming: bool) -> None:
        self._guard.needs_arming = needs_arming

    @property
    def armed_seconds(self) -> float:
        """How long writes stay armed from now on; 0 when they are not."""
        return self._guard.armed_seconds

    def arm(self, seconds: float) -> None:
        """Let writes through for so long; raises ReadOnlyError where nothing can."""
        self._guard.arm(seconds)

    def disarm(self) -> None:
        self._guard.disarm()

    @property
    def trace(self) -> Trace:
        return self._attempts.trace

    @property
    def rate_limit_wait_seconds(self) -> float:
        """How long requests are held back by a rate limit from now on; 0 when they are not."""
        return self._throttle.wait_seconds

    async def list_namespaces(self, *, priority: Priority = Priority.VISIBLE) -> list[Namespace]:
        """Read all pages of the list."""
        found: dict[str, Namespace] = {}
        for number in range(1, MAX_NAMESPACE_PAGES + 1):
            page = await self._namespace_page(number, priority)
            fresh = {item.id: item for item in page.namespaces if item.id not in found}
            found.update(fresh)
            if not fresh or page.is_last(number):
                _refuse_repetition(page, number)
                return list(found.values())
        raise MalformedResponseError("the list of namespaces does not end")

    async def create_namespace(self, name: str) -> Namespace:
        self._guard.check()
        target = self._targets.namespaces()
        preflight.check_name(name, Endpoint.CREATE_NAMESPACE.request(target))
        call = Call(
            Endpoint.CREATE_NAMESPACE,
            target,
            _of_body(wire.read_namespace),
            PAGE_LIMIT_BYTES,
            content=wire.name_body(name),
            content_type="application/json",
        )
        return await self._carry(call, Priority.INTERACTIVE)

    async def get_namespace(
        self, namespace_id: str, *, priority: Priority = Priority.VISIBLE
    ) -> Namespace:
        return await self._namespace(Endpoint.GET_NAMESPACE, namespace_id, priority)

    async def delete_namespace(self, namespace_id: str) -> Namespace:
        self._guard.check()
        return await self._namespace(Endpoint.DELETE_NAMESPACE, namespace_id, Priority.INTERACTIVE)

    async def list_keys(
        self,
        namespace_id: str,
        *,
        prefix: str = "",
        cursor: str | None = None,
        limit: int = DEFAULT_KEYS_LIMIT,
        priority: Priority = Priority.INTERACTIVE,
    ) -> KeyPage:
        """Read one page. A missing cursor beside `has_more` raises MalformedResponseError."""
        target = self._targets.keys(namespace_id, prefix=prefix, cursor=cursor, limit=limit)
        call = Call(Endpoint.LIST_KEYS, target, _key_page, PAGE_LIMIT_BYTES)
        return await self._carry(call, priority)

    async def get_value(
        self, namespace_id: str, key: str, *, priority: Priority = Priority.INTERACTIVE
    ) -> StoredValue:
        target = self._targets.key(namespace_id, key)
        call = Call(Endpoint.GET_VALUE, target, _stored_value, MAX_VALUE_BYTES, accept="*/*")
        return await self._carry(call, priority)

    async def put_value(
        self,
        namespace_id: str,
        key: str,
        value: StoredValue,
        *,
        ttl_seconds: int | None = None,
        priority: Priority = Priority.INTERACTIVE,
    ) -> PutOutcome:
        """Write; without `ttl_seconds` the key stays until deleted."""
        self._guard.check()
        target = self._targets.key(namespace_id, key, ttl_seconds=ttl_seconds)
        request = Endpoint.PUT_VALUE.request(target)
        preflight.check_ttl(ttl_seconds, request)
        preflight.check_value(value, request)
        call = Call(
            Endpoint.PUT_VALUE,
            target,
            _put_outcome,
            limit_bytes=None,
            content=value.content,
            content_type=value.content_type or DEFAULT_CONTENT_TYPE,
            accept="*/*",
        )
        return await self._carry(call, priority)

    async def delete_key(
        self, namespace_id: str, key: str, *, priority: Priority = Priority.INTERACTIVE
    ) -> None:
        """Delete; a key that does not exist is not an error."""
        self._guard.check()
        target = self._targets.key(namespace_id, key)
        call = Call(Endpoint.DELETE_KEY, target, _nothing, None, accept="*/*")
        await self._carry(call, priority)

    async def aclose(self) -> None:
        self._throttle.close()
        await self._http.aclose()

    async def _namespace(
        self, endpoint: Endpoint, namespace_id: str, priority: Priority
    ) -> Namespace:
        target = self._targets.namespace(namespace_id)
        call = Call(endpoint, target, _of_body(wire.read_namespace), PAGE_LIMIT_BYTES)
        return await self._carry(call, priority)

    async def _namespace_page(self, number: int, priority: Priority) -> wire.NamespacePage:
        target = self._targets.namespaces_page(number, MAX_PAGE_SIZE)
        read = _of_body(wire.read_namespaces)
        call = Call(Endpoint.LIST_NAMESPACES, target, read, PAGE_LIMIT_BYTES)
        return await self._carry(call, priority)

    async def _carry(self, call: Call[T], priority: Priority) -> T:
        if self._http.is_closed:
            raise ConnectionFailedError("the client is closed")
        return await self._exchange.carry(call, priority, self._deadline_seconds)


class _NoCookies(CookieJar):
    """Takes no cookie and gives none; merely asking a policy about them would cost more."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Leave them where they are."""

    def add_cookie_header(self, request: object) -> None:
        """Add none."""


def _refuse_repetition(page: wire.NamespacePage, number: int) -> None:
    """Refuse a full page without news as the end where the server says that there are more."""
    if page.namespaces and page.total_pages is not None and not page.is_last(number):
        raise MalformedResponseError("the list of namespaces gives the same page twice")


def _of_body(read: Callable[[bytes], T]) -> Callable[[Answer], T]:
    return lambda answer: read(answer.content)


def _key_page(answer: Answer) -> KeyPage:
    return dataclasses.replace(wire.read_keys(answer.content), answer_seconds=answer.seconds)


def _stored_value(answer: Answer) -> StoredValue:
    if answer.status != httpx.codes.OK:
        raise MalformedResponseError(f"the value came with the status {answer.status}")
    return StoredValue(answer.content, answer.content_type)


def _put_outcome(answer: Answer) -> PutOutcome:
    if answer.status == httpx.codes.NO_CONTENT:
        return PutOutcome.REPLACED
    try:
        return PutOutcome(answer.status)
    except ValueError:
        raise MalformedResponseError(
            f"the write was answered with the status {answer.status}"
        ) from None


def _nothing(answer: Answer) -> None:
    """Read the answer to a deletion, which says nothing besides its status."""
