"""The commands of the API's reference page, run as they stand there, against the local server."""

import json
import subprocess
from collections.abc import Callable

import pytest

from kvtui.records import StoredValue
from tests.contract import examples
from tests.support.server import LocalServer

Page = Callable[[str], bytes]


@pytest.fixture
def page(server: LocalServer, namespace_id: str, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Run a command of the page; only the host and the placeholder for the id are replaced."""
    monkeypatch.setenv("TELNYX_API_KEY", server.token)

    def run(title: str) -> bytes:
        command = examples.CURL_COMMANDS[title]
        command = command.replace("https://api.telnyx.com/v2", server.base_url)
        command = command.replace("{id}", namespace_id)
        return subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True).stdout

    return run


def test_creating_a_namespace_answers_with_the_documented_object(
    page: Page, server: LocalServer
) -> None:
    answer = page("create namespace")
    assert examples.shape(answer) == examples.shape(examples.CREATE_NAMESPACE_RESPONSE)
    data = json.loads(answer)["data"]
    assert (data["record_type"], data["name"]) == ("storage_kv", "my-cache")
    assert data["id"] in {state.namespace.id for state in server.store.namespaces()}


def test_a_value_is_written_read_and_deleted(page: Page) -> None:
    assert page("write") == b""
    assert page("read") == b"Hello World"
    assert page("delete") == b""
    assert json.loads(page("read"))["errors"][0]["code"] == "10005"


def test_keys_are_listed_in_the_documented_shape(
    page: Page, server: LocalServer, namespace_id: str
) -> None:
    namespace = server.store.namespace(namespace_id)
    assert namespace is not None
    value = StoredValue(examples.STORED_VALUE)
    server.store.put(namespace, "user/123", value)
    server.store.put(namespace, "users", value)
    answer = page("list")
    assert examples.shape(answer) == examples.shape(examples.LIST_KEYS_RESPONSE)
    (entry,) = json.loads(answer)["data"]
    assert (entry["key"], entry["size_bytes"]) == ("user/123", 21)


def test_namespaces_are_listed_in_the_documented_shape(server: LocalServer) -> None:
    command = f"curl {server.base_url}/storage/kvs -H 'Authorization: Bearer {server.token}'"
    answer = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True).stdout
    documented = examples.shape(examples.LIST_NAMESPACES_RESPONSE)
    listed = examples.shape(answer)
    assert listed["meta"] == documented["meta"]
    assert listed["data"][0] == documented["data"][0]


@pytest.mark.parametrize("key", ["..", ".", "a/../b", "../..", "./a", "a/."])
def test_curl_cannot_reach_anything_through_dot_segments(
    server: LocalServer, namespace_id: str, key: str
) -> None:
    command = [
        *("curl", "--silent", "--path-as-is", "-X", "DELETE"),
        *("--write-out", "\n%{http_code}", "-H", f"Authorization: Bearer {server.token}"),
        f"{server.base_url}/storage/kvs/{namespace_id}/keys/{key}",
    ]
    answer = subprocess.run(command, capture_output=True, check=True).stdout
    body, _, status = answer.rpartition(b"\n")
    error = json.loads(body)["errors"][0]
    assert (int(status), error["code"]) == (400, examples.INVALID_KEY_CODE)
    assert server.store.namespace(namespace_id) is not None
