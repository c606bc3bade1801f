import asyncio
import json
from collections.abc import Awaitable, Callable

import httpx
import pytest

from kvtui import __version__
from kvtui.api.client import MAX_NAMESPACE_PAGES, KvClient
from kvtui.errors import (
    ConnectionFailedError,
    InvalidRequestError,
    KeyNotAddressableError,
    KvtuiError,
    MalformedResponseError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    ReadOnlyError,
    RequestTimeoutError,
    ServerError,
    ValueTooLargeError,
)
from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.records import KeyPage, Priority, PutOutcome, StoredValue
from kvtui.secret import Secret
from kvtui.session.client import Client
from tests.support.clock import VirtualClock
from tests.support.transports import DelayingTransport, Pieces, ScriptedTransport, Step

NS = "550e8400-e29b-41d4-a716-446655440000"
KEY = "KEY0123456789ABCDEF_pretend"
PATH = f"/v2/storage/kvs/{NS}"
NAMESPACE = {"id": NS, "name": "my-cache", "status": "provision_ok"}
EMPTY_PAGE = httpx.Response(200, json={"data": [], "meta": {"has_more": False}})
HTML = httpx.Response(200, html="<!doctype html><title>Sign in</title>")
LOST = httpx.ReadError("")
UNSENT = httpx.ConnectError("")

Use = Callable[[KvClient], Awaitable[object]]


class Bench:
    """A client on a script, with a clock that never makes anybody wait."""

    def __init__(self, *steps: Step, is_read_only: bool = False, fraction: float = 0.5) -> None:
        self.transport = ScriptedTransport(*steps)
        self.clock = VirtualClock(is_automatic=True, fraction=fraction)
        self.client = KvClient(
            "http://api.test:8080/v2",
            Secret(KEY),
            transport=self.transport,
            is_read_only=is_read_only,
            clock=self.clock,
        )

    async def fails(self, use: Use) -> KvtuiError:
        with pytest.raises(KvtuiError) as caught:
            await use(self.client)
        return caught.value


def put(client: KvClient) -> Awaitable[object]:
    return client.put_value(NS, "k", StoredValue(b"v"))


CALLS: dict[str, Use] = {
    "list namespaces": lambda client: client.list_namespaces(),
    "create namespace": lambda client: client.create_namespace("my-cache"),
    "get namespace": lambda client: client.get_namespace(NS),
    "delete namespace": lambda client: client.delete_namespace(NS),
    "list keys": lambda client: client.list_keys(NS),
    "get value": lambda client: client.get_value(NS, "k"),
    "put value": put,
    "delete key": lambda client: client.delete_key(NS, "k"),
}
WRITES = {
    name: CALLS[name]
    for name in ("create namespace", "delete namespace", "put value", "delete key")
}
READS = {name: use for name, use in CALLS.items() if name not in WRITES}
each_call = pytest.mark.parametrize("use", CALLS.values(), ids=CALLS)
each_write = pytest.mark.parametrize("use", WRITES.values(), ids=WRITES)
each_read = pytest.mark.parametrize("use", READS.values(), ids=READS)


def test_the_client_is_what_a_session_needs() -> None:
    client: Client = Bench(EMPTY_PAGE).client

    assert (client.host, client.base_url) == ("api.test:8080", "http://api.test:8080/v2")
    assert client.is_read_only is False
    assert client.rate_limit_wait_seconds == 0.0
    assert list(client.trace.entries) == []


async def test_a_page_knows_how_long_its_answer_took_but_not_how_long_its_turn() -> None:
    clock = VirtualClock(is_automatic=True)
    held_back = httpx.Response(429, headers={"retry-after": "5"})
    script = ScriptedTransport(held_back, EMPTY_PAGE)
    transport = DelayingTransport(script, clock, lambda *_: 0.25)
    client = KvClient("http://api.test/v2", Secret("KEYpretend"), transport=transport, clock=clock)

    page = await client.list_keys(NS, priority=Priority.BACKGROUND)

    assert len(script.requests) == 2
    assert page.answer_seconds == pytest.approx(0.25)


async def test_every_request_carries_what_it_should_and_nothing_else() -> None:
    bench = Bench(EMPTY_PAGE)

    await bench.client.list_keys(NS, prefix="user/", cursor="ab+/==", limit=100)

    (request,) = bench.transport.requests
    assert bench.transport.lines == [
        f"GET {PATH}/keys?limit=100&prefix=user%2F&cursor=ab%2B%2F%3D%3D"
    ]
    assert dict(request.headers) == {
        "host": "api.test:8080",
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "keep-alive",
        "user-agent": f"kvtui/{__version__}",
        "authorization": f"Bearer {KEY}",
    }


async def test_a_namespace_is_created_with_its_name() -> None:
    bench = Bench(httpx.Response(201, json={"data": {**NAMESPACE, "status": "pending"}}))

    namespace = await bench.client.create_namespace("my-cache")

    assert (namespace.id, namespace.status) == (NS, "pending")
    assert bench.transport.lines == ["POST /v2/storage/kvs"]
    assert json.loads(bench.transport.bodies[0]) == {"name": "my-cache"}
    assert bench.transport.requests[0].headers["content-type"] == "application/json"


async def test_a_namespace_is_looked_up_and_deleted_by_its_id() -> None:
    bench = Bench(httpx.Response(200, json={"data": NAMESPACE}))

    looked_up = await bench.client.get_namespace(NS)
    deleted = await bench.client.delete_namespace(NS)

    assert looked_up == deleted
    assert looked_up.name == "my-cache"
    assert bench.transport.lines == [f"GET {PATH}", f"DELETE {PATH}"]


async def test_a_value_comes_with_its_bytes_and_content_type() -> None:
    content = bytes(range(256))
    bench = Bench(httpx.Response(200, content=content, headers={"content-type": "image/x"}))

    assert await bench.client.get_value(NS, "user/1") == StoredValue(content, "image/x")
    assert bench.transport.lines == [f"GET {PATH}/keys/user%2F1"]
    assert bench.transport.requests[0].headers["accept"] == "*/*"


async def test_a_value_without_a_content_type_has_none_and_an_html_value_is_a_value() -> None:
    assert await Bench(httpx.Response(200, content=b"x")).client.get_value(NS, "k") == StoredValue(
        b"x", None
    )
    page = httpx.Response(200, html="<p>stored</p>")
    assert (await Bench(page).client.get_value(NS, "k")).content == b"<p>stored</p>"


@pytest.mark.parametrize("status", [203, 204, 206])
async def test_only_a_whole_value_is_a_value(status: int) -> None:
    bench = Bench(httpx.Response(status, content=b"v"))

    error = await bench.fails(CALLS["get value"])

    assert isinstance(error, MalformedResponseError)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(201, PutOutcome.CREATED), (200, PutOutcome.REPLACED), (204, PutOutcome.REPLACED)],
)
async def test_a_write_tells_created_from_replaced(status: int, outcome: PutOutcome) -> None:
    bench = Bench(httpx.Response(status, content=b""))
    value = StoredValue(b"\x00v" * 100_000, "text/plain; charset=é")

    assert await bench.client.put_value(NS, "a=b", value) == outcome
    assert bench.transport.lines == [f"PUT {PATH}/keys/a%3Db"]
    assert bench.transport.bodies == [value.content]
    headers = dict(bench.transport.requests[0].headers.raw)
    assert headers[b"Content-Type"] == "text/plain; charset=é".encode("latin-1")
    assert headers[b"Content-Length"] == b"200000"
    assert b"Transfer-Encoding" not in headers


async def test_a_lifetime_is_sent_only_when_there_is_one() -> None:
    bench = Bench(httpx.Response(200, content=b""))

    await bench.client.put_value(NS, "k", StoredValue(b""), ttl_seconds=60)
    await bench.client.put_value(NS, "k", StoredValue(b""))

    assert bench.transport.lines == [f"PUT {PATH}/keys/k?ttl_secs=60", f"PUT {PATH}/keys/k"]
    assert [request.headers["content-length"] for request in bench.transport.requests] == ["0", "0"]
    assert bench.transport.requests[0].headers["content-type"] == "application/octet-stream"


async def test_a_key_is_deleted_whether_or_not_it_was_there() -> None:
    bench = Bench(httpx.Response(200, content=b""))

    await bench.client.delete_key(NS, ".env")

    assert bench.transport.lines == [f"DELETE {PATH}/keys/.env"]


# What is refused before anything is sent


@each_write
async def test_nothing_is_written_while_read_only(use: Use) -> None:
    bench = Bench(httpx.Response(200, json={"data": NAMESPACE}), is_read_only=True)

    assert isinstance(await bench.fails(use), ReadOnlyError)
    assert bench.transport.requests == []
    assert bench.client.trace.request_count == 0

    bench.client.is_read_only = False
    await use(bench.client)
    assert len(bench.transport.requests) == 1


async def test_reading_is_allowed_while_read_only() -> None:
    bench = Bench(EMPTY_PAGE, is_read_only=True)

    assert await bench.client.list_keys(NS) == KeyPage([], [], [])


@pytest.mark.parametrize("key", ["..", ".", "a/../b", "", "k" * 257, "a:b"])
async def test_no_request_is_made_for_a_key_that_cannot_be_addressed(key: str) -> None:
    bench = Bench(httpx.Response(200, content=b""))
    uses: list[Use] = [
        lambda client: client.get_value(NS, key),
        lambda client: client.put_value(NS, key, StoredValue(b"")),
        lambda client: client.delete_key(NS, key),
    ]

    for use in uses:
        assert isinstance(await bench.fails(use), KeyNotAddressableError)
    assert bench.transport.requests == []


async def test_no_request_is_made_for_an_id_that_is_none() -> None:
    bench = Bench(httpx.Response(200, content=b""))
    uses: list[Use] = [
        lambda client: client.get_namespace("my-cache"),
        lambda client: client.delete_namespace(".."),
        lambda client: client.list_keys(""),
        lambda client: client.delete_key("..", "k"),
    ]

    for use in uses:
        assert isinstance(await bench.fails(use), KeyNotAddressableError)
    assert bench.transport.requests == []


@pytest.mark.parametrize(
    ("use", "expected", "status"),
    [
        (lambda c: c.create_namespace("My Cache"), InvalidRequestError, 400),
        (lambda c: c.create_namespace("\ud800"), InvalidRequestError, 400),
        (lambda c: c.put_value(NS, "k", StoredValue(b""), ttl_seconds=0), InvalidRequestError, 422),
        (
            lambda c: c.put_value(NS, "k", StoredValue(b""), ttl_seconds=9_223_372_037),
            InvalidRequestError,
            422,
        ),
        (
            lambda c: c.put_value(NS, "k", StoredValue(bytes(MAX_VALUE_BYTES + 1))),
            ValueTooLargeError,
            413,
        ),
        *(
            (
                lambda c, kind=kind: c.put_value(NS, "k", StoredValue(b"", kind)),
                InvalidRequestError,
                400,
            )
            for kind in ("a\r\nX: y", "a\x00", " a", "a ", "€", "a\x1b")
        ),
    ],
)
async def test_what_the_api_is_known_to_refuse_is_not_sent(
    use: Use, expected: type[InvalidRequestError | ValueTooLargeError], status: int
) -> None:
    bench = Bench(httpx.Response(200, content=b""))

    error = await bench.fails(use)

    assert isinstance(error, expected)
    assert error.status == status
    assert bench.transport.requests == []


async def test_a_value_of_exactly_the_limit_is_sent_and_read() -> None:
    content = bytes(MAX_VALUE_BYTES)
    writer, reader = Bench(httpx.Response(201)), Bench(httpx.Response(200, content=content))

    assert await writer.client.put_value(NS, "k", StoredValue(content)) is PutOutcome.CREATED
    assert (await reader.client.get_value(NS, "k")).content == content


# Sending again


@each_read
async def test_a_read_is_tried_four_times(use: Use) -> None:
    bench = Bench(LOST)

    error = await bench.fails(use)

    assert isinstance(error, ConnectionFailedError)
    assert len(bench.transport.requests) == 4
    assert bench.clock.sleeps == pytest.approx([0.15, 0.3, 0.6])
    assert [entry.attempt for entry in bench.client.trace.entries] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "step",
    [LOST, UNSENT, httpx.ReadTimeout(""), httpx.RemoteProtocolError("")]
    + [httpx.Response(status) for status in (408, 429, 500, 502, 503, 504)],
    ids=repr,
)
async def test_a_read_succeeds_when_the_second_try_does(step: Step) -> None:
    bench = Bench(step, httpx.Response(200, content=b"v"))

    assert (await bench.client.get_value(NS, "k")).content == b"v"
    assert len(bench.transport.requests) == 2


@each_write
@pytest.mark.parametrize(
    "step",
    [LOST, httpx.ReadTimeout(""), httpx.WriteError(""), httpx.RemoteProtocolError(""), HTML]
    + [httpx.Response(status) for status in (202, 302, 303, 308, 408, 500, 502, 503, 504, 999)],
    ids=repr,
)
async def test_a_write_that_was_sent_is_never_sent_again_and_its_outcome_is_unknown(
    use: Use, step: Step
) -> None:
    if use is WRITES["delete key"] and isinstance(step, httpx.Response) and step.status_code == 202:
        step = httpx.Response(500)
    bench = Bench(step, httpx.Response(200, json={"data": NAMESPACE}))

    error = await bench.fails(use)

    assert isinstance(error, OutcomeUnknownError)
    assert str(error).startswith("it is not known whether this was done: ")
    assert len(bench.transport.requests) == 1


@each_write
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 429])
async def test_a_write_that_was_refused_is_not_sent_again_either(use: Use, status: int) -> None:
    bench = Bench(httpx.Response(status))

    error = await bench.fails(use)

    assert getattr(error, "status", None) == status
    assert len(bench.transport.requests) == 1


@each_write
@pytest.mark.parametrize(
    "step", [UNSENT, httpx.ConnectTimeout(""), httpx.PoolTimeout("")], ids=repr
)
async def test_a_write_that_never_left_is_sent_again(use: Use, step: Exception) -> None:
    bench = Bench(step, httpx.Response(200, json={"data": NAMESPACE}))

    await use(bench.client)

    assert len(bench.transport.requests) == 2


async def test_the_body_is_whole_when_a_write_is_sent_again() -> None:
    bench = Bench(UNSENT, httpx.Response(201, content=b""))

    await bench.client.put_value(NS, "k", StoredValue(b"x" * 100_000))

    assert bench.transport.bodies == [b"x" * 100_000] * 2


@each_read
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422])
async def test_a_refused_read_is_not_sent_again(use: Use, status: int) -> None:
    bench = Bench(httpx.Response(status))

    await bench.fails(use)

    assert len(bench.transport.requests) == 1


async def test_an_outage_does_not_multiply_requests_for_ever() -> None:
    bench = Bench(LOST)

    for _ in range(30):
        await bench.fails(CALLS["get value"])

    assert 30 < len(bench.transport.requests) <= 30 + 10 + 3 + 2


async def test_a_rate_limit_is_waited_out_and_holds_the_next_request_too() -> None:
    limited = httpx.Response(429, headers={"retry-after": "3"})
    bench = Bench(limited, EMPTY_PAGE)
    began_at = bench.clock.now()

    await bench.client.list_keys(NS)

    assert bench.clock.now() - began_at == pytest.approx(3.01)
    assert len(bench.transport.requests) == 2
    assert bench.clock.sleeps == []


async def test_an_interactive_request_is_told_about_a_long_wait_and_others_are_held() -> None:
    bench = Bench(httpx.Response(429, headers={"retry-after": "40"}), EMPTY_PAGE)

    first = await bench.fails(lambda client: client.list_keys(NS))
    second = await bench.fails(lambda client: client.list_keys(NS))

    assert isinstance(first, RateLimitedError)
    assert first.retry_after_seconds == 40.0
    assert isinstance(second, RateLimitedError)
    assert second.retry_after_seconds == pytest.approx(40.01)
    assert str(second) == "too many requests: the API asks to wait 40 s"
    assert len(bench.transport.requests) == 1
    assert bench.client.rate_limit_wait_seconds == pytest.approx(40.01)

    assert await bench.client.list_keys(NS, priority=Priority.BACKGROUND) == KeyPage([], [], [])
    assert bench.client.rate_limit_wait_seconds == 0.0


async def test_a_rate_limited_write_holds_the_next_request() -> None:
    bench = Bench(httpx.Response(429, headers={"x-ratelimit-reset": "2"}), EMPTY_PAGE)

    error = await bench.fails(put)

    assert isinstance(error, RateLimitedError)
    assert error.retry_after_seconds == 2.0
    assert bench.client.rate_limit_wait_seconds == pytest.approx(2.01)


async def test_an_overloaded_server_is_given_the_time_it_asks_for() -> None:
    bench = Bench(httpx.Response(503, headers={"retry-after": "4"}), EMPTY_PAGE)

    await bench.client.list_keys(NS)

    assert bench.clock.sleeps == pytest.approx([4.01])


async def test_an_overloaded_server_that_asks_for_too_much_is_an_error_at_once() -> None:
    bench = Bench(httpx.Response(503, headers={"retry-after": "60"}))

    assert isinstance(await bench.fails(CALLS["list keys"]), ServerError)
    assert bench.clock.sleeps == []


# Answers that cannot be trusted


@pytest.mark.parametrize("name", ["list namespaces", "get namespace", "list keys"])
async def test_a_web_page_is_not_the_api(name: str) -> None:
    bench = Bench(HTML)

    error = await bench.fails(CALLS[name])

    assert isinstance(error, MalformedResponseError)
    assert str(error) == (
        "api.test:8080 answered with a web page, not with the KV API: check the endpoint"
    )
    assert len(bench.transport.requests) == 1


async def test_a_404_on_the_list_of_namespaces_is_about_the_endpoint() -> None:
    error = await Bench(httpx.Response(404)).fails(CALLS["list namespaces"])

    assert isinstance(error, NotFoundError)
    assert "check the endpoint" in str(error)


def streamed(
    *pieces: bytes, status: int = 200, failure: Exception | None = None, **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, stream=Pieces(pieces, failure))


@pytest.mark.parametrize(
    "response",
    [
        streamed(b"v"),
        streamed(b"v", content_length="1", transfer_encoding="chunked"),
        streamed(b"v", content_length="+1"),
        streamed(b"v", content_length="1, 1"),
        streamed(b"v", content_length="9" * 5000),
        streamed(b"v", content_length="1", content_encoding="gzip"),
        streamed(b"v", content_length="1", content_encoding="x-unknown"),
    ],
)
async def test_a_body_that_could_be_cut_or_changed_unseen_is_refused(
    response: httpx.Response,
) -> None:
    bench = Bench(response)

    error = await bench.fails(CALLS["get value"])

    assert isinstance(error, MalformedResponseError)
    assert len(bench.transport.requests) == 1


@pytest.mark.parametrize(
    "response",
    [
        streamed(b"12", b"34", content_length="5"),
        streamed(b"12", b"34", content_length="3"),
        streamed(content_length="1"),
        streamed(b"12", transfer_encoding="chunked", failure=httpx.RemoteProtocolError("")),
        streamed(b"12", content_length="4", failure=httpx.ReadError("")),
    ],
)
async def test_a_cut_body_is_read_again_and_then_refused(response: httpx.Response) -> None:
    bench = Bench(response)

    error = await bench.fails(CALLS["get value"])

    assert isinstance(error, MalformedResponseError)
    assert str(error) == "the answer of api.test:8080 was cut short"
    assert len(bench.transport.requests) == 4


async def test_whole_bodies_are_taken_chunked_and_declared() -> None:
    chunked = Bench(streamed(b"12", b"34", transfer_encoding="chunked"))
    declared = Bench(streamed(b"12", b"34", content_length="4", content_encoding="identity"))

    assert (await chunked.client.get_value(NS, "k")).content == b"1234"
    assert (await declared.client.get_value(NS, "k")).content == b"1234"


async def test_a_giant_body_is_dropped_while_it_comes_in() -> None:
    giant = streamed(*[bytes(65_536)] * 1000, transfer_encoding="chunked")
    bench = Bench(giant)

    error = await bench.fails(CALLS["get value"])

    assert isinstance(error, MalformedResponseError)
    assert str(error) == "the answer is larger than 1,048,576 bytes"
    assert isinstance(giant.stream, Pieces)
    assert giant.stream.sent_count == 17


async def test_a_body_declared_as_giant_is_not_read_at_all() -> None:
    giant = streamed(b"x", content_length=str(10 * 1024**3))
    bench = Bench(giant)

    assert isinstance(await bench.fails(CALLS["list keys"]), MalformedResponseError)
    assert isinstance(giant.stream, Pieces)
    assert giant.stream.sent_count == 0


async def test_of_an_error_s_body_only_the_beginning_is_read() -> None:
    giant = streamed(*[b"x" * 65_536] * 1000, status=400, transfer_encoding="chunked")
    bench = Bench(giant)

    assert isinstance(await bench.fails(CALLS["get value"]), InvalidRequestError)
    assert isinstance(giant.stream, Pieces)
    assert giant.stream.sent_count == 1


async def test_an_error_counts_even_when_its_body_breaks_off() -> None:
    bench = Bench(streamed(b'{"err', status=404, content_length="99", failure=LOST))

    assert isinstance(await bench.fails(CALLS["get value"]), NotFoundError)


async def test_cookies_are_neither_kept_nor_sent() -> None:
    bench = Bench(
        httpx.Response(
            200,
            json={"data": [], "meta": {"has_more": False}},
            headers={"set-cookie": "session=1; Path=/; Max-Age=9999"},
        )
    )

    await bench.client.list_keys(NS)
    await bench.client.list_keys(NS)

    assert "cookie" not in bench.transport.requests[1].headers


# The list of namespaces


def namespaces_page(*ids: int, **meta: int) -> httpx.Response:
    data = [{"id": f"id-{number}", "name": f"n{number}"} for number in ids]
    return httpx.Response(200, json={"data": data, **({"meta": meta} if meta else {})})


async def listed(*steps: Step) -> tuple[list[str], int]:
    bench = Bench(*steps)
    namespaces = await bench.client.list_namespaces()
    return [namespace.name for namespace in namespaces], len(bench.transport.requests)


async def test_all_pages_of_namespaces_are_read_and_each_namespace_once() -> None:
    names, request_count = await listed(
        namespaces_page(1, 2, total_pages=3),
        namespaces_page(2, 3, total_pages=3),
        namespaces_page(4, total_pages=3),
    )

    assert names == ["n1", "n2", "n3", "n4"]
    assert request_count == 3


async def test_the_pages_are_as_large_as_the_api_allows() -> None:
    bench = Bench(namespaces_page(1, total_pages=2), namespaces_page(2, total_pages=2))

    await bench.client.list_namespaces()

    assert bench.transport.lines == [
        "GET /v2/storage/kvs?page%5Bnumber%5D=1&page%5Bsize%5D=250",
        "GET /v2/storage/kvs?page%5Bnumber%5D=2&page%5Bsize%5D=250",
    ]


@pytest.mark.parametrize(
    ("steps", "names", "request_count"),
    [
        ((namespaces_page(total_pages=0),), [], 1),
        ((namespaces_page(total_pages=1),), [], 1),
        ((namespaces_page(1, total_pages=0),), ["n1"], 1),
        ((namespaces_page(1, total_pages=5), namespaces_page(total_pages=5)), ["n1"], 2),
        ((namespaces_page(1), namespaces_page(2), namespaces_page()), ["n1", "n2"], 3),
        ((namespaces_page(1),), ["n1"], 2),
    ],
)
async def test_the_list_ends_however_the_server_counts(
    steps: tuple[Step, ...], names: list[str], request_count: int
) -> None:
    assert await listed(*steps) == (names, request_count)


async def test_a_page_given_twice_is_an_error_when_there_should_be_more() -> None:
    error = await Bench(namespaces_page(1, total_pages=3)).fails(CALLS["list namespaces"])

    assert isinstance(error, MalformedResponseError)


async def test_a_list_without_end_is_an_error() -> None:
    pages = [namespaces_page(number) for number in range(MAX_NAMESPACE_PAGES + 1)]
    bench = Bench(*pages)

    error = await bench.fails(CALLS["list namespaces"])

    assert isinstance(error, MalformedResponseError)
    assert len(bench.transport.requests) == MAX_NAMESPACE_PAGES


# Evidence, deadlines, ends


@each_call
async def test_every_attempt_is_recorded_without_the_api_key(use: Use) -> None:
    bench = Bench(httpx.Response(500, headers={"x-request-id": f"id {KEY}"}))

    await bench.fails(use)

    entries = bench.client.trace.entries
    assert [f"{entry.method} {entry.target}" for entry in entries] == bench.transport.lines
    assert {entry.status for entry in entries} == {500}
    assert {entry.request_id for entry in entries} == {"id [redacted]"}
    assert KEY not in repr(entries)


async def test_evidence_tells_bytes_and_why_no_answer_came() -> None:
    bench = Bench(LOST, httpx.Response(200, content=b"12345"))

    await bench.client.get_value(NS, "k")

    lost, answered = bench.client.trace.entries
    assert (lost.status, lost.error) == (
        None,
        "the connection to api.test:8080 broke before an answer came",
    )
    assert (answered.status, answered.error, answered.received_bytes) == (200, None, 5)
    assert answered.attempt == 2


async def test_evidence_of_a_write_counts_its_body() -> None:
    bench = Bench(UNSENT, httpx.Response(201, content=b""))

    await bench.client.put_value(NS, "k", StoredValue(b"12345", "text/plain"))

    unsent, sent = bench.client.trace.entries
    assert (sent.sent_bytes, sent.content_type, sent.status) == (5, "text/plain", 201)
    assert unsent.sent_bytes == 0


async def test_the_error_holds_no_exception_that_could_tell_the_key() -> None:
    error = await Bench(httpx.ConnectError(f"leak {KEY}")).fails(CALLS["get value"])

    assert error.__cause__ is None
    assert error.__context__ is None


class Silent(httpx.AsyncBaseTransport):
    """Never answers."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.is_asked.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody wakes this up")


async def test_the_deadline_ends_a_request_that_nothing_else_ends() -> None:
    client = KvClient("http://api.test/v2", Secret(KEY), transport=Silent(), deadline_seconds=0.02)

    with pytest.raises(RequestTimeoutError, match=r"api\.test did not answer in time"):
        await client.get_value(NS, "k")

    (entry,) = client.trace.entries
    assert entry.error == "api.test did not answer in time"


async def test_giving_up_frees_the_slot_and_is_recorded() -> None:
    transport = Silent()
    client = KvClient("http://api.test/v2", Secret(KEY), transport=transport)
    reading = asyncio.create_task(client.get_value(NS, "k"))
    await transport.is_asked.wait()
    assert client.trace.in_flight_count == 1

    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)

    assert reading.cancelled()
    assert client.trace.in_flight_count == 0
    assert client.trace.entries[0].error == "given up before an answer came"


async def test_no_more_than_sixteen_requests_are_under_way() -> None:
    transport = Silent()
    client = KvClient("http://api.test/v2", Secret(KEY), transport=transport)
    reading = [asyncio.create_task(client.get_value(NS, f"k{n}")) for n in range(40)]
    await transport.is_asked.wait()
    await asyncio.sleep(0)

    assert client.trace.in_flight_count == 16
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    assert client.trace.in_flight_count == 0


async def test_a_closed_client_says_so() -> None:
    bench = Bench(EMPTY_PAGE)
    await bench.client.aclose()

    error = await bench.fails(CALLS["list keys"])

    assert isinstance(error, ConnectionFailedError)
    assert str(error) == "the client is closed"
    await bench.client.aclose()
