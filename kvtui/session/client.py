"""What a session needs of a client: the seam between acting and HTTP."""

from collections.abc import Sequence
from typing import Protocol

from kvtui.protocol import DEFAULT_KEYS_LIMIT
from kvtui.records import (
    KeyPage,
    Namespace,
    Priority,
    PutOutcome,
    StoredValue,
    TraceEntry,
)


class Trace(Protocol):
    """Requests made so far, newest last, bounded in number."""

    @property
    def entries(self) -> Sequence[TraceEntry]: ...

    @property
    def request_count(self) -> int:
        """Attempts begun since the start, also those that `entries` has forgotten."""
        ...

    @property
    def in_flight_count(self) -> int: ...


class Client(Protocol):
    """The eight calls of the KV REST API. Every call raises `KvtuiError` and nothing else."""

    @property
    def host(self) -> str:
        """Host and port, as shown in the header."""
        ...

    @property
    def base_url(self) -> str: ...

    @property
    def is_read_only(self) -> bool:
        """Whether a write would be refused now."""
        ...

    @property
    def needs_arming(self) -> bool:
        """Whether writes are let through only while they are armed."""
        ...

    @property
    def armed_seconds(self) -> float:
        """How long writes stay armed from now on; 0 when they are not."""
        ...

    def arm(self, seconds: float) -> None:
        """Let writes through for so long; raises ReadOnlyError where nothing can."""
        ...

    def disarm(self) -> None: ...

    @property
    def trace(self) -> Trace: ...

    @property
    def rate_limit_wait_seconds(self) -> float:
        """How long requests are held back by a rate limit from now on; 0 when they are not."""
        ...

    async def list_namespaces(self, *, priority: Priority = Priority.VISIBLE) -> list[Namespace]:
        """Read all pages of the list."""
        ...

    async def create_namespace(self, name: str) -> Namespace: ...

    async def get_namespace(
        self, namespace_id: str, *, priority: Priority = Priority.VISIBLE
    ) -> Namespace: ...

    async def delete_namespace(self, namespace_id: str) -> Namespace: ...

    async def list_keys(
        self,
        namespace_id: str,
        *,
        prefix: str = "",
        cursor: str | None = None,
        limit: int = DEFAULT_KEYS_LIMIT,
        priority: Priority = Priority.INTERACTIVE,
    ) -> KeyPage:
        """Read one page. A missing cursor beside `has_more` raises MalformedResponseError."""
        ...

    async def get_value(
        self, namespace_id: str, key: str, *, priority: Priority = Priority.INTERACTIVE
    ) -> StoredValue: ...

    async def put_value(
        self,
        namespace_id: str,
        key: str,
        value: StoredValue,
        *,
        ttl_seconds: int | None = None,
        priority: Priority = Priority.INTERACTIVE,
    ) -> PutOutcome:
        """Write; without `ttl_seconds` the key stays until deleted."""
        ...

    async def delete_key(
        self, namespace_id: str, key: str, *, priority: Priority = Priority.INTERACTIVE
    ) -> None:
        """Delete; a key that does not exist is not an error."""
        ...

    async def aclose(self) -> None: ...
