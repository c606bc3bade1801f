"""Key spaces of millions of keys that exist only as arithmetic: shapes a to g of the benchmarks."""

import string
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random

from kvtui.keyspace.chunk import PAST_EVERYTHING, child_path


@dataclass(frozen=True)
class Block:
    """Neighbouring keys: `key(n)` ascends with n."""

    count: int
    key: Callable[[int], str]


class KeySpace:
    """Blocks one after the other in key order."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = sorted((b for b in blocks if b.count), key=lambda block: block.key(0))
        self._starts = list(accumulate((b.count for b in self._blocks), initial=0))
        self._firsts = [block.key(0) for block in self._blocks]
        self.span = lru_cache(maxsize=None)(self._span)

    def __len__(self) -> int:
        return self._starts[-1]

    def key(self, number: int) -> str:
        at = bisect_left(self._starts, number + 1) - 1
        return self._blocks[at].key(number - self._starts[at])

    def keys(self, start: int, stop: int) -> list[str]:
        found: list[str] = []
        at = bisect_left(self._starts, start + 1) - 1
        while start < stop:
            block, first = self._blocks[at], self._starts[at]
            end = min(stop, first + block.count)
            found += map(block.key, range(start - first, end - first))
            start, at = end, at + 1
        return found

    def find(self, key: str) -> int:
        """Give the number of the first key from `key` on."""
        at = max(bisect_left(self._firsts, key) - 1, 0)
        block = self._blocks[at]
        inside = bisect_left(range(block.count), key, key=block.key)
        return self._starts[at] + inside

    def children(self, prefix: str) -> Iterator[str]:
        number, end = self.span(prefix)
        while number < end:
            path = child_path(self.key(number), len(prefix))
            yield path
            is_folder = path.endswith("/") and path != prefix
            number = self.find(path + PAST_EVERYTHING) if is_folder else number + 1

    def _span(self, prefix: str) -> tuple[int, int]:
        """Give the numbers of the first key below a prefix and of the first after those."""
        return self.find(prefix), self.find(prefix + PAST_EVERYTHING)


def single(key: str) -> Block:
    return Block(1, lambda _: key)


def numbered(template: str, count: int) -> Block:
    return Block(count, template.format)


def _hex(number: int, count: int) -> int:
    """Spread `count` numbers over 128 bits, irregularly but in ascending order."""
    step = (1 << 128) // count
    return number * step + (number * 0x9E3779B97F4A7C15F39CC0605CEDC834 + 12345) % step


def uuids(folder: str, count: int) -> Block:
    def key(number: int) -> str:
        digits = f"{_hex(number, count):032x}"
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        return folder + "-".join(parts)

    return Block(count, key)


def shape_a() -> KeySpace:
    """Ten million keys, 99 % of them in one folder."""
    return KeySpace(
        [
            numbered("user/{:07}/profile", 9_900_000),
            numbered("audit/event-{:08}", 80_000),
            uuids("session/", 19_500),
            numbered("config/service-{:03}/limits", 300),
            numbered("flags/feature-{:03}", 198),
            single("VERSION"),
            single("maintenance"),
        ]
    )


def shape_b() -> KeySpace:
    """Ten folders of three to five million keys, and four keys."""
    return KeySpace(
        [
            numbered("cache/page-{:07}", 5_000_000),
            uuids("events/", 2_000_000),
            numbered("metrics/{:07}", 1_000_000),
            numbered("users/{:06}/profile", 300_000),
            numbered("users-archive/{:06}", 100_000),
            uuids("sessions/", 60_000),
            numbered("jobs/job-{:05}", 30_000),
            numbered("queue/{:04}", 5_000),
            numbered("flags/feature-{:03}", 300),
            numbered("locks/lock-{}", 3),
            *map(single, ["VERSION", "healthcheck", "leader", "schema"]),
        ]
    )


def shape_c(archived: int = 0) -> KeySpace:
    """One million keys without a folder, and for c2 one folder beside them."""
    return KeySpace([uuids("", 1_000_000), numbered("archive/{:06}", archived)])


def shape_d() -> KeySpace:
    """Three years of logs in folders of year, month, day and hour."""

    def key(number: int) -> str:
        hours, line = divmod(number, 380)
        days, hour = divmod(hours, 24)
        months, day = divmod(days, 30)
        years, month = divmod(months, 12)
        second = line * 9 + (line * 7919) % 9
        time = f"{second // 60:02}{second % 60:02}-{number * 2654435761 % (1 << 32):08x}"
        return f"logs/{2024 + years}/{month + 1:02}/{day + 1:02}/{hour:02}/{time}"

    return KeySpace([Block(3 * 12 * 30 * 24 * 380, key)])


def shape_e() -> KeySpace:
    """Two hundred folders of very uneven size with names of all kinds, and three thousand keys."""
    random = Random(5)
    names = {_name(random) for _ in range(3_200)}
    while len(names) < 3_200:
        names.add(_name(random))
    ordered = sorted(names)
    random.shuffle(ordered)
    harmonic = sum(1 / rank for rank in range(1, 201))
    folders = [
        numbered(f"{name}/item-{{:07}}", int(4_997_000 / harmonic / rank))
        for rank, name in enumerate(ordered[:200], 1)
    ]
    return KeySpace([*folders, *map(single, ordered[200:])])


def shape_f() -> KeySpace:
    """Make a thousand tenants of ten thousand keys each."""

    def key(number: int) -> str:
        tenant, item = divmod(number, 10_000)
        return f"tenant-{tenant:04}/item-{item:05}"

    return KeySpace([Block(10_000_000, key)])


def shape_g() -> KeySpace:
    """Make a million users with three keys each."""
    names = ("profile", "sessions", "settings")

    def key(number: int) -> str:
        user, name = divmod(number, 3)
        return f"user/{user:07}/{names[name]}"

    return KeySpace([Block(3_000_000, key)])


SHAPES: dict[str, Callable[[], KeySpace]] = {
    "a": shape_a,
    "b": shape_b,
    "c": shape_c,
    "d": shape_d,
    "e": shape_e,
    "f": shape_f,
    "g": shape_g,
}


def _name(random: Random) -> str:
    length = random.randint(4, 12)
    letters = string.ascii_lowercase
    word = "".join(random.choices(letters, k=length))
    tail = random.choice(["", "", "-v2", f"-{random.randrange(100)}", "_old", ".json"])
    return word + tail
