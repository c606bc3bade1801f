"""What the API documents, row by row, and a default for each thing it leaves open."""

import re

import pytest

from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.records import StoredValue
from kvtui.server.lifecycle import Lifecycle
from kvtui.server.options import ServerOptions
from tests.contract import examples
from tests.support.raw_client import RawClient
from tests.support.server import LocalServer, ManualClock, running_server

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
RATE_HEADERS = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}


def put(server: LocalServer, namespace_id: str, *keys: str) -> None:
    namespace = server.store.namespace(namespace_id)
    assert namespace is not None
    for key in keys:
        server.store.put(namespace, key, StoredValue(b"value"))


# Keys


def test_slash_and_its_escape_name_one_key(raw: RawClient, namespace_id: str) -> None:
    assert raw("PUT", f"/{namespace_id}/keys/one%2Fkey%3D", b"1").status == 201
    assert raw("PUT", f"/{namespace_id}/keys/one/key=", b"2").status == 200
    assert raw("GET", f"/{namespace_id}/keys/%6Fne%2fkey%3d").body == b"2"


@pytest.mark.parametrize(
    "key",
    ["a//b", "/lead", "trail/", "//", ".env", "a.", "..a", "a..b", "...", "=1555", "_x", "a" * 256],
)
def test_an_awkward_key_is_an_ordinary_key(raw: RawClient, namespace_id: str, key: str) -> None:
    path = f"/{namespace_id}/keys/{key}"
    assert raw("PUT", path, key.encode()).status == 201
    assert raw("GET", path).body == key.encode()
    listed = raw("GET", f"/{namespace_id}/keys?prefix={key}&limit=1").json["data"]
    assert [entry["key"] for entry in listed] == [key]
    assert raw("DELETE", path).status == 200
    assert raw("GET", path).status == 404


@pytest.mark.parametrize(
    "key",
    [
        *("a:b", "a%20b", "%C3%A9", "%FF", "%00", "%1b", "%0a", "a%0Ab", "a%3Fb", "a%23b"),
        *("%252F", "a+b", "a%", "a%zz", "", "a" * 257, "%7F", "a%5Cb", "a,b", "~a", "*"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_impossible_key_is_refused(
    raw: RawClient, namespace_id: str, method: str, key: str
) -> None:
    answer = raw(method, f"/{namespace_id}/keys/{key}")
    assert (answer.status, answer.code) == (400, "10015")
    if len(key) < 256:
        assert answer.detail == examples.INVALID_KEY_DETAIL


@pytest.mark.parametrize(
    "key",
    [
        *("..", ".", "%2e%2e", "%2E", ".%2e", "a/..", "a/../b", "../a", "./a", "a/.", "../.."),
        *("%2e%2e%2f%2e%2e", "..%2F..", "a%2F..%2Fb", "a//../b", "/..", "../"),
    ],
)
def test_a_dot_segment_is_refused_and_reaches_nothing(
    raw: RawClient, server: LocalServer, namespace_id: str, key: str
) -> None:
    for method in ("DELETE", "GET", "PUT"):
        answer = raw(method, f"/{namespace_id}/keys/{key}")
        assert (answer.status, answer.code) == (400, "10015")
    assert server.store.namespace(namespace_id) is not None


def test_only_a_gateway_that_folds_paths_lets_a_dot_segment_delete_the_namespace() -> None:
    with running_server(ServerOptions(provisioning_seconds=0, is_path_normalised=True)) as server:
        namespace_id = server.namespace().namespace.id
        answer = RawClient(server)("DELETE", f"/{namespace_id}/keys/%2e%2E")
        assert (answer.status, answer.json["data"]["status"]) == (200, "deleting")


@pytest.mark.parametrize(("key", "status"), [("_x", 400), ("x_", 201), ("a/_x", 201)])
def test_names_with_an_underscore_can_be_reserved(key: str, status: int) -> None:
    options = ServerOptions(provisioning_seconds=0, is_underscore_reserved=True)
    with running_server(options) as server:
        namespace_id = server.namespace().namespace.id
        assert RawClient(server)("PUT", f"/{namespace_id}/keys/{key}").status == status


@pytest.mark.parametrize(("key", "status"), [(".env", 400), ("a.", 400), ("a.b", 201)])
def test_dots_at_the_edges_can_be_refused(key: str, status: int) -> None:
    options = ServerOptions(provisioning_seconds=0, is_edge_dot_refused=True)
    with running_server(options) as server:
        namespace_id = server.namespace().namespace.id
        assert RawClient(server)("PUT", f"/{namespace_id}/keys/{key}").status == status


# Values


def test_a_write_tells_created_from_replaced_and_answers_with_nothing(
    raw: RawClient, namespace_id: str
) -> None:
    created = raw("PUT", f"/{namespace_id}/keys/told", b"1")
    replaced = raw("PUT", f"/{namespace_id}/keys/told", b"2")
    assert (created.status, created.body) == (201, b"")
    assert (replaced.status, replaced.body) == (200, b"")


def test_deleting_says_the_same_whether_the_key_was_there(
    raw: RawClient, namespace_id: str
) -> None:
    raw("PUT", f"/{namespace_id}/keys/there", b"1")
    for _ in range(2):
        deleted = raw("DELETE", f"/{namespace_id}/keys/there")
        assert (deleted.status, deleted.body) == (200, b"")


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain; charset=latin-1", "x", "*/*"]
)
def test_the_content_type_is_stored_beside_the_value(
    raw: RawClient, namespace_id: str, content_type: str
) -> None:
    raw("PUT", f"/{namespace_id}/keys/typed", b"{}", {"Content-Type": content_type})
    assert raw("GET", f"/{namespace_id}/keys/typed").headers["content-type"] == content_type


def test_a_value_without_a_content_type_is_an_octet_stream(
    raw: RawClient, namespace_id: str
) -> None:
    raw("PUT", f"/{namespace_id}/keys/typed", b"{}", {"Content-Type": "text/html"})
    raw("PUT", f"/{namespace_id}/keys/typed", b"{}")
    answer = raw("GET", f"/{namespace_id}/keys/typed")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_the_content_type_can_always_be_octet_stream() -> None:
    options = ServerOptions(provisioning_seconds=0, is_content_type_kept=False)
    with running_server(options) as server:
        raw, path = RawClient(server), f"/{server.namespace().namespace.id}/keys/k"
        raw("PUT", path, b"{}", {"Content-Type": "application/json"})
        assert raw("GET", path).headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("size_bytes", "status"), [(0, 201), (MAX_VALUE_BYTES, 201), (MAX_VALUE_BYTES + 1, 413)]
)
def test_a_value_may_have_a_mebibyte_and_no_byte_more(
    raw: RawClient, namespace_id: str, size_bytes: int, status: int
) -> None:
    path = f"/{namespace_id}/keys/sized"
    raw("DELETE", path)
    assert raw("PUT", path, b"x" * size_bytes).status == status
    assert raw("GET", path).status == (200 if status == 201 else 404)


def test_accept_changes_nothing(raw: RawClient, namespace_id: str) -> None:
    raw("PUT", f"/{namespace_id}/keys/k", b"\x00", {"Content-Type": "text/plain"})
    answer = raw("GET", f"/{namespace_id}/keys/k", headers={"Accept": "application/json"})
    assert (answer.body, answer.headers["content-type"]) == (b"\x00", "text/plain")


# Lifetimes


@pytest.mark.parametrize(
    "query",
    [
        *("ttl_secs=0", "ttl_secs=-1", "ttl_secs=1.5", "ttl_secs=30s", "ttl_secs="),
        *("ttl_secs=9223372037", "ttl_secs=%2B5", "ttl=60", "ttl=60&ttl_secs=60"),
        "ttl_secs=99999999999999999999999999",
    ],
)
def test_an_impossible_lifetime_is_refused_and_nothing_is_written(
    raw: RawClient, namespace_id: str, query: str
) -> None:
    answer = raw("PUT", f"/{namespace_id}/keys/unwritten?{query}", b"v")
    assert answer.status == 422
    assert raw("GET", f"/{namespace_id}/keys/unwritten").status == 404


@pytest.mark.parametrize("ttl_seconds", [1, 9_223_372_036])
def test_the_shortest_and_the_longest_lifetime_are_accepted(
    raw: RawClient, namespace_id: str, ttl_seconds: int
) -> None:
    path = f"/{namespace_id}/keys/ttl-{ttl_seconds}"
    assert raw("PUT", f"{path}?ttl_secs={ttl_seconds}", b"v").status == 201


def test_an_expired_key_is_gone_from_reads_and_listings() -> None:
    clock = ManualClock()
    with running_server(clock=clock) as server:
        raw, root = RawClient(server), f"/{server.namespace().namespace.id}/keys"
        raw("PUT", f"{root}/k?ttl_secs=60", b"v")
        clock.advance(59)
        assert raw("GET", f"{root}/k").status == 200
        clock.advance(1)
        assert raw("GET", f"{root}/k").status == 404
        assert raw("GET", root).json["data"] == []
        assert raw("PUT", f"{root}/k", b"v").status == 201


def test_a_write_replaces_the_lifetime_of_the_one_before() -> None:
    clock = ManualClock()
    with running_server(clock=clock) as server:
        raw, path = RawClient(server), f"/{server.namespace().namespace.id}/keys/k"
        raw("PUT", f"{path}?ttl_secs=60", b"v")
        assert raw("PUT", path, b"v").status == 200
        clock.advance(1e9)
        assert raw("GET", path).status == 200


def test_an_expired_key_can_linger_in_listings() -> None:
    clock = ManualClock()
    options = ServerOptions(provisioning_seconds=0, expired_linger_seconds=30)
    with running_server(options, clock=clock) as server:
        raw, root = RawClient(server), f"/{server.namespace().namespace.id}/keys"
        raw("PUT", f"{root}/k?ttl_secs=60", b"v")
        clock.advance(89)
        assert raw("GET", f"{root}/k").status == 404
        assert [entry["key"] for entry in raw("GET", root).json["data"]] == ["k"]
        clock.advance(1)
        assert raw("GET", root).json["data"] == []


def test_a_namespace_without_lifetimes_refuses_one_and_takes_the_rest(
    raw: RawClient, server: LocalServer
) -> None:
    lifecycle = Lifecycle(has_ttl_support=False)
    namespace_id = "11111111-0000-4000-8000-000000000000"
    server.store.add_namespace(namespace_id, "no-ttl", lifecycle, 0.0)
    assert raw("PUT", f"/{namespace_id}/keys/k?ttl_secs=60", b"v").status == 409
    assert raw("GET", f"/{namespace_id}/keys/k").status == 404
    assert raw("PUT", f"/{namespace_id}/keys/k?ttl_secs=0", b"v").status == 422
    assert raw("PUT", f"/{namespace_id}/keys/k", b"v").status == 201


# Listings


@pytest.mark.parametrize("limit", ["0", "-1", "x", "", "1.5", "%2B1"])
def test_a_limit_that_is_no_positive_number_is_refused(
    raw: RawClient, namespace_id: str, limit: str
) -> None:
    answer = raw("GET", f"/{namespace_id}/keys?limit={limit}")
    assert (answer.status, answer.code) == (400, "10015")


def test_a_page_has_at_most_a_thousand_keys(raw: RawClient, server: LocalServer) -> None:
    namespace = server.namespace("thousand")
    root = f"/{namespace.namespace.id}/keys"
    put(server, namespace.namespace.id, *(f"k{number:04d}" for number in range(1001)))
    for query in ("?limit=1000", "?limit=1001", "?limit=99999999999"):
        assert len(raw("GET", root + query).json["data"]) == 1000
    page = raw("GET", root).json
    assert (len(page["data"]), page["meta"]["has_more"]) == (1000, True)
    rest = raw("GET", f"{root}?cursor={escaped(page['meta']['cursor'])}").json
    assert [entry["key"] for entry in rest["data"]] == ["k1000"]
    assert rest["meta"] == {"has_more": False}


def test_a_page_that_ends_with_the_last_key_has_no_cursor(
    raw: RawClient, server: LocalServer
) -> None:
    namespace = server.namespace("exact")
    put(server, namespace.namespace.id, "a", "b")
    page = raw("GET", f"/{namespace.namespace.id}/keys?limit=2").json
    assert page["meta"] == {"has_more": False}


def test_a_listing_looks_as_documented(raw: RawClient, server: LocalServer) -> None:
    namespace = server.namespace("looks")
    put(server, namespace.namespace.id, "user/123")
    page = raw("GET", f"/{namespace.namespace.id}/keys").json
    assert page["record_type"] == "storage_kv_key"
    (entry,) = page["data"]
    assert entry["size_bytes"] == 5
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z", entry["updated_at"])


def test_a_prefix_is_literal_and_case_sensitive(raw: RawClient, server: LocalServer) -> None:
    namespace_id = server.namespace("prefix").namespace.id
    put(server, namespace_id, "a", "a/1", "a/2", "a=", "A/1", "b", "a_b", "aXb")

    def listed(prefix: str) -> list[str]:
        page = raw("GET", f"/{namespace_id}/keys?prefix={prefix}").json
        return [entry["key"] for entry in page["data"]]

    assert listed("a%2F") == ["a/1", "a/2"]
    assert listed("a/1") == ["a/1"]
    assert listed("a=") == ["a="]
    assert listed("a_") == ["a_b"]
    assert listed("A") == ["A/1"]
    assert listed("") == ["A/1", "a", "a/1", "a/2", "a=", "aXb", "a_b", "b"]
    for illegal in ("%25", "a*", "%00", "%FF", "%C3%A9", "a:b"):
        assert listed(illegal) == []


@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "+/+/AAAA", "%20", "%C3%A9", "====", "a" * 999]
)
def test_a_made_up_cursor_is_refused(raw: RawClient, namespace_id: str, cursor: str) -> None:
    answer = raw("GET", f"/{namespace_id}/keys?cursor={cursor}")
    assert (answer.status, answer.code) == (400, "10015")


def test_a_cursor_is_refused_in_any_other_listing(raw: RawClient, server: LocalServer) -> None:
    mine, other = (server.namespace(name).namespace.id for name in ("mine", "other"))
    put(server, mine, "a/1", "a/2", "a/3")
    put(server, other, "a/1", "a/2", "a/3")
    cursor = raw("GET", f"/{mine}/keys?prefix=a/&limit=1").json["meta"]["cursor"]
    query = f"limit=1&cursor={escaped(cursor)}"
    assert raw("GET", f"/{mine}/keys?prefix=a/&{query}").status == 200
    assert raw("GET", f"/{mine}/keys?prefix=a&{query}").status == 400
    assert raw("GET", f"/{mine}/keys?{query}").status == 400
    assert raw("GET", f"/{other}/keys?prefix=a/&{query}").status == 400


def test_a_client_that_does_not_escape_a_cursor_fails(raw: RawClient, server: LocalServer) -> None:
    namespace_id = server.namespace("unescaped").namespace.id
    put(server, namespace_id, "a", "b")
    cursor = raw("GET", f"/{namespace_id}/keys?limit=1").json["meta"]["cursor"]
    assert raw("GET", f"/{namespace_id}/keys?limit=1&cursor={cursor}").status == 400


# Namespaces


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{}", b"[]", b'"x"', b"null", b"{", b'{"name": 5}', b'{"name": null}'),
        *(b'{"name": ""}', b'{"name": "Upper"}', b'{"name": "a_b"}', b'{"name": "a b"}'),
        *(b'{"name": "\xff"}', '{"name": "é"}'.encode(), b'{"name": "%s"}' % (b"a" * 256)),
    ],
)
def test_a_namespace_needs_a_proper_name(raw: RawClient, body: bytes) -> None:
    answer = raw("POST", "", body)
    assert (answer.status, answer.code) == (400, "10015")


@pytest.mark.parametrize("name", ["a", "a" * 255, "-", "0-9"])
def test_a_namespace_is_created_with_a_proper_name(raw: RawClient, name: str) -> None:
    answer = raw("POST", "", b'{"name": "%s", "more": 1}' % name.encode())
    assert (answer.status, answer.json["data"]["name"]) == (201, name)


def test_a_namespace_becomes_ready_after_a_while() -> None:
    clock = ManualClock()
    with running_server(ServerOptions(provisioning_seconds=2), clock=clock) as server:
        raw = RawClient(server)
        created = raw("POST", "", examples.CREATE_NAMESPACE_REQUEST)
        path = f"/{created.json['data']['id']}"
        assert (created.status, created.json["data"]["status"]) == (201, "pending")
        refused = raw("GET", f"{path}/keys")
        assert (refused.status, refused.detail) == (409, examples.NOT_READY_DETAIL)
        clock.advance(2)
        ready = raw("GET", path).json["data"]
        assert ready["status"] == "provision_ok"
        assert ready["updated_at"] > ready["created_at"]
        assert raw("GET", f"{path}/keys").status == 200


def test_a_namespace_can_fail_to_become_ready() -> None:
    clock = ManualClock()
    options = ServerOptions(is_provisioning_failing=True)
    with running_server(options, clock=clock) as server:
        raw = RawClient(server)
        path = f"/{raw('POST', '', examples.CREATE_NAMESPACE_REQUEST).json['data']['id']}"
        clock.advance(2)
        assert raw("GET", path).json["data"]["status"] == "provision_failed"
        assert raw("PUT", f"{path}/keys/k", b"v").status == 409


def test_a_deleted_namespace_keeps_its_name_until_it_is_gone() -> None:
    clock = ManualClock()
    options = ServerOptions(provisioning_seconds=0, deleting_seconds=2)
    with running_server(options, clock=clock) as server:
        raw = RawClient(server)
        path = f"/{raw('POST', '', examples.CREATE_NAMESPACE_REQUEST).json['data']['id']}"
        raw("PUT", f"{path}/keys/k", b"v")
        deleted = raw("DELETE", path)
        assert (deleted.status, deleted.json["data"]["status"]) == (200, "deleting")
        assert raw("DELETE", path).status == 409
        assert raw("GET", f"{path}/keys/k").detail == "Namespace is not ready (status: deleting)"
        assert raw("POST", "", examples.CREATE_NAMESPACE_REQUEST).status == 409
        clock.advance(2)
        for gone in (raw("GET", path), raw("DELETE", path), raw("GET", f"{path}/keys")):
            assert (gone.status, gone.code) == (404, "10005")
        assert raw("GET", "").json["meta"]["total_results"] == 0
        again = raw("POST", "", examples.CREATE_NAMESPACE_REQUEST)
        assert again.status == 201
        assert raw("GET", f"/{again.json['data']['id']}/keys").json["data"] == []


def test_deleting_can_fail_and_be_tried_again() -> None:
    clock = ManualClock()
    options = ServerOptions(provisioning_seconds=0, is_deleting_failing=True)
    with running_server(options, clock=clock) as server:
        raw = RawClient(server)
        path = f"/{server.namespace().namespace.id}"
        raw("DELETE", path)
        clock.advance(2)
        assert raw("GET", path).json["data"]["status"] == "delete_failed"
        assert raw("DELETE", path).json["data"]["status"] == "deleting"


def test_a_bound_namespace_is_deleted_only_by_force(raw: RawClient, server: LocalServer) -> None:
    namespace_id = "22222222-0000-4000-8000-000000000000"
    server.store.add_namespace(namespace_id, "bound", Lifecycle(is_bound=True), 0.0)
    assert raw("DELETE", f"/{namespace_id}").status == 409
    assert raw("DELETE", f"/{namespace_id}?force=false").status == 409
    assert raw("DELETE", f"/{namespace_id}?force=true").status == 200


@pytest.mark.parametrize("name", ["page[number]", "page[size]"])
@pytest.mark.parametrize("value", ["0", "-1", "x", ""])
def test_a_page_number_or_size_below_one_is_refused(raw: RawClient, name: str, value: str) -> None:
    answer = raw("GET", f"?{name.replace('[', '%5B').replace(']', '%5D')}={value}")
    assert (answer.status, answer.code) == (400, "10015")


def test_namespace_pages_are_clamped_and_end_empty() -> None:
    with running_server() as server:
        raw = RawClient(server)
        for number in range(23):
            server.namespace(f"n{number}")
        by_default = raw("GET", "").json
        assert len(by_default["data"]) == 20
        assert by_default["meta"] == {
            "page_number": 1,
            "page_size": 20,
            "total_pages": 2,
            "total_results": 23,
        }
        large = raw("GET", "?page%5Bsize%5D=251").json
        assert (len(large["data"]), large["meta"]["page_size"]) == (23, 250)
        for asked in ("9", "9" * 20):
            past = raw("GET", f"?page%5Bnumber%5D={asked}").json
            assert (past["data"], past["meta"]["total_results"]) == ([], 23)


@pytest.mark.parametrize(
    "namespace_id", ["x", "keys", "550e8400e29b41d4a716446655440000", "%2e%2e"]
)
@pytest.mark.parametrize(
    ("method", "tail"), [("GET", ""), ("DELETE", ""), ("GET", "/keys"), ("PUT", "/keys/k")]
)
def test_a_namespace_id_must_be_a_uuid(
    raw: RawClient, namespace_id: str, method: str, tail: str
) -> None:
    answer = raw(method, f"/{namespace_id}{tail}")
    assert (answer.status, answer.code) == (400, "10015")


def test_a_namespace_id_may_be_in_capitals(raw: RawClient, namespace_id: str) -> None:
    assert raw("GET", f"/{namespace_id.upper()}").json["data"]["id"] == namespace_id


# The rest


def test_checks_are_made_in_one_order(raw: RawClient, server: LocalServer) -> None:
    pending = "33333333-0000-4000-8000-000000000000"
    slow = Lifecycle(provisioning_seconds=1e9)
    server.store.add_namespace(pending, "order", slow, server.store.clock())
    ready = server.namespace("order-ready").namespace.id
    big = b"x" * (MAX_VALUE_BYTES + 1)
    nobody = {"Authorization": "Bearer nobody"}
    tries = [
        (401, raw("PUT", "/x/keys/:?ttl_secs=0", big, nobody)),
        (400, raw("PUT", "/x/keys/:?ttl_secs=0", big)),
        (404, raw("PUT", f"/{UNKNOWN_ID}/keys/:?ttl_secs=0", big)),
        (409, raw("PUT", f"/{pending}/keys/:?ttl_secs=0", big)),
        (400, raw("PUT", f"/{ready}/keys/:?ttl_secs=0", big)),
        (422, raw("PUT", f"/{ready}/keys/k?ttl_secs=0", big)),
        (413, raw("PUT", f"/{ready}/keys/k?ttl_secs=1", big)),
    ]
    assert [answer.status for _, answer in tries] == [status for status, _ in tries]


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "POST", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("tail", ["", "/keys", "/keys/k"])
def test_other_methods_are_not_allowed(
    raw: RawClient, namespace_id: str, method: str, tail: str
) -> None:
    answer = raw(method, f"/{namespace_id}{tail}")
    assert answer.status == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/", "x", "/ID/", "/ID/key", "/ID/keysx", "/ID/metadata/k"])
def test_other_paths_lead_nowhere(raw: RawClient, namespace_id: str, path: str) -> None:
    answer = raw("DELETE", path.replace("ID", namespace_id))
    assert (answer.status, answer.code) == (404, "10005")
    assert raw("GET", f"/{namespace_id}").status == 200


def test_a_missing_key_and_a_missing_namespace_differ_only_in_words(
    raw: RawClient, namespace_id: str
) -> None:
    key, namespace = raw("GET", f"/{namespace_id}/keys/none"), raw("GET", f"/{UNKNOWN_ID}/keys/k")
    assert (key.status, key.code) == (namespace.status, namespace.code) == (404, "10005")
    assert key.detail != namespace.detail


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/x"), ("GET", "/ID/keys"), ("PUT", "/ID/keys/k"), ("HEAD", "/ID")],
)
def test_every_answer_tells_the_rate_limit(
    raw: RawClient, namespace_id: str, method: str, path: str
) -> None:
    assert set(raw(method, path.replace("ID", namespace_id)).headers) >= RATE_HEADERS


def test_errors_come_in_the_envelope(raw: RawClient) -> None:
    answer = raw("GET", "/x")
    assert answer.headers["content-type"] == "application/json"
    (error,) = answer.json["errors"]
    assert error["source"]["parameter"] == "id"
    assert error["meta"]["url"].endswith("/10015")


def escaped(cursor: str) -> str:
    return cursor.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
