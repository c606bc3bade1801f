"""What can go wrong between a request and a usable answer, in our own errors and our own words.

No text of an exception is ever shown: it can hold the API key, or whatever the server sent.
"""

from typing import Final

import httpx
import msgspec

from kvtui.api.answer import Answer
from kvtui.api.call import Call, Endpoint
from kvtui.api.causes import connection_problem, is_lasting_problem
from kvtui.api.rate_limit import retry_after_seconds
from kvtui.api.redaction import cleaned
from kvtui.api.retry import Outcome, Phase
from kvtui.api.wire import Problem, read_problem
from kvtui.errors import (
    ApiError,
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    InvalidRequestError,
    KeyNotAddressableError,
    KvtuiError,
    MalformedResponseError,
    NamespaceNotReadyError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitedError,
    RequestTimeoutError,
    ServerError,
    ValueTooLargeError,
)
from kvtui.secret import Secret


class Fault(msgspec.Struct, frozen=True):
    """A failed attempt: what to decide by, and what to tell."""

    outcome: Outcome
    phase: Phase
    error: KvtuiError
    retry_after_seconds: float | None = None


class _Kind(msgspec.Struct, frozen=True):
    """What an exception means. `{host}` in the words is filled in."""

    outcome: Outcome
    error: type[KvtuiError]
    words: str
    is_unsent: bool = False
    """Whether it can be raised only before the first byte of the request is sent."""


_LATE: Final = _Kind(Outcome.LOST, RequestTimeoutError, "{host} did not answer in time")
_BROKEN: Final = _Kind(
    Outcome.LOST, ConnectionFailedError, "the connection to {host} broke before an answer came"
)
_NOT_HTTP: Final = _Kind(
    Outcome.LOST,
    ConnectionFailedError,
    "{host} closed the connection, or does not speak HTTP there",
)
_FOREIGN: Final = _Kind(
    Outcome.UNTRUSTED, MalformedResponseError, "the answer of {host} cannot be read"
)
_UNWRITABLE: Final = _Kind(
    Outcome.REFUSED,
    ConnectionFailedError,
    "the request holds something that HTTP cannot carry",
    is_unsent=True,
)

KINDS: Final[dict[type[Exception], _Kind]] = {
    httpx.ConnectTimeout: _Kind(
        Outcome.LOST, RequestTimeoutError, "{host} could not be reached in time", is_unsent=True
    ),
    httpx.PoolTimeout: _Kind(
        Outcome.LOST, RequestTimeoutError, "no connection to {host} was free", is_unsent=True
    ),
    httpx.ReadTimeout: _LATE,
    httpx.WriteTimeout: _LATE,
    httpx.TimeoutException: _LATE,
    TimeoutError: _LATE,
    httpx.ConnectError: _Kind(
        Outcome.LOST, ConnectionFailedError, "{host} cannot be reached", is_unsent=True
    ),
    httpx.ProxyError: _Kind(
        Outcome.LOST,
        ConnectionFailedError,
        "the proxy does not connect to {host}",
        is_unsent=True,
    ),
    httpx.ReadError: _BROKEN,
    httpx.WriteError: _BROKEN,
    httpx.CloseError: _BROKEN,
    httpx.NetworkError: _BROKEN,
    httpx.RemoteProtocolError: _NOT_HTTP,
    httpx.ProtocolError: _NOT_HTTP,
    httpx.LocalProtocolError: _UNWRITABLE,
    UnicodeError: _UNWRITABLE,
    httpx.UnsupportedProtocol: _UNWRITABLE,
    httpx.InvalidURL: _Kind(
        Outcome.REFUSED,
        KeyNotAddressableError,
        "the URL would not arrive as it was meant",
        is_unsent=True,
    ),
    httpx.DecodingError: _FOREIGN,
    httpx.TooManyRedirects: _FOREIGN,
    httpx.HTTPStatusError: _FOREIGN,
    httpx.CookieConflict: _FOREIGN,
    httpx.StreamConsumed: _BROKEN,
    httpx.StreamClosed: _BROKEN,
    httpx.ResponseNotRead: _BROKEN,
    httpx.RequestNotRead: _BROKEN,
    httpx.StreamError: _BROKEN,
    httpx.TransportError: _BROKEN,
    httpx.RequestError: _BROKEN,
    httpx.HTTPError: _BROKEN,
    OSError: _BROKEN,
    ExceptionGroup: _BROKEN,
}
"""Every exception that sending can raise; a subclass counts as its nearest ancestor here."""

_ABSENT: Final = {
    Endpoint.LIST_NAMESPACES: "{host} has no KV API at this address: check the endpoint",
    Endpoint.CREATE_NAMESPACE: "{host} has no KV API at this address: check the endpoint",
    Endpoint.GET_VALUE: "there is no such key, or no such namespace",
}
_CONFLICTS: Final[dict[Endpoint, tuple[type[ApiError], str]]] = {
    Endpoint.LIST_NAMESPACES: (ConflictError, "the API reports a conflict"),
    Endpoint.CREATE_NAMESPACE: (ConflictError, "a namespace of this name exists already"),
    Endpoint.GET_NAMESPACE: (ConflictError, "the API reports a conflict"),
    Endpoint.DELETE_NAMESPACE: (ConflictError, "the namespace cannot be deleted now"),
    Endpoint.LIST_KEYS: (NamespaceNotReadyError, "the namespace is not ready"),
    Endpoint.GET_VALUE: (NamespaceNotReadyError, "the namespace is not ready"),
    Endpoint.PUT_VALUE: (NamespaceNotReadyError, "the namespace is not ready"),
    Endpoint.DELETE_KEY: (NamespaceNotReadyError, "the namespace is not ready"),
}
_REFUSALS: Final[dict[int, tuple[type[ApiError], str]]] = {
    401: (AuthenticationError, "the API key was rejected"),
    403: (PermissionDeniedError, "the API key may not {purpose}"),
    413: (ValueTooLargeError, "the value is larger than the API takes"),
}
_NOT_READY_DETAIL: Final = "namespace is not ready"


class Failures:
    """Tells what failed at one server, without ever telling `secret`."""

    def __init__(self, host: str, secret: Secret) -> None:
        self._host = host
        self._secret = secret

    def of_exception(self, error: Exception, phase: Phase, *, has_status: bool) -> Fault:
        """Judge what sending raised, after an answer had begun or before."""
        kind = next(KINDS[ancestor] for ancestor in type(error).__mro__ if ancestor in KINDS)
        known_phase = Phase.NOT_SENT if kind.is_unsent else phase
        if has_status and kind.outcome is Outcome.LOST and kind is not _LATE:
            cut = MalformedResponseError(f"the answer of {self._host} was cut short")
            return Fault(Outcome.LOST, known_phase, cut)
        words = kind.words.format(host=self._host)
        outcome = kind.outcome
        if known_phase is Phase.NOT_SENT and kind.error is ConnectionFailedError:
            words = connection_problem(error, self._host) or words
            outcome = Outcome.REFUSED if is_lasting_problem(error) else outcome
        return Fault(outcome, known_phase, kind.error(words))

    def of_answer(self, call: Call[object], answer: Answer, epoch: float) -> Fault:
        """Judge an answer that is no success."""
        status = answer.status
        if not 400 <= status <= 599:
            return self._untrusted(self._unexpected_status(status))
        after = retry_after_seconds(answer.headers, epoch)
        error = self._api_error(call, answer, after)
        return Fault(_outcome(status), Phase.SENT, error, after)

    def of_web_page(self) -> Fault:
        """Judge a success that is a page for browsers."""
        return self._untrusted(
            f"{self._host} answered with a web page, not with the KV API: check the endpoint"
        )

    def held_back(self, call: Call[object], seconds: float) -> RateLimitedError:
        """Tell that a rate limit still holds, and that nothing was sent."""
        return RateLimitedError(
            f"too many requests: the API asks to wait {seconds:.0f} s",
            status=429,
            code=None,
            detail=None,
            request=call.request,
            retry_after_seconds=seconds,
        )

    def unknown(self, fault: Fault) -> OutcomeUnknownError:
        """Tell that a write may or may not have been done, and why."""
        return OutcomeUnknownError(f"it is not known whether this was done: {fault.error}")

    def request_id(self, headers: httpx.Headers) -> str | None:
        """Return the id by which the other side may find this request in its logs."""
        text = headers.get("x-request-id") or headers.get("cf-ray")
        return cleaned(text, self._secret, max_length=100) if text else None

    def _api_error(self, call: Call[object], answer: Answer, after: float | None) -> ApiError:
        problem = read_problem(answer.content)
        detail = cleaned(problem.detail, self._secret) if problem.detail else None
        code = cleaned(problem.code, self._secret, max_length=40) if problem.code else None
        error, words = _refusal(call, answer.status, Problem(code, detail))
        filled = words.format(host=self._host, purpose=call.endpoint.purpose)
        # The API's pages for 404 speak of functions where keys are meant: that is not repeated.
        shown = f": {detail}" if detail and error is not NotFoundError else ""
        message = f"{filled} ({answer.status}){shown}"
        if error is RateLimitedError:
            return RateLimitedError(
                message,
                status=answer.status,
                code=code,
                detail=detail,
                request=call.request,
                retry_after_seconds=after,
            )
        return error(message, status=answer.status, code=code, detail=detail, request=call.request)

    def _unexpected_status(self, status: int) -> str:
        if 300 <= status <= 399:
            return f"{self._host} answers with a redirect ({status}), which is not followed"
        return f"{self._host} answers with the status {status}, which means nothing here"

    def _untrusted(self, words: str) -> Fault:
        return Fault(Outcome.UNTRUSTED, Phase.SENT, MalformedResponseError(words))


def _outcome(status: int) -> Outcome:
    named = {408: Outcome.FAILED, 429: Outcome.RATE_LIMITED, 503: Outcome.OVERLOADED}
    return named.get(status, Outcome.REFUSED if status < 500 else Outcome.FAILED)


def _refusal(call: Call[object], status: int, problem: Problem) -> tuple[type[ApiError], str]:
    """Choose the error and its words, by status and endpoint first."""
    if status >= 500:
        return ServerError, "the API failed to {purpose}"
    if status == 404:
        return NotFoundError, _ABSENT.get(call.endpoint, "there is no such namespace")
    if status == 409:
        return _conflict(call, problem.detail or "")
    if status == 429:
        return RateLimitedError, "too many requests"
    return _REFUSALS.get(status, (InvalidRequestError, "the API does not accept the request"))


def _conflict(call: Call[object], detail: str) -> tuple[type[ApiError], str]:
    is_about_lifetime = call.endpoint is Endpoint.PUT_VALUE and "?ttl_secs=" in call.target
    if is_about_lifetime and not detail.lower().startswith(_NOT_READY_DETAIL):
        return ConflictError, "the namespace takes no values with an expiry"
    return _CONFLICTS[call.endpoint]
