"""Decoded values written like JSON, for formats that are not text.

What JSON has no words for stands in angle brackets: bytes, times, tags.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MAX_DEPTH: Final = 200
MAX_BYTES_SHOWN: Final = 64
_MAX_INTEGER_BITS: Final = 14_000
"""Python refuses to spell integers much longer than this."""
_INDENT: Final = "  "
_OUTSIDE_LABEL: Final = str.maketrans({"<": "‹", ">": "›", '"': "'"})

Pairs = list[tuple[object, object]]


class OrderedPairs(Pairs):
    """The members of a map as they were written: in order, repeated names kept."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Something that JSON has no words for, in our own."""

    text: str


def notation(value: object) -> str:
    """Write a decoded value over several lines."""
    return "".join(_written(value, 0))


def bytes_text(content: bytes) -> str:
    """Describe bytes inside a value: how many, and the first of them in hex."""
    unit = "byte" if len(content) == 1 else "bytes"
    if not content:
        return "0 bytes"
    more = " …" if len(content) > MAX_BYTES_SHOWN else ""
    return f"{len(content):,} {unit}: {content[:MAX_BYTES_SHOWN].hex(' ')}{more}"


def _label(text: str) -> str:
    """Put text into angle brackets that it cannot break out of."""
    return f"<{' '.join(text.split()).translate(_OUTSIDE_LABEL)}>"


def _written(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, OrderedPairs):
        yield from _members(value, depth)
    elif isinstance(value, Mapping):
        yield from _members(list(value.items()), depth)
    elif isinstance(value, (set, frozenset)):
        yield from _items(sorted(value, key=repr), depth)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        yield from _items(value, depth)
    else:
        yield _scalar(value)


def _members(pairs: Pairs, depth: int) -> Iterator[str]:
    if not pairs or depth >= MAX_DEPTH:
        yield "{" + _left_out(len(pairs)) + "}"
        return
    yield "{"
    for number, (name, member) in enumerate(pairs):
        yield _break(number, depth + 1)
        yield from _written(name, depth + 1)
        yield ": "
        yield from _written(member, depth + 1)
    yield f"\n{_INDENT * depth}}}"


def _items(items: Sequence[object], depth: int) -> Iterator[str]:
    if not items or depth >= MAX_DEPTH:
        yield "[" + _left_out(len(items)) + "]"
        return
    yield "["
    for number, item in enumerate(items):
        yield _break(number, depth + 1)
        yield from _written(item, depth + 1)
    yield f"\n{_INDENT * depth}]"


def _break(number: int, depth: int) -> str:
    return f"{',' if number else ''}\n{_INDENT * depth}"


def _left_out(count: int) -> str:
    return _label(f"{count:,} more, too deep to show") if count else ""


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)) and (number := _number(value)):
        return number
    return _label(_described(value))


def _number(value: int | float) -> str | None:
    """Spell a number that JSON can hold."""
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else None
    return str(value) if value.bit_length() < _MAX_INTEGER_BITS else None


def _described(value: object) -> str:
    if isinstance(value, Labelled):
        return value.text
    if isinstance(value, (bytes, bytearray)):
        return bytes_text(bytes(value))
    kind = type(value).__name__
    try:
        text = str(value)
    except ValueError:
        return f"{kind}, too long to spell"
    return text if text.startswith(kind) else f"{kind}: {text}"
