import inspect
import socket
import ssl

import httpx
import pytest

from kvtui import errors
from kvtui.api.answer import Answer
from kvtui.api.call import Call, Endpoint
from kvtui.api.failures import KINDS, Failures, Fault
from kvtui.api.retry import Outcome, Phase
from kvtui.errors import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    InvalidRequestError,
    MalformedResponseError,
    NamespaceNotReadyError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RequestTimeoutError,
    ServerError,
    ValueTooLargeError,
)
from kvtui.secret import Secret

SECRET = Secret("KEY0123456789ABCDEF_secret")
FAILURES = Failures("api.test:8080", SECRET)
EPOCH = 1_800_000_000.0
TARGETS = {
    Endpoint.LIST_NAMESPACES: "/v2/storage/kvs?page%5Bnumber%5D=1",
    Endpoint.CREATE_NAMESPACE: "/v2/storage/kvs",
    Endpoint.GET_NAMESPACE: "/v2/storage/kvs/ID",
    Endpoint.DELETE_NAMESPACE: "/v2/storage/kvs/ID",
    Endpoint.LIST_KEYS: "/v2/storage/kvs/ID/keys",
    Endpoint.GET_VALUE: "/v2/storage/kvs/ID/keys/k",
    Endpoint.PUT_VALUE: "/v2/storage/kvs/ID/keys/k",
    Endpoint.DELETE_KEY: "/v2/storage/kvs/ID/keys/k",
}
DOCUMENTED_STATUSES = (400, 401, 403, 404, 409, 413, 422, 429, 500)


def call_of(endpoint: Endpoint, query: str = "") -> Call[None]:
    return Call(endpoint, TARGETS[endpoint] + query, lambda _: None, 1)


def judged(
    endpoint: Endpoint,
    status: int,
    content: bytes = b"",
    *,
    headers: dict[str, str] | None = None,
    query: str = "",
) -> Fault:
    answer = Answer(status, httpx.Headers(headers), content)
    return FAILURES.of_answer(call_of(endpoint, query), answer, EPOCH)


def told(endpoint: Endpoint, status: int, detail: str = "", query: str = "") -> str:
    body = f'{{"errors":[{{"code":"1","title":"t","detail":"{detail}"}}]}}' if detail else ""
    return str(judged(endpoint, status, body.encode(), query=query).error)


HTTPX_EXCEPTIONS = [
    kind
    for _, kind in inspect.getmembers(httpx, inspect.isclass)
    if issubclass(kind, Exception) and kind.__module__ == "httpx"
]


def test_the_list_of_httpx_exceptions_is_not_empty() -> None:
    assert {httpx.ReadTimeout, httpx.InvalidURL, httpx.StreamClosed} <= set(HTTPX_EXCEPTIONS)
    assert len(HTTPX_EXCEPTIONS) > 25


@pytest.mark.parametrize("kind", HTTPX_EXCEPTIONS, ids=lambda kind: kind.__name__)
def test_every_exception_of_httpx_is_mapped(kind: type[Exception]) -> None:
    assert kind in KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("has_status", [False, True])
def test_no_exception_tells_its_own_text(
    kind: type[Exception], phase: Phase, has_status: bool
) -> None:
    error = kind.__new__(kind, "leak", [ValueError(SECRET.reveal())])
    error.args = (f"leak {SECRET.reveal()} \x1b[31m",)

    fault = FAILURES.of_exception(error, phase, has_status=has_status)

    assert isinstance(fault.error, errors.KvtuiError)
    assert "leak" not in str(fault.error)
    assert SECRET.reveal() not in str(fault.error)
    assert str(fault.error).isprintable()
    assert fault.outcome in {Outcome.LOST, Outcome.REFUSED, Outcome.UNTRUSTED}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx.ConnectTimeout(""), RequestTimeoutError),
        (httpx.ConnectError(""), ConnectionFailedError),
        (httpx.PoolTimeout(""), RequestTimeoutError),
        (httpx.ProxyError(""), ConnectionFailedError),
        (httpx.LocalProtocolError(""), ConnectionFailedError),
        (UnicodeEncodeError("ascii", "é", 0, 1, "no"), ConnectionFailedError),
    ],
)
def test_what_can_only_happen_before_sending_is_known_as_unsent(
    error: Exception, expected: type[Exception]
) -> None:
    fault = FAILURES.of_exception(error, Phase.SENT, has_status=False)

    assert fault.phase is Phase.NOT_SENT
    assert type(fault.error) is expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx.ReadTimeout(""), RequestTimeoutError),
        (httpx.WriteTimeout(""), RequestTimeoutError),
        (TimeoutError(), RequestTimeoutError),
        (httpx.ReadError(""), ConnectionFailedError),
        (httpx.RemoteProtocolError(""), ConnectionFailedError),
        (ConnectionResetError(), ConnectionFailedError),
    ],
)
def test_a_lost_answer_stays_lost_after_sending(
    error: Exception, expected: type[Exception]
) -> None:
    fault = FAILURES.of_exception(error, Phase.SENT, has_status=False)

    assert (fault.phase, fault.outcome, type(fault.error)) == (Phase.SENT, Outcome.LOST, expected)


def test_an_answer_that_breaks_off_is_cut_short() -> None:
    fault = FAILURES.of_exception(httpx.ReadError(""), Phase.SENT, has_status=True)

    assert isinstance(fault.error, MalformedResponseError)
    assert str(fault.error) == "the answer of api.test:8080 was cut short"
    assert fault.outcome is Outcome.LOST


def caused(cause: BaseException) -> Exception:
    outer = httpx.ConnectError("")
    outer.__cause__ = OSError("All connection attempts failed")
    outer.__cause__.__cause__ = cause
    return outer


def untrusted(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "leak")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "words", "outcome"),
    [
        (
            caused(ConnectionRefusedError()),
            "nothing answers at api.test:8080: the connection was refused",
            Outcome.LOST,
        ),
        (
            caused(ExceptionGroup("", [OSError(), ConnectionRefusedError()])),
            "nothing answers at api.test:8080: the connection was refused",
            Outcome.LOST,
        ),
        (
            caused(socket.gaierror()),
            "the name of api.test:8080 cannot be found",
            Outcome.LOST,
        ),
        (
            caused(untrusted(10)),
            "the certificate of api.test:8080 has expired",
            Outcome.REFUSED,
        ),
        (
            caused(untrusted(99)),
            "the certificate of api.test:8080 cannot be trusted",
            Outcome.REFUSED,
        ),
        (
            caused(ssl.SSLError()),
            "api.test:8080 does not speak TLS as it should: is this a port for https?",
            Outcome.LOST,
        ),
        (
            caused(ConnectionResetError()),
            "api.test:8080 broke the connection off",
            Outcome.LOST,
        ),
        (caused(OSError()), "api.test:8080 cannot be reached", Outcome.LOST),
        (
            ExceptionGroup("", [OverflowError()]),
            "the port of api.test:8080 does not exist",
            Outcome.REFUSED,
        ),
    ],
)
def test_a_failed_connection_says_why(error: Exception, words: str, outcome: Outcome) -> None:
    fault = FAILURES.of_exception(error, Phase.NOT_SENT, has_status=False)

    assert (str(fault.error), fault.outcome, fault.phase) == (words, outcome, Phase.NOT_SENT)


def test_causes_in_a_circle_come_to_an_end() -> None:
    first, second = httpx.ConnectError(""), OSError()
    first.__cause__, second.__cause__ = second, first

    fault = FAILURES.of_exception(first, Phase.NOT_SENT, has_status=False)

    assert str(fault.error) == "api.test:8080 cannot be reached"


EXPECTED = {
    400: InvalidRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    408: InvalidRequestError,
    413: ValueTooLargeError,
    418: InvalidRequestError,
    422: InvalidRequestError,
    429: RateLimitedError,
    500: ServerError,
    502: ServerError,
    503: ServerError,
    504: ServerError,
}


def test_every_documented_status_has_its_own_error() -> None:
    assert set(DOCUMENTED_STATUSES) - {409} <= set(EXPECTED)
    assert len({EXPECTED[status] for status in (400, 401, 403, 404, 413, 429, 500)}) == 7


@pytest.mark.parametrize("endpoint", Endpoint)
@pytest.mark.parametrize(("status", "expected"), EXPECTED.items())
def test_a_status_becomes_its_error_at_every_endpoint(
    endpoint: Endpoint, status: int, expected: type[errors.ApiError]
) -> None:
    error = judged(endpoint, status).error

    assert type(error) is expected
    assert (error.status, error.code, error.detail) == (status, None, None)
    assert error.request == f"{endpoint.method} {TARGETS[endpoint].partition('?')[0]}"
    assert str(error).endswith(f"({status})")
    assert "{" not in str(error)


@pytest.mark.parametrize("endpoint", Endpoint)
def test_every_endpoint_knows_what_a_conflict_means(endpoint: Endpoint) -> None:
    is_about_keys = "/keys" in TARGETS[endpoint]

    error = judged(endpoint, 409).error

    assert type(error) is (NamespaceNotReadyError if is_about_keys else ConflictError)


def test_a_conflict_of_a_write_with_expiry_is_about_the_expiry_unless_it_says_not_ready() -> None:
    ttl = "?ttl_secs=5"
    not_ready = b'{"errors":[{"detail":"Namespace is not ready (status: pending)"}]}'

    assert type(judged(Endpoint.PUT_VALUE, 409, query=ttl).error) is ConflictError
    assert (
        type(judged(Endpoint.PUT_VALUE, 409, not_ready, query=ttl).error) is NamespaceNotReadyError
    )


@pytest.mark.parametrize(
    ("endpoint", "status", "words"),
    [
        (
            Endpoint.LIST_NAMESPACES,
            404,
            "api.test:8080 has no KV API at this address: check the endpoint (404)",
        ),
        (Endpoint.LIST_NAMESPACES, 401, "the API key was rejected (401): d"),
        (Endpoint.DELETE_KEY, 403, "the API key may not delete the key (403): d"),
        (Endpoint.GET_NAMESPACE, 404, "there is no such namespace (404)"),
        (Endpoint.GET_VALUE, 404, "there is no such key, or no such namespace (404)"),
        (Endpoint.LIST_KEYS, 409, "the namespace is not ready (409): d"),
        (
            Endpoint.CREATE_NAMESPACE,
            409,
            "a namespace of this name exists already (409): d",
        ),
        (Endpoint.PUT_VALUE, 400, "the API does not accept the request (400): d"),
        (Endpoint.GET_VALUE, 500, "the API failed to read the value (500): d"),
        (Endpoint.LIST_KEYS, 429, "too many requests (429): d"),
    ],
)
def test_errors_are_one_sentence_with_the_api_s_own_words_after_it(
    endpoint: Endpoint, status: int, words: str
) -> None:
    assert told(endpoint, status, detail="d") == words


def test_the_api_s_words_are_kept_apart_too_and_cleaned_of_secrets_and_controls() -> None:
    body = (
        b'{"errors":[{"code":10009,"detail":"No key \\u001b[2J matching'
        b" 'KEY0123456789ABCDEF_secret' or KEY98765432\"}]}"
    )

    error = judged(Endpoint.LIST_NAMESPACES, 401, body).error

    assert isinstance(error, AuthenticationError)
    assert error.code == "10009"
    assert error.detail == "No key �[2J matching '[redacted]' or [redacted]"
    assert str(error) == f"the API key was rejected (401): {error.detail}"


@pytest.mark.parametrize("content", [b"<html>Bad gateway</html>", b"\xff\x00", b"plain", b"{}"])
def test_an_error_without_an_envelope_shows_nothing_of_its_body(content: bytes) -> None:
    assert told(Endpoint.GET_VALUE, 502) == str(judged(Endpoint.GET_VALUE, 502, content).error)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.REFUSED),
        (401, Outcome.REFUSED),
        (403, Outcome.REFUSED),
        (404, Outcome.REFUSED),
        (408, Outcome.FAILED),
        (409, Outcome.REFUSED),
        (413, Outcome.REFUSED),
        (422, Outcome.REFUSED),
        (429, Outcome.RATE_LIMITED),
        (500, Outcome.FAILED),
        (502, Outcome.FAILED),
        (503, Outcome.OVERLOADED),
        (599, Outcome.FAILED),
        (101, Outcome.UNTRUSTED),
        (301, Outcome.UNTRUSTED),
        (307, Outcome.UNTRUSTED),
        (999, Outcome.UNTRUSTED),
    ],
)
def test_a_status_decides_whether_another_try_can_help(status: int, outcome: Outcome) -> None:
    assert judged(Endpoint.GET_VALUE, status).outcome is outcome


def test_a_redirect_and_an_unheard_of_status_are_answers_that_cannot_be_trusted() -> None:
    redirect = judged(Endpoint.GET_VALUE, 302).error
    unheard = judged(Endpoint.GET_VALUE, 999).error

    assert isinstance(redirect, MalformedResponseError)
    assert str(redirect) == "api.test:8080 answers with a redirect (302), which is not followed"
    assert isinstance(unheard, MalformedResponseError)
    assert str(unheard) == "api.test:8080 answers with the status 999, which means nothing here"


def test_a_rate_limit_tells_how_long_to_wait() -> None:
    fault = judged(Endpoint.LIST_KEYS, 429, headers={"retry-after": "30"})

    assert fault.retry_after_seconds == 30.0
    assert isinstance(fault.error, RateLimitedError)
    assert fault.error.retry_after_seconds == 30.0


def test_a_write_in_doubt_says_so_and_why() -> None:
    fault = judged(Endpoint.PUT_VALUE, 502)

    assert str(FAILURES.unknown(fault)) == (
        "it is not known whether this was done: the API failed to write the value (502)"
    )


def test_request_ids_are_shown_cleaned_where_there_are_any() -> None:
    assert FAILURES.request_id(httpx.Headers({"x-request-id": "r-1", "cf-ray": "c"})) == "r-1"
    assert FAILURES.request_id(httpx.Headers({"cf-ray": "c-7\x1b"})) == "c-7�"
    assert FAILURES.request_id(httpx.Headers()) is None
