"""What the journal keeps of one write."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from kvtui.records import StoredValue


class Operation(StrEnum):
    """What was asked of the server."""

    PUT = "put"
    DELETE = "delete"


class RowState(StrEnum):
    """How a write ended, as far as it is known."""

    INTENT = "intent"
    """About to be sent, or sent: nothing is known yet."""
    DONE = "done"
    FAILED = "failed"
    """It is certain that it was not applied."""
    UNKNOWN = "unknown"
    """It was sent, and what came of it could not be found out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a write goes."""

    profile: str
    endpoint: str
    """Host and port."""
    namespace_id: str
    namespace_name: str
    key: str


@dataclass(frozen=True, slots=True)
class Write:
    """A write before it is sent: where, what is there, and what shall be there."""

    place: Place
    old: StoredValue | None
    """What was read right before; None for a key that does not exist."""
    new: bytes | None
    """None for a deletion."""

    @property
    def operation(self) -> Operation:
        return Operation.DELETE if self.new is None else Operation.PUT


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A write as it was kept, without the old bytes."""

    id: int
    run: str
    at: float
    """Seconds since the epoch."""
    place: Place
    operation: Operation
    old_size_bytes: int | None
    """None for a key that did not exist."""
    old_content_type: str | None
    new_hash: str | None
    """SHA-256 in hexadecimal; None for a deletion."""
    new_size_bytes: int | None
    state: RowState
    error: str
    is_settled: bool
    """Whether there is nothing more to find out."""

    def is_what_was_written(self, value: StoredValue | None) -> bool:
        """Tell whether a key that holds `value` (None: does not exist) holds what was written."""
        return hash_of(value.content if value is not None else None) == self.new_hash


def hash_of(content: bytes | None) -> str | None:
    """Give the SHA-256 of a value in hexadecimal; None for a key that does not exist."""
    return None if content is None else hashlib.sha256(content).hexdigest()
