"""Pages as a listing brings them: ids, logs or UUIDs, each key with a random size and time."""

import random
from collections.abc import Callable
from typing import Final

import msgspec

from kvtui.protocol import KEY_RECORD_TYPE
from kvtui.records import KeyPage

PAGE_KEYS: Final = 1000
_DAYS: Final = [f"2026-{month:02}-{day:02}T" for month in range(1, 13) for day in range(1, 29)]
_SECONDS: Final = [
    f"{hour:02}:{minute:02}:{second:02}"
    for hour in range(24)
    for minute in range(60)
    for second in range(60)
]


def ids(number: int, _page_count: int) -> list[str]:
    """Give page `number` of users numbered without a gap."""
    return [f"user/{row:08}/profile" for row in range(number * PAGE_KEYS, (number + 1) * PAGE_KEYS)]


def logs(number: int, _page_count: int) -> list[str]:
    """Give page `number` of log lines in folders of days and hours, each with a random name."""
    keys = []
    for row in range(number * PAGE_KEYS, (number + 1) * PAGE_KEYS):
        hours, line = divmod(row, 400)
        days, hour = divmod(hours, 24)
        second = line * 9 + random.randrange(9)
        time = f"{second // 60:02}{second % 60:02}-{random.getrandbits(32):08x}"
        date = f"{2020 + days // 360}/{days // 30 % 12 + 1:02}/{days % 30 + 1:02}"
        keys.append(f"logs/{date}/{hour:02}/{time}")
    return keys


def uuids(number: int, page_count: int) -> list[str]:
    """Give page `number` of so many pages of random UUIDs, which are spread evenly."""
    low, high = (number << 128) // page_count, (number + 1 << 128) // page_count
    digits = [f"{random.randrange(low, high):032x}" for _ in range(PAGE_KEYS)]
    return sorted(f"{d[:8]}-{d[8:12]}-4{d[13:16]}-{d[16:20]}-{d[20:]}" for d in digits)


KINDS: Final[dict[str, Callable[[int, int], list[str]]]] = {
    "ids": ids,
    "logs": logs,
    "UUIDs": uuids,
}


def page(keys: list[str], *, has_nanoseconds: bool = True) -> KeyPage:
    """Make a page of keys, each written at a random time of one year, with up to 4 kB."""
    sizes = random.choices(range(4096), k=len(keys))
    days, seconds = random.choices(_DAYS, k=len(keys)), random.choices(_SECONDS, k=len(keys))
    times = [f"{day}{second}Z" for day, second in zip(days, seconds, strict=True)]
    if has_nanoseconds:
        times = [f"{time[:-1]}.{random.randrange(10**9):09}Z" for time in times]
    return KeyPage(keys, sizes, times)


def body(listed: KeyPage) -> bytes:
    """Write a page as the API sends it, with a cursor."""
    entries = [
        {"key": entry.key, "size_bytes": entry.size_bytes, "updated_at": entry.updated_at}
        for entry in listed.entries()
    ]
    meta = {"has_more": True, "cursor": "+/+/" * 16}
    return msgspec.json.encode({"record_type": KEY_RECORD_TYPE, "data": entries, "meta": meta})
