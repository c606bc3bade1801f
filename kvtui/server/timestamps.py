"""Timestamps as the API writes them: nine fractional digits for keys, three for namespaces."""

import time
from functools import lru_cache
from typing import Final

NANOSECONDS: Final = 1_000_000_000


def key_timestamp(nanoseconds: int) -> str:
    """Write the time of a key's last write; such texts sort as the times do."""
    seconds, fraction = divmod(nanoseconds, NANOSECONDS)
    return f"{_second(seconds)}.{fraction:09d}Z"


def namespace_timestamp(seconds: float) -> str:
    """Write the time of a namespace's creation or change of status."""
    whole, milliseconds = divmod(int(seconds * 1000), 1000)
    return f"{_second(whole)}.{milliseconds:03d}Z"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
