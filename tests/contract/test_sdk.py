"""The official SDK, unmodified, against the local server: every call it has for KV."""

import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import telnyx

from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.records import StoredValue
from kvtui.server.lifecycle import Lifecycle
from kvtui.server.options import CursorQuirk, ServerOptions
from tests.contract import examples
from tests.support.server import LocalServer, running_server

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def sdk(server: LocalServer) -> Iterator[telnyx.Telnyx]:
    with telnyx.Telnyx(api_key=server.token, base_url=server.base_url, max_retries=0) as client:
        yield client


@pytest.fixture
async def async_sdk(server: LocalServer) -> AsyncIterator[telnyx.AsyncTelnyx]:
    async with telnyx.AsyncTelnyx(
        api_key=server.token, base_url=server.base_url, max_retries=0
    ) as client:
        yield client


def add_namespace(server: LocalServer, name: str, lifecycle: Lifecycle) -> str:
    namespace_id = UNKNOWN_ID.replace("8000-0000", f"8000-{len(name):04x}")
    server.store.add_namespace(namespace_id, name, lifecycle, server.store.clock())
    return namespace_id


def test_a_namespace_is_created_listed_read_and_deleted(sdk: telnyx.Telnyx) -> None:
    created = sdk.storage.kvs.create(name="made-by-sdk").data
    assert created is not None
    assert created.id is not None
    assert (created.name, created.record_type) == ("made-by-sdk", "storage_kv")
    read = sdk.storage.kvs.retrieve(created.id).data
    assert read is not None
    assert read.status == "provision_ok"
    assert created.id in {namespace.id for namespace in sdk.storage.kvs.list()}
    deleted = sdk.storage.kvs.delete(created.id).data
    assert deleted is not None
    assert deleted.status == "deleting"
    with pytest.raises(telnyx.NotFoundError):
        sdk.storage.kvs.retrieve(created.id)


def test_namespace_pages_are_walked_to_the_end(sdk: telnyx.Telnyx, server: LocalServer) -> None:
    names = {f"page-{number}" for number in range(7)}
    for name in names:
        server.namespace(name)
    walked = [namespace.name for namespace in sdk.storage.kvs.list(page_size=3)]
    assert names <= set(walked)
    assert len(walked) == len(set(walked))
    second = sdk.storage.kvs.list(page_number=2, page_size=3)
    assert [namespace.name for namespace in second.data] == walked[3:6]


@pytest.mark.parametrize(
    "key",
    ["user/123", "a=b", "a//b", "/lead", "trail/", "//", ".env", "a.", "...", "=15551234567"],
)
def test_a_value_is_written_read_listed_and_deleted(
    sdk: telnyx.Telnyx, namespace_id: str, key: str
) -> None:
    keys = sdk.storage.kvs.keys
    keys.update(key, b"\x00\xffHello", id=namespace_id, ttl_secs=60)
    answer = keys.retrieve(key, id=namespace_id)
    assert answer.read() == b"\x00\xffHello"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert [entry.key for entry in keys.list(namespace_id, prefix=key)] == [key]
    keys.delete(key, id=namespace_id)
    with pytest.raises(telnyx.NotFoundError):
        keys.retrieve(key, id=namespace_id)


def test_every_kind_of_body_arrives_exactly(
    sdk: telnyx.Telnyx, namespace_id: str, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 4096
    assert len(content) == MAX_VALUE_BYTES
    path = tmp_path / "value"
    path.write_bytes(content)
    for body in (content, io.BytesIO(content), path, iter([content[:70_000], content[70_000:]])):
        sdk.storage.kvs.keys.update("body", body, id=namespace_id)
        assert sdk.storage.kvs.keys.retrieve("body", id=namespace_id).read() == content
        sdk.storage.kvs.keys.delete("body", id=namespace_id)


def test_a_value_may_be_empty(sdk: telnyx.Telnyx, namespace_id: str) -> None:
    sdk.storage.kvs.keys.update("empty", b"", id=namespace_id)
    assert sdk.storage.kvs.keys.retrieve("empty", id=namespace_id).read() == b""


def test_key_pages_are_walked_by_cursor_to_the_end(sdk: telnyx.Telnyx, server: LocalServer) -> None:
    namespace = server.namespace("paged")
    names = [f"user/{number:03d}" for number in range(25)]
    for name in [*names, "zone/1"]:
        server.store.put(namespace, name, StoredValue(b"v"))
    page = sdk.storage.kvs.keys.list(namespace.namespace.id, prefix="user/", limit=10)
    assert page.meta is not None
    assert page.meta.cursor is not None
    assert {"+", "/", "="} <= set(page.meta.cursor)
    assert [entry.key for entry in page] == names


def test_an_empty_namespace_lists_no_keys(sdk: telnyx.Telnyx, server: LocalServer) -> None:
    namespace = server.namespace("empty")
    assert list(sdk.storage.kvs.keys.list(namespace.namespace.id)) == []


@pytest.mark.parametrize("ttl_seconds", [0, -1])
def test_an_impossible_lifetime_is_refused(
    sdk: telnyx.Telnyx, namespace_id: str, ttl_seconds: int
) -> None:
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.storage.kvs.keys.update("k", b"v", id=namespace_id, ttl_secs=ttl_seconds)


def test_a_lifetime_without_support_for_it_is_a_conflict(
    sdk: telnyx.Telnyx, server: LocalServer
) -> None:
    namespace_id = add_namespace(server, "without-ttl", Lifecycle(has_ttl_support=False))
    sdk.storage.kvs.keys.update("k", b"v", id=namespace_id)
    with pytest.raises(telnyx.ConflictError):
        sdk.storage.kvs.keys.update("k", b"v", id=namespace_id, ttl_secs=60)


def test_a_pending_namespace_refuses_every_key_call(
    sdk: telnyx.Telnyx, server: LocalServer
) -> None:
    namespace_id = add_namespace(server, "pending", Lifecycle(provisioning_seconds=600))
    keys = sdk.storage.kvs.keys
    calls = (
        lambda: keys.list(namespace_id),
        lambda: keys.retrieve("k", id=namespace_id),
        lambda: keys.update("k", b"v", id=namespace_id),
        lambda: keys.delete("k", id=namespace_id),
    )
    for call in calls:
        with pytest.raises(telnyx.ConflictError, match=r"\(status: pending\)"):
            call()


def test_a_name_can_be_taken_only_once(sdk: telnyx.Telnyx) -> None:
    sdk.storage.kvs.create(name="taken")
    with pytest.raises(telnyx.ConflictError):
        sdk.storage.kvs.create(name="taken")


def test_a_namespace_is_deleted_only_once(sdk: telnyx.Telnyx, server: LocalServer) -> None:
    namespace_id = add_namespace(server, "slowly-deleted", Lifecycle(deleting_seconds=600))
    assert sdk.storage.kvs.delete(namespace_id).data is not None
    with pytest.raises(telnyx.ConflictError):
        sdk.storage.kvs.delete(namespace_id)
    read = sdk.storage.kvs.retrieve(namespace_id).data
    assert read is not None
    assert read.status == "deleting"


def test_each_kind_of_mistake_has_its_own_error(
    sdk: telnyx.Telnyx, server: LocalServer, namespace_id: str
) -> None:
    keys = sdk.storage.kvs.keys
    with pytest.raises(telnyx.BadRequestError, match=examples.INVALID_KEY_CODE):
        keys.retrieve("colon:key", id=namespace_id)
    with pytest.raises(telnyx.BadRequestError):
        keys.retrieve("k", id="not-a-uuid")
    with pytest.raises(telnyx.NotFoundError):
        keys.list(UNKNOWN_ID)
    with pytest.raises(telnyx.BadRequestError):
        sdk.storage.kvs.create(name="Upper")
    with pytest.raises(telnyx.APIStatusError, match="413"):
        keys.update("big", b"x" * (MAX_VALUE_BYTES + 1), id=namespace_id)
    with (
        telnyx.Telnyx(api_key="wrong", base_url=server.base_url, max_retries=0) as stranger,
        pytest.raises(telnyx.AuthenticationError),
    ):
        stranger.storage.kvs.list()


async def test_the_async_client_does_the_same(
    async_sdk: telnyx.AsyncTelnyx, server: LocalServer
) -> None:
    kvs = async_sdk.storage.kvs
    created = (await kvs.create(name="async")).data
    assert created is not None
    assert created.id is not None
    assert (await kvs.retrieve(created.id)).data is not None
    assert created.id in {namespace.id async for namespace in kvs.list(page_size=2)}
    for number in range(5):
        await kvs.keys.update(f"user/{number}", b"v", id=created.id, ttl_secs=60)
    answer = await kvs.keys.retrieve("user/3", id=created.id)
    assert await answer.read() == b"v"
    await kvs.keys.delete("user/3", id=created.id)
    listed = [entry.key async for entry in kvs.keys.list(created.id, limit=2)]
    assert listed == ["user/0", "user/1", "user/2", "user/4"]
    await kvs.delete(created.id)
    with pytest.raises(telnyx.NotFoundError):
        await kvs.keys.list(created.id)


def test_the_sdk_stops_early_at_an_empty_page() -> None:
    """A peculiarity of the SDK, not of the server: the switch makes the difference visible."""
    options = ServerOptions(provisioning_seconds=0, cursor_quirk=CursorQuirk.EMPTY_PAGE)
    with running_server(options) as server:
        namespace = server.namespace()
        for number in range(4):
            server.store.put(namespace, f"k{number}", StoredValue(b"v"))
        with telnyx.Telnyx(api_key=server.token, base_url=server.base_url) as client:
            walked = list(client.storage.kvs.keys.list(namespace.namespace.id, limit=2))
    assert [entry.key for entry in walked] == ["k0", "k1"]
