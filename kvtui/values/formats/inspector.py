"""What the bytes at one place mean as numbers and times, in both byte orders."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from kvtui.values.fixed_lines import Fact, FixedLines, fact_rows

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST: Final = 631_152_000
"""1990; what is earlier is rather a number than a time."""
_LATEST: Final = 4_102_444_800
"""2100."""
_UNITS: Final = ((1, "s"), (1_000, "ms"), (1_000_000, "µs"))

_ByteOrder = Literal["little", "big"]
_ORDERS: Final[tuple[tuple[_ByteOrder, str], ...]] = (("little", "le"), ("big", "be"))
_FLOATS: Final = ((4, "f"), (8, "d"))
_FULL_DIGITS, _FEW_DIGITS = 9, 6
_ROOMY_CELLS: Final = 44
"""In a narrower place a number has fewer digits, so that two stand in a row."""
_WIDEST: Final = b"\x80" * 8
"""Bytes of which everything can be said, at length."""
_LEAST_FIRST: Final = ("f32", "i16", "f64", "i8", "i32", "time", "i64")
"""What is left out where there is no room for all of it."""


def most_rows(width: int) -> int:
    """Count the rows that the facts of bytes may take."""
    return sum(map(len, fact_rows(_told(_WIDEST, 0, width), width)))


def inspector_lines(content: bytes, offset: int, width: int, rows: int) -> FixedLines:
    """Lay out what the bytes from `offset` on are in so many rows: whole facts, as many as fit."""
    facts = _told(content, offset, width)
    shown = {
        fact.label: of_fact for fact, of_fact in zip(facts, fact_rows(facts, width), strict=True)
    }
    for label in _LEAST_FIRST:
        if sum(map(len, shown.values())) > rows:
            shown.pop(label, None)
    filled = [row for of_fact in shown.values() for row in of_fact]
    return FixedLines([*filled, *([] for _ in range(rows - len(filled)))])


def _told(content: bytes, offset: int, width: int) -> list[Fact]:
    return inspected(content, offset, _FULL_DIGITS if width >= _ROOMY_CELLS else _FEW_DIGITS)


def inspected(content: bytes, offset: int, digits: int = _FULL_DIGITS) -> list[Fact]:
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
