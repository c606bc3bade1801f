"""What the API speaks of, as frozen records: namespaces, keys, pages, values, requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum

import msgspec

from kvtui.protocol import Status


class Namespace(msgspec.Struct, frozen=True):
    """A namespace as the API describes it."""

    id: str
    """A UUID."""
    name: str
    status: str
    """One of `protocol.Status`, or a word this version does not know, kept verbatim."""
    created_at: str = ""
    updated_at: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether its keys can be listed, read and written."""
        return self.status == Status.PROVISION_OK

    @property
    def is_settled(self) -> bool:
        """Whether its status changes only when somebody acts."""
        return self.status in {Status.PROVISION_OK, Status.PROVISION_FAILED, Status.DELETE_FAILED}


class KeyEntry(msgspec.Struct, frozen=True):
    """A key as a listing shows it: never with its value."""

    key: str
    size_bytes: int | None = None
    """None where the listing did not say."""
    updated_at: str | None = None
    """As the server wrote it, with up to nine fractional digits; None where it did not say."""


@dataclass(frozen=True, slots=True)
class KeyPage:
    """One page of a listing, held in columns because pages come by the thousand.

    `keys`, `sizes_bytes` and `updated_at` have equal lengths, in the server's order, which may be
    any order at all.
    """

    keys: Sequence[str]
    sizes_bytes: Sequence[int | None]
    updated_at: Sequence[str | None]
    cursor: str | None = None
    """Where the next page begins; set exactly when `has_more`."""
    has_more: bool = False
    answer_seconds: float | None = field(default=None, compare=False)
    """How long the answer took, without the wait for its turn; None where nobody looked."""

    @classmethod
    def of(cls, entries: Sequence[KeyEntry], cursor: str | None = None) -> "KeyPage":
        return cls(
            [entry.key for entry in entries],
            [entry.size_bytes for entry in entries],
            [entry.updated_at for entry in entries],
            cursor,
            cursor is not None,
        )

    def __len__(self) -> int:
        return len(self.keys)

    def entries(self) -> Iterator[KeyEntry]:
        for key, size_bytes, updated_at in zip(
            self.keys, self.sizes_bytes, self.updated_at, strict=True
        ):
            yield KeyEntry(key, size_bytes, updated_at)


class StoredValue(msgspec.Struct, frozen=True):
    """A value as it was read: opaque bytes and the content type stored beside them."""

    content: bytes
    content_type: str | None = None
    """A hint by whoever wrote it, often wrong; sent back unchanged when the value is saved."""


class PutOutcome(Enum):
    """What a write did, told by its status."""

    CREATED = 201
    REPLACED = 200


class Priority(IntEnum):
    """Who waits for a request: lower numbers are served first."""

    INTERACTIVE = 0
    """Somebody is looking at the gap it will fill: a value, the first page of a folder."""
    VISIBLE = 1
    """It fills what is on screen, or soon will be: next pages, status checks."""
    BACKGROUND = 2
    """Discovery, scans, exports."""


class TraceEntry(msgspec.Struct, frozen=True):
    """One attempt at a request, as evidence. Holds no API key and no value."""

    number: int
    """Counts attempts from 1, in the order in which they began."""
    started_at: float
    """Seconds since the epoch."""
    method: str
    target: str
    """Path and query as sent."""
    attempt: int
    """1 for the first try of a request, 2 for its first repeat …"""
    status: int | None = None
    """None while under way, and where no answer came."""
    duration_seconds: float | None = None
    """None while under way."""
    sent_bytes: int = 0
    """Of the body."""
    received_bytes: int = 0
    """Of the body."""
    request_id: str | None = None
    error: str | None = None
    """Why no usable answer came, in our own words."""
    content_type: str | None = None
    """Of the body that was sent, for copies as curl."""

    @property
    def is_write(self) -> bool:
        return self.method not in {"GET", "HEAD"}
