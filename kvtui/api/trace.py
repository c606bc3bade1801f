"""Every attempt at a request, as evidence: no API key, no value, bounded in number."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from kvtui.api.call import Call
from kvtui.api.clock import Clock
from kvtui.records import TraceEntry

CAPACITY: Final = 2000


class Trace:
    """The latest attempts, newest last."""

    def __init__(self, clock: Clock, capacity: int = CAPACITY) -> None:
        self._clock = clock
        self._capacity = capacity
        self._entries: dict[int, TraceEntry] = {}
        self._began_at: dict[int, float] = {}
        self._request_count = 0

    @property
    def entries(self) -> Sequence[TraceEntry]:
        return tuple(self._entries.values())

    @property
    def request_count(self) -> int:
        """Attempts begun since the start, also those that `entries` has forgotten."""
        return self._request_count

    @property
    def in_flight_count(self) -> int:
        return len(self._began_at)

    def begin(self, call: Call[object], attempt: int) -> int:
        """Record an attempt that is about to be made, and return its number."""
        self._request_count += 1
        number = self._request_count
        self._began_at[number] = self._clock.now()
        self._entries[number] = TraceEntry(
            number=number,
            started_at=self._clock.epoch(),
            method=call.method,
            target=call.target,
            attempt=attempt,
            content_type=call.content_type,
        )
        if len(self._entries) > self._capacity:
            del self._entries[next(iter(self._entries))]
        return number

    def finish(
        self,
        number: int,
        *,
        status: int | None = None,
        sent_bytes: int = 0,
        received_bytes: int = 0,
        request_id: str | None = None,
        error: str | None = None,
    ) -> None:
        """Record how attempt `number` ended."""
        duration_seconds = self._clock.now() - self._began_at.pop(number)
        entry = self._entries.get(number)
        if entry is not None:
            self._entries[number] = replace(
                entry,
                status=status,
                duration_seconds=duration_seconds,
                sent_bytes=sent_bytes,
                received_bytes=received_bytes,
                request_id=request_id,
                error=error,
            )
