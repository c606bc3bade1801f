"""JSON to records: the only reader of the API's field names."""

from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec

from kvtui.errors import MalformedResponseError
from kvtui.records import KeyPage, Namespace

MAX_CURSOR_LENGTH: Final = 8192

T = TypeVar("T")


class _Namespace(msgspec.Struct, gc=False):
    id: str
    name: str | None = None
    status: str | None = None
    created_at: str | None = None
    updated_at: str | None = None

    def record(self) -> Namespace:
        return Namespace(
            self.id,
            self.name or "",
            self.status or "",
            self.created_at or "",
            self.updated_at or "",
        )


class _NamespaceEnvelope(msgspec.Struct, gc=False):
    data: _Namespace


class _PageNumbers(msgspec.Struct, gc=False):
    total_pages: int | None = None


class _NamespacesEnvelope(msgspec.Struct, gc=False):
    data: list[_Namespace]
    meta: _PageNumbers | None = None


class _Entry(msgspec.Struct, gc=False):
    key: str
    size_bytes: int | None = None
    updated_at: str | None = None


class _Continuation(msgspec.Struct, gc=False):
    has_more: bool
    cursor: str | None = None


class _KeysEnvelope(msgspec.Struct, gc=False):
    data: list[_Entry]
    meta: _Continuation


class _Problem(msgspec.Struct, gc=False):
    code: str | int | None = None
    title: str | None = None
    detail: str | None = None


class _ProblemsEnvelope(msgspec.Struct, gc=False):
    errors: list[_Problem]


_NAMESPACE: Final = msgspec.json.Decoder(_NamespaceEnvelope)
_NAMESPACES: Final = msgspec.json.Decoder(_NamespacesEnvelope)
_KEYS: Final = msgspec.json.Decoder(_KeysEnvelope)
_PROBLEMS: Final = msgspec.json.Decoder(_ProblemsEnvelope)


class NamespacePage(msgspec.Struct, frozen=True):
    """One page of the list of namespaces."""

    namespaces: Sequence[Namespace]
    total_pages: int | None
    """None where the list did not say."""

    def is_last(self, number: int) -> bool:
        """Tell whether this is said to be the last page, being page `number`."""
        return self.total_pages is not None and number >= self.total_pages


class Problem(msgspec.Struct, frozen=True):
    """What an error's body says, as it says it: neither cleaned nor trusted."""

    code: str | None = None
    detail: str | None = None


def read_namespace(body: bytes) -> Namespace:
    """Read the envelope of one namespace."""
    return _decoded(_NAMESPACE, body).data.record()


def read_namespaces(body: bytes) -> NamespacePage:
    """Read a page of namespaces; without `meta` it does not say how many pages there are."""
    envelope = _decoded(_NAMESPACES, body)
    total_pages = envelope.meta.total_pages if envelope.meta else None
    return NamespacePage([item.record() for item in envelope.data], total_pages)


def read_keys(body: bytes) -> KeyPage:
    """Read a page; `has_more` decides, and a cursor beside `has_more: false` counts for nothing."""
    envelope = _decoded(_KEYS, body)
    cursor = envelope.meta.cursor if envelope.meta.has_more else None
    if envelope.meta.has_more and not cursor:
        raise MalformedResponseError("the listing says there are more keys, but not where")
    if cursor and len(cursor) > MAX_CURSOR_LENGTH:
        raise MalformedResponseError("the listing goes on at a place too long to ask for")
    return KeyPage(
        [entry.key for entry in envelope.data],
        [entry.size_bytes for entry in envelope.data],
        [entry.updated_at for entry in envelope.data],
        cursor,
        envelope.meta.has_more,
    )


def read_problem(body: bytes) -> Problem:
    """Read the first error of the envelope; an empty problem where there is none."""
    try:
        first = _decoded(_PROBLEMS, body).errors[0]
    except (MalformedResponseError, IndexError):
        return Problem()
    code = None if first.code is None else str(first.code)
    return Problem(code, first.detail or first.title)


def name_body(name: str) -> bytes:
    """Write the body that creates a namespace."""
    return msgspec.json.encode({"name": name})


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedResponseError("the answer does not have the shape of the KV API") from None
