"""The API's JSON, written: namespaces, key listings, the error envelope."""

from collections.abc import Sequence
from typing import Final

import msgspec

from kvtui.protocol import KEY_RECORD_TYPE, NAMESPACE_RECORD_TYPE
from kvtui.records import Namespace
from kvtui.server.pages import KeyRow

JSON_CONTENT_TYPE: Final = "application/json"

_ENCODER: Final = msgspec.json.Encoder()


class _NamespaceObject(msgspec.Struct):
    record_type: str
    id: str
    name: str
    status: str
    created_at: str
    updated_at: str


class _NamespaceAnswer(msgspec.Struct):
    data: _NamespaceObject


class _NamespacesMeta(msgspec.Struct):
    page_number: int
    page_size: int
    total_pages: int
    total_results: int


class _NamespacesAnswer(msgspec.Struct):
    data: list[_NamespaceObject]
    meta: _NamespacesMeta


class _ListedKey(msgspec.Struct):
    key: str
    size_bytes: int
    updated_at: str


class _KeysMeta(msgspec.Struct):
    has_more: bool
    cursor: str | msgspec.UnsetType = msgspec.UNSET


class _KeysAnswer(msgspec.Struct):
    record_type: str
    data: list[_ListedKey]
    meta: _KeysMeta


class _ErrorSource(msgspec.Struct):
    pointer: str
    parameter: str


class _ErrorMeta(msgspec.Struct):
    url: str


class _Error(msgspec.Struct):
    code: str
    title: str
    detail: str
    source: _ErrorSource | msgspec.UnsetType
    meta: _ErrorMeta


class _ErrorAnswer(msgspec.Struct):
    errors: list[_Error]


class _NewNamespace(msgspec.Struct):
    name: str


def namespace_body(namespace: Namespace) -> bytes:
    """Write one namespace."""
    return _ENCODER.encode(_NamespaceAnswer(_namespace_object(namespace)))


def namespaces_body(
    page: Sequence[Namespace], page_number: int, page_size: int, total: int
) -> bytes:
    """Write the page of that number, out of `total` namespaces."""
    objects = [_namespace_object(namespace) for namespace in page]
    meta = _NamespacesMeta(page_number, page_size, -(-total // page_size), total)
    return _ENCODER.encode(_NamespacesAnswer(objects, meta))


def keys_body(rows: Sequence[KeyRow], *, has_more: bool, cursor: str | None) -> bytes:
    """Write a page of a key listing; a cursor that is None is left out."""
    keys = [_ListedKey(key, size, updated_at) for key, size, updated_at, _rank in rows]
    meta = _KeysMeta(has_more, msgspec.UNSET if cursor is None else cursor)
    return _ENCODER.encode(_KeysAnswer(KEY_RECORD_TYPE, keys, meta))


def error_body(code: str, title: str, detail: str, parameter: str | None) -> bytes:
    """Write the error envelope."""
    source = msgspec.UNSET if parameter is None else _ErrorSource(pointer="", parameter=parameter)
    meta = _ErrorMeta(f"https://developers.telnyx.com/docs/overview/errors/{code}")
    return _ENCODER.encode(_ErrorAnswer([_Error(code, title, detail, source, meta)]))


def parse_new_namespace(body: bytes) -> str | None:
    """Read the name out of a request's body; None where the body is not of that shape."""
    try:
        return msgspec.json.decode(body, type=_NewNamespace).name
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _namespace_object(namespace: Namespace) -> _NamespaceObject:
    return _NamespaceObject(
        NAMESPACE_RECORD_TYPE,
        namespace.id,
        namespace.name,
        namespace.status,
        namespace.created_at,
        namespace.updated_at,
    )
