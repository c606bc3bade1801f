"""What the bytes at one place mean as numbers and times, in both byte orders."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from kvtui.values.fixed_lines import Fact

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST: Final = 631_152_000
"""1990; what is earlier is rather a number than a time."""
_LATEST: Final = 4_102_444_800
"""2100."""
_UNITS: Final = ((1, "s"), (1_000, "ms"), (1_000_000, "µs"))

_ByteOrder = Literal["little", "big"]
_ORDERS: Final[tuple[tuple[_ByteOrder, str], ...]] = (("little", "le"), ("big", "be"))
_FLOATS: Final = ((4, "f"), (8, "d"))


def inspected(content: bytes, offset: int, digits: int = 9) -> list[Fact]:
    """Say what the bytes from `offset` on are; what would need more than there are is left out.

    Floats have so many significant digits.
    """
    rest = content[offset : offset + 8]
    facts = [
        Fact(f"i{size * 8}", _integers(rest[:size])) for size in (1, 2, 4, 8) if rest[size - 1 :]
    ]
    facts += [
        Fact(f"f{size * 8}", _floats(rest[:size], code, digits))
        for size, code in _FLOATS
        if rest[size - 1 :]
    ]
    if times := "  ".join(_times(rest)):
        facts.append(Fact("time", times))
    return facts


def _integers(raw: bytes) -> str:
    if len(raw) == 1:
        return _integer(raw, "little")
    return " ".join(f"{name} {_integer(raw, order)}" for order, name in _ORDERS)


def _integer(raw: bytes, order: _ByteOrder) -> str:
    unsigned = int.from_bytes(raw, order)
    signed = int.from_bytes(raw, order, signed=True)
    return str(unsigned) if signed == unsigned else f"{signed} ({unsigned})"


def _floats(raw: bytes, code: str, digits: int) -> str:
    numbers = (struct.unpack(f"{order}{code}", raw)[0] for order in "<>")
    return " ".join(
        f"{name} {number:.{digits}g}" for name, number in zip(("le", "be"), numbers, strict=True)
    )


def _times(rest: bytes) -> Iterator[str]:
    """Give the times that the bytes may be: seconds in four of them, or finer units in eight."""
    for size in (4, 8):
        for order, name in _ORDERS:
            number = int.from_bytes(rest[:size], order) if len(rest) >= size else 0
            for per_second, unit in _UNITS[: 1 if size == 4 else None]:
                if _EARLIEST <= number / per_second < _LATEST:
                    at = _EPOCH + timedelta(seconds=number / per_second)
                    yield f"{name}{size * 8} {unit} {at:%Y-%m-%d %H:%M:%S}"
