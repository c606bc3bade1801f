"""Key spaces of any size, for measurements and for trying what happens with millions of keys."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from kvtui.server.dice import Dice
from kvtui.server.store import NamespaceState, NewEntry, Store
from kvtui.server.timestamps import NANOSECONDS, key_timestamp

_WRITES_PER_SECOND: Final = 1000
_CONTENTS: Final = tuple(b'{"n":' + b"1" * length + b"}" for length in range(1, 60))


def one_big_folder(count: int) -> Iterator[str]:
    """Yield keys of which 99 of 100 are below `user/`, beside a few small folders and keys."""
    small = count // 100
    for number in range(small):
        yield f"{('config', 'flags', 'team', 'zone')[number % 4]}/{number:07d}"
    yield from ("readme", "version")[: count - small]
    for number in range(max(0, count - small - 2)):
        yield f"user/{number:08d}/profile"


def flat(count: int) -> Iterator[str]:
    """Yield keys without any folder, in no order, like UUIDs."""
    dice = Dice("flat")
    for _ in range(count):
        digits = dice.content(16).hex()
        yield f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def dated(count: int) -> Iterator[str]:
    """Yield keys below `logs/<year>/<month>/<day>/<hour>/`, in order of time, ten a minute."""
    begin = 1_700_000_000
    for number in range(count):
        at = time.gmtime(begin + 6 * number)
        yield time.strftime(f"logs/%Y/%m/%d/%H/%M%S-{number:08x}", at)


SHAPES: Final[dict[str, Callable[[int], Iterator[str]]]] = {
    "one-big-folder": one_big_folder,
    "flat": flat,
    "dated": dated,
}


def fill(store: Store, namespace: NamespaceState, keys: Iterable[str]) -> None:
    """Store small values under `keys`, written one after the other, the last one about now."""
    names = list(keys)
    first = int(store.clock() * NANOSECONDS) - len(names) * (NANOSECONDS // _WRITES_PER_SECOND)
    store.insert(
        namespace,
        (
            NewEntry(
                name,
                _CONTENTS[number % len(_CONTENTS)],
                key_timestamp(first + number * (NANOSECONDS // _WRITES_PER_SECOND)),
            )
            for number, name in enumerate(names)
        ),
    )
