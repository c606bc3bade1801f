import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.api import wire
from kvtui.errors import MalformedResponseError
from kvtui.records import KeyEntry, KeyPage, Namespace

NAMESPACE = {
    "record_type": "storage_kv",
    "id": "550e8400-e29b-41d4-a716-446655440000",
    "name": "my-cache",
    "status": "provision_ok",
    "created_at": "2024-01-15T10:30:00.000Z",
    "updated_at": "2024-01-15T10:30:00.000Z",
}


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


def page(meta: Any, *entries: Any) -> bytes:
    return body({"record_type": "storage_kv_key", "data": list(entries), "meta": meta})


def test_a_namespace_is_read_with_its_times_as_written() -> None:
    assert wire.read_namespace(body({"data": NAMESPACE})) == Namespace(
        "550e8400-e29b-41d4-a716-446655440000",
        "my-cache",
        "provision_ok",
        "2024-01-15T10:30:00.000Z",
        "2024-01-15T10:30:00.000Z",
    )


def test_a_namespace_needs_only_its_id() -> None:
    assert wire.read_namespace(b'{"data":{"id":"x","name":null,"later":[1,{"a":2}]}}') == Namespace(
        "x", "", "", "", ""
    )


def test_an_unknown_status_is_kept_verbatim_and_is_not_ready() -> None:
    namespace = wire.read_namespace(body({"data": {**NAMESPACE, "status": "migrating"}}))

    assert namespace.status == "migrating"
    assert not namespace.is_ready


@pytest.mark.parametrize(
    ("meta", "total"), [({"total_pages": 3}, 3), ({}, None), (None, None), ({"later": 1}, None)]
)
def test_a_page_of_namespaces_may_lack_its_numbers(meta: Any, total: int | None) -> None:
    read = wire.read_namespaces(body({"data": [NAMESPACE], "meta": meta}))

    assert [item.name for item in read.namespaces] == ["my-cache"]
    assert read.total_pages == total


def test_a_page_of_keys_keeps_the_server_s_order_and_all_nine_digits() -> None:
    read = wire.read_keys(
        page(
            {"has_more": True, "cursor": "ab+/=="},
            {"key": "b", "size_bytes": 21, "updated_at": "2026-06-18T14:48:17.475129983Z"},
            {"key": "a", "size_bytes": None},
            {"key": "é weird", "extra": {"x": 1}},
        )
    )

    assert read == KeyPage.of(
        [
            KeyEntry("b", 21, "2026-06-18T14:48:17.475129983Z"),
            KeyEntry("a"),
            KeyEntry("é weird"),
        ],
        "ab+/==",
    )
    assert read.has_more


def test_a_cursor_beside_has_more_false_is_not_followed() -> None:
    read = wire.read_keys(page({"has_more": False, "cursor": "trap"}))

    assert (read.cursor, read.has_more, len(read)) == (None, False, 0)


@pytest.mark.parametrize("cursor", [None, ""])
def test_more_without_a_cursor_is_an_error_and_not_an_end(cursor: str | None) -> None:
    with pytest.raises(MalformedResponseError, match="not where"):
        wire.read_keys(page({"has_more": True, "cursor": cursor}))


def test_a_cursor_too_long_to_send_is_an_error() -> None:
    with pytest.raises(MalformedResponseError):
        wire.read_keys(page({"has_more": True, "cursor": "x" * 8193}))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"data":null,"meta":{"has_more":false}}',
        b'{"data":[],"meta":null}',
        b'{"data":[]}',
        b'{"data":[],"meta":{}}',
        b'{"data":[],"meta":{"has_more":"no"}}',
        b'{"data":[{"size_bytes":1}],"meta":{"has_more":false}}',
        b'{"data":[{"key":7}],"meta":{"has_more":false}}',
        b'{"data":[{"key":"a","size_bytes":"1"}],"meta":{"has_more":false}}',
        b'{"data":[{"key":"a","size_bytes":NaN}],"meta":{"has_more":false}}',
        b'{"data":[],"meta":{"has_more":false}',
        b'{"data":[],"meta":{"has_more":false}}x',
        b'\xef\xbb\xbf{"data":[],"meta":{"has_more":false}}',
        b'{"data":[{"key":"\xff"}],"meta":{"has_more":false}}',
        b'{"data":' + b"[" * 1_000_000,
        b'{"later":' + b"[" * 100_000 + b"]" * 100_000 + b',"data":[],"meta":{"has_more":false}}',
        b"<html></html>",
    ],
    ids=range(20),
)
def test_a_listing_of_any_other_shape_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedResponseError):
        wire.read_keys(content)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_else(content: bytes) -> None:
    for read in (wire.read_keys, wire.read_namespace, wire.read_namespaces):
        with pytest.raises(MalformedResponseError):
            read(content)
    assert wire.read_problem(content) == wire.Problem()


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        (
            [{"code": "10015", "title": "Bad Request", "detail": "Invalid key format."}],
            wire.Problem("10015", "Invalid key format."),
        ),
        ([{"code": 10015, "title": "Bad Request"}], wire.Problem("10015", "Bad Request")),
        ([{"title": "Bad Request", "source": "/key"}], wire.Problem(None, "Bad Request")),
        ([{"detail": "x", "source": {"pointer": "/a"}, "meta": {}}], wire.Problem(None, "x")),
        ([{}], wire.Problem(None, None)),
        ([], wire.Problem(None, None)),
        ("no list", wire.Problem(None, None)),
    ],
)
def test_the_first_error_of_the_envelope_is_read_leniently(
    errors: Any, expected: wire.Problem
) -> None:
    assert wire.read_problem(body({"errors": errors})) == expected


def test_a_name_is_written_as_json() -> None:
    assert json.loads(wire.name_body("my-cache")) == {"name": "my-cache"}
