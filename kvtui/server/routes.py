"""The eight calls of the API, checked in its order and answered from the store."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace
from starlette.datastructures import QueryParams
from starlette.responses import Response

from kvtui.protocol import (
    DEFAULT_CONTENT_TYPE,
    DEFAULT_KEYS_LIMIT,
    DEFAULT_PAGE_SIZE,
    MAX_KEYS_LIMIT,
    MAX_PAGE_SIZE,
    MAX_TTL_SECONDS,
    MAX_VALUE_BYTES,
    MIN_TTL_SECONDS,
    Status,
    dot_segment_problem,
    is_namespace_id,
    key_problem,
    name_problem,
)
from kvtui.records import StoredValue
from kvtui.server import refusal, wire
from kvtui.server.body import RequestBody
from kvtui.server.key_listing import KeyListing
from kvtui.server.options import ServerOptions
from kvtui.server.store import NamespaceState, Store
from kvtui.server.target import Resource, Target
from kvtui.server.writer import Writer

_MAX_JSON_BYTES: Final = 64 * 1024
_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,20}")
_NOTHING: Final = wire.keys_body([], has_more=False, cursor=None)


@dataclass(frozen=True, slots=True)
class Call:
    """A request, taken apart."""

    method: str
    target: Target
    query: QueryParams
    body: RequestBody
    content_type: str | None


class Routes:
    """Answers calls; what is not a success is raised as a refusal."""

    def __init__(self, store: Store, options: ServerOptions) -> None:
        self._store = store
        self._options = options
        self._writer = Writer(store)
        self._listing = KeyListing(store, options)
        self._routes: dict[Resource, dict[str, Callable[[Call], Awaitable[Response]]]] = {
            Resource.NAMESPACES: {"GET": self._list_namespaces, "POST": self._create_namespace},
            Resource.NAMESPACE: {"GET": self._get_namespace, "DELETE": self._delete_namespace},
            Resource.KEYS: {"GET": self._list_keys},
            Resource.KEY: {"GET": self._get, "PUT": self._put, "DELETE": self._delete},
        }

    async def answer(self, call: Call) -> Response:
        methods = self._routes[call.target.resource]
        if call.method not in methods:
            raise refusal.method_not_allowed(", ".join(methods))
        return await methods[call.method](call)

    # Namespaces

    async def _list_namespaces(self, call: Call) -> Response:
        number = _whole_number(call.query, "page[number]", 1)
        size = min(_whole_number(call.query, "page[size]", DEFAULT_PAGE_SIZE), MAX_PAGE_SIZE)
        states = self._store.namespaces((number - 1) * size, size)
        page = [state.namespace for state in states]
        return _json(wire.namespaces_body(page, number, size, self._store.namespace_count()))

    async def _create_namespace(self, call: Call) -> Response:
        name = wire.parse_new_namespace(await call.body.read(_MAX_JSON_BYTES))
        if name is None:
            raise refusal.bad_request("The body must be a JSON object with a name.", "name")
        problem = name_problem(name)
        if problem:
            raise refusal.bad_request(f"Invalid namespace name: {problem}.", "name")
        state = await self._writer.run(self._store.create_namespace, name)
        if state is None:
            raise refusal.name_taken()
        return _json(wire.namespace_body(state.namespace), 201)

    async def _get_namespace(self, call: Call) -> Response:
        return _json(wire.namespace_body(self._namespace(call).namespace))

    async def _delete_namespace(self, call: Call) -> Response:
        state = self._namespace(call)
        if state.namespace.status == Status.DELETING:
            raise refusal.conflict("Namespace is already being deleted.")
        if state.lifecycle.is_bound and call.query.get("force") != "true":
            raise refusal.conflict("Namespace is still bound to a function.")
        deleted = await self._writer.run(self._store.delete_namespace, state)
        answered = replace(deleted.namespace, status=Status.DELETING)
        return _json(wire.namespace_body(answered))

    # Keys

    async def _list_keys(self, call: Call) -> Response:
        state = self._ready_namespace(call)
        limit = min(_whole_number(call.query, "limit", DEFAULT_KEYS_LIMIT), MAX_KEYS_LIMIT)
        prefix, cursor = call.query.get("prefix", ""), call.query.get("cursor")
        page = self._listing.page(state, prefix, cursor, limit)
        if page == _NOTHING:
            await asyncio.sleep(self._options.empty_latency_seconds)
        return _json(page)

    async def _get(self, call: Call) -> Response:
        state = self._ready_namespace(call)
        value = self._store.get(state, self._key(call))
        if value is None:
            raise refusal.not_found("Key not found.")
        kept = value.content_type if self._options.is_content_type_kept else None
        headers = {"content-type": kept or DEFAULT_CONTENT_TYPE}
        return Response(value.content, headers=headers)

    async def _put(self, call: Call) -> Response:
        state = self._ready_namespace(call)
        key = self._key(call)
        ttl_seconds = _ttl_seconds(call.query)
        if ttl_seconds is not None and not state.lifecycle.has_ttl_support:
            raise refusal.conflict("Namespace does not support ttl_secs.")
        value = StoredValue(await call.body.read(MAX_VALUE_BYTES), call.content_type)
        outcome = await self._writer.run(self._store.put, state, key, value, ttl_seconds)
        return Response(status_code=outcome.value)

    async def _delete(self, call: Call) -> Response:
        state = self._ready_namespace(call)
        await self._writer.run(self._store.delete, state, self._key(call))
        return Response()

    # Checks, in the order in which they are made

    def _namespace(self, call: Call) -> NamespaceState:
        if not is_namespace_id(call.target.namespace_id):
            raise refusal.bad_request("The namespace id must be a UUID.", "id")
        state = self._store.namespace(call.target.namespace_id)
        if state is None:
            raise refusal.not_found("Namespace not found.")
        return state

    def _ready_namespace(self, call: Call) -> NamespaceState:
        state = self._namespace(call)
        if not state.namespace.is_ready:
            raise refusal.not_ready(state.namespace.status)
        return state

    def _key(self, call: Call) -> str:
        key = call.target.key
        if key_problem(key) or dot_segment_problem(key):
            raise refusal.invalid_key(key)
        if self._options.is_underscore_reserved and key.startswith("_"):
            raise refusal.bad_request("Keys that begin with _ are reserved for system use.", "key")
        if self._options.is_edge_dot_refused and (key.startswith(".") or key.endswith(".")):
            raise refusal.invalid_key(key)
        return key


def _whole_number(query: QueryParams, name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not _WHOLE_NUMBER.fullmatch(text) or int(text) < 1:
        raise refusal.bad_request(f"{name} must be a positive integer.", name)
    return int(text)


def _ttl_seconds(query: QueryParams) -> int | None:
    if "ttl" in query:
        raise refusal.unprocessable("ttl is not supported, use ttl_secs.", "ttl")
    text = query.get("ttl_secs")
    if text is None:
        return None
    is_number = bool(_WHOLE_NUMBER.fullmatch(text))
    if not is_number or not MIN_TTL_SECONDS <= int(text) <= MAX_TTL_SECONDS:
        detail = f"ttl_secs must be a whole number from {MIN_TTL_SECONDS} to {MAX_TTL_SECONDS}."
        raise refusal.unprocessable(detail, "ttl_secs")
    return int(text)


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type=wire.JSON_CONTENT_TYPE)
