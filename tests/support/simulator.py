"""A server of arithmetic and a clock that jumps: planners run against them without waiting."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from kvtui.keyspace.request import Request
from kvtui.records import KeyEntry, KeyPage
from tests.support.key_space import KeySpace

BURST_KEYS = 5_000


class ServerOrder(Enum):
    LEX = "lex"
    SEQ = "seq"
    """By time of writing, keys having been written at random."""
    BURST = "burst"
    """By time of writing, neighbouring keys having been written five thousand at a time."""


class Server:
    """Lists a key space the way the API does."""

    def __init__(self, space: KeySpace, order: ServerOrder) -> None:
        self._space = space
        self._order = order

    def answer(self, request: Request) -> KeyPage:
        if request.is_exact:
            low, _ = self._space.span(request.prefix)
            is_there = low < len(self._space) and self._space.key(low) == request.prefix
            return KeyPage.of([KeyEntry(request.prefix)] if is_there else [])
        low, high = self._space.span(request.prefix)
        position = int(request.cursor or 0)
        keys, following = self._page(low, high, position, request.limit)
        has_more = following is not None
        times = self._times(position, len(keys))
        cursor = str(following) if has_more else None
        return KeyPage(keys, [None] * len(keys), times, cursor, has_more)

    def _page(self, low: int, high: int, at: int, limit: int) -> tuple[list[str], int | None]:
        space, count = self._space, high - low
        if self._order is ServerOrder.LEX:
            stop = min(at + limit, count)
            return space.keys(low + at, low + stop), stop if stop < count else None
        numbers = _shuffled(count, at) if self._order is ServerOrder.SEQ else _bursts(low, high, at)
        page: list[str] = []
        for where, number in numbers:
            if len(page) == limit:
                return page, where
            page.append(space.key(low + number))
        return page, None

    def _times(self, position: int, count: int) -> list[str | None]:
        if self._order is ServerOrder.LEX:
            return [_TIMES[(position + number) % len(_TIMES)] for number in range(count)]
        start = position * 1000
        return [f"2026-01-01T{n:015}" for n in range(start, start + count)]


def _shuffled(count: int, at: int) -> Iterator[tuple[int, int]]:
    """Give the numbers below `count` in an order like chance, from place `at` on."""
    bits = max(count - 1, 1).bit_length()
    mask, half = (1 << bits) - 1, bits // 2 + 1
    for place in range(at, 1 << bits):
        number = (place * 0x9E3779B1 + 0x7F4A7C15) & mask
        number ^= number >> half
        number = (number * 0x85EBCA6B) & mask
        number ^= number >> half
        if number < count:
            yield place, number


def _bursts(low: int, high: int, at: int) -> Iterator[tuple[int, int]]:
    """Give the same numbers, neighbours together."""
    first, last = low // BURST_KEYS, (high - 1) // BURST_KEYS
    place, inside = divmod(at, BURST_KEYS)
    for where, burst in _shuffled(last - first + 1, place):
        start = max((first + burst) * BURST_KEYS, low)
        stop = min((first + burst + 1) * BURST_KEYS, high)
        skipped = inside if where == place else 0
        for number in range(start + skipped, stop):
            yield where * BURST_KEYS + number - start, number - low


_TIMES = [f"2026-01-01T00:{n * 7919 % 1000:03}" for n in range(1000)]


class Planner(Protocol):
    """What decides which requests to make."""

    @property
    def is_done(self) -> bool: ...

    def poll(self, limit: int) -> list[Request]: ...

    def feed(self, request: Request, page: KeyPage) -> None: ...


@dataclass
class Run:
    """How far a planner came, and what it cost."""

    requests: int = 0
    seconds: float = 0.0
    keys: int = 0
    """Keys received, also those received before."""
    empty: int = 0
    """Answers without a key."""
    milestones: dict[str, tuple[int, float]] = field(default_factory=dict)


def simulate(
    planner: Planner,
    server: Server,
    *,
    slots: int = 16,
    latency: float = 0.08,
    most_requests: int = 100_000,
    watch: Callable[[Run, Request, KeyPage], None] | None = None,
) -> Run:
    """Run a planner to its end, or until it wants nothing more."""
    run = Run()
    flying: list[tuple[float, int, Request]] = []
    while not planner.is_done and run.requests < most_requests:
        for request in planner.poll(slots - len(flying)):
            run.requests += 1
            heapq.heappush(flying, (run.seconds + latency, run.requests, request))
        if not flying:
            break
        run.seconds, _, request = heapq.heappop(flying)
        page = server.answer(request)
        run.keys += len(page)
        run.empty += not page.keys
        planner.feed(request, page)
        if watch is not None:
            watch(run, request, page)
    return run
