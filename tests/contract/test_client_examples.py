"""What the API's pages say, held against the client: requests it sends, answers it reads."""

import shlex
from collections.abc import Awaitable, Callable
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from kvtui.api.client import KvClient
from kvtui.errors import (
    ApiError,
    InvalidRequestError,
    NamespaceNotReadyError,
    NotFoundError,
    RateLimitedError,
)
from kvtui.protocol import DEFAULT_BASE_URL
from kvtui.records import KeyEntry, KeyPage, Namespace, PutOutcome, StoredValue
from kvtui.secret import Secret
from tests.contract import examples
from tests.support.clock import VirtualClock
from tests.support.transports import ScriptedTransport

API_KEY = "KEY0123456789ABCDEF_pretend"
ID = examples.NAMESPACE_ID
JSON = {"content-type": "application/json"}


def client_of(transport: ScriptedTransport) -> KvClient:
    clock = VirtualClock(is_automatic=True)
    return KvClient(DEFAULT_BASE_URL, Secret(API_KEY), transport=transport, clock=clock)


def answering(status: int, content: bytes = b"", **headers: str) -> ScriptedTransport:
    return ScriptedTransport(httpx.Response(status, content=content, headers={**JSON, **headers}))


def error_body(status: int, code: str, title: str, detail: str) -> ScriptedTransport:
    problem = {"code": code, "title": title, "detail": detail}
    return ScriptedTransport(httpx.Response(status, json={"errors": [problem]}))


async def failing(transport: ScriptedTransport) -> ApiError:
    with pytest.raises(ApiError) as caught:
        await client_of(transport).get_value(ID, "k")
    return caught.value


NAMESPACE = Namespace(
    ID, "my-cache", "provision_ok", "2024-01-15T10:30:00.000Z", "2024-01-15T10:30:00.000Z"
)


async def test_the_answer_to_create_namespace_is_read() -> None:
    client = client_of(answering(201, examples.CREATE_NAMESPACE_RESPONSE))

    namespace = await client.create_namespace("my-cache")

    assert namespace == Namespace(
        ID, "my-cache", "pending", NAMESPACE.created_at, NAMESPACE.updated_at
    )
    assert not namespace.is_ready


async def test_the_answer_to_list_namespaces_is_read_in_one_request() -> None:
    transport = answering(200, examples.LIST_NAMESPACES_RESPONSE)

    assert await client_of(transport).list_namespaces() == [NAMESPACE]
    assert len(transport.requests) == 1


@pytest.mark.parametrize("status", examples.STATUSES)
async def test_every_documented_status_is_read(status: str) -> None:
    content = examples.CREATE_NAMESPACE_RESPONSE.replace(b'"pending"', f'"{status}"'.encode())
    namespace = await client_of(answering(200, content)).get_namespace(ID)

    assert namespace.status == status
    assert namespace.is_ready is (status == "provision_ok")


async def test_the_sample_for_delete_namespace_is_tolerated_though_it_says_provision_ok() -> None:
    content = examples.CREATE_NAMESPACE_RESPONSE.replace(b"pending", b"provision_ok")

    assert await client_of(answering(200, content)).delete_namespace(ID) == NAMESPACE


async def test_the_answer_to_list_keys_is_read_with_all_nine_digits() -> None:
    client = client_of(answering(200, examples.LIST_KEYS_RESPONSE))

    page = await client.list_keys(ID, prefix="user/", limit=100)

    assert page == KeyPage.of([KeyEntry("user/123", 21, "2026-06-18T14:48:17.475129983Z")])


async def test_a_read_brings_the_raw_stored_value() -> None:
    octets = {"content-type": "application/octet-stream"}
    stored = httpx.Response(200, content=b"Hello World", headers=octets)
    client = client_of(ScriptedTransport(stored))

    assert await client.get_value(ID, "my-key") == StoredValue(
        b"Hello World", "application/octet-stream"
    )


async def test_a_write_returns_201_when_created_and_200_when_updated_with_an_empty_body() -> None:
    created, updated = httpx.Response(201), httpx.Response(200)
    client = client_of(ScriptedTransport(created, updated))

    assert await client.put_value(ID, "my-key", StoredValue(b"Hello")) is PutOutcome.CREATED
    assert await client.put_value(ID, "my-key", StoredValue(b"World")) is PutOutcome.REPLACED


async def test_a_missing_key_is_not_found() -> None:
    error = await failing(error_body(404, "10005", "Resource not found", "Function not found"))

    assert isinstance(error, NotFoundError)
    assert error.code == "10005"
    assert "Function" not in str(error)


async def test_a_key_the_server_rejects_shows_the_server_s_words() -> None:
    error = await failing(
        error_body(
            examples.INVALID_KEY_STATUS,
            examples.INVALID_KEY_CODE,
            "Bad Request",
            examples.INVALID_KEY_DETAIL,
        )
    )

    assert isinstance(error, InvalidRequestError)
    assert error.code == examples.INVALID_KEY_CODE
    assert str(error).endswith(examples.INVALID_KEY_DETAIL)


async def test_a_namespace_that_is_not_ready_is_known_as_such() -> None:
    transport = error_body(409, "10012", "Conflict", examples.NOT_READY_DETAIL)

    error = await failing(transport)

    assert isinstance(error, NamespaceNotReadyError)
    assert error.detail == examples.NOT_READY_DETAIL
    assert len(transport.requests) == 1


async def test_the_documented_429_is_waited_for_and_then_told() -> None:
    transport = answering(429, examples.RATE_LIMITED_RESPONSE)

    error = await failing(transport)

    assert isinstance(error, RateLimitedError)
    assert error.code == "10011"
    assert len(transport.requests) == 4


Use = Callable[[KvClient], Awaitable[object]]
COMMANDS: dict[str, tuple[Use, httpx.Response]] = {
    "create namespace": (
        lambda client: client.create_namespace("my-cache"),
        httpx.Response(201, content=examples.CREATE_NAMESPACE_RESPONSE),
    ),
    "write": (
        lambda client: client.put_value(ID, "my-key", StoredValue(b"Hello World")),
        httpx.Response(201),
    ),
    "read": (
        lambda client: client.get_value(ID, "my-key"),
        httpx.Response(200, content=b"Hello World"),
    ),
    "delete": (lambda client: client.delete_key(ID, "my-key"), httpx.Response(200)),
    "list": (
        lambda client: client.list_keys(ID, prefix="user/", limit=100),
        httpx.Response(200, content=examples.LIST_KEYS_RESPONSE),
    ),
}


def test_every_command_of_the_page_has_its_call() -> None:
    assert COMMANDS.keys() == examples.CURL_COMMANDS.keys()


@pytest.mark.parametrize("name", examples.CURL_COMMANDS)
async def test_the_client_sends_what_the_page_s_curl_command_sends(name: str) -> None:
    use, response = COMMANDS[name]
    transport = ScriptedTransport(response)

    await use(client_of(transport))

    (request,), (body,) = transport.requests, transport.bodies
    command = Command(examples.CURL_COMMANDS[name].replace("{id}", ID))
    assert request.method == command.method
    assert (request.url.scheme, request.url.host) == ("https", "api.telnyx.com")
    assert unquote(request.url.raw_path.decode().partition("?")[0]) == command.path
    assert dict(request.url.params) == command.query
    assert request.headers["authorization"] == f"Bearer {API_KEY}"
    assert body.replace(b" ", b"") == command.body.replace(b" ", b"")


class Command:
    """A curl command, taken apart."""

    def __init__(self, text: str) -> None:
        words = shlex.split(text.replace("\\\n", " "))
        url = urlsplit(next(word for word in words if word.startswith("https:")))
        bodies = [words[at + 1] for at, word in enumerate(words) if word in {"-d", "--data-binary"}]
        self.method = words[words.index("-X") + 1] if "-X" in words else "GET"
        self.path = url.path
        self.query = dict(httpx.QueryParams(url.query))
        self.body = "".join(bodies).encode()
