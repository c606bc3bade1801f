"""Decoded values written like JSON, for formats that are not text.

What JSON has no words for stands in angle brackets: bytes, times, tags.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
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
    writer = _Writer()
    writer.write(value, 0)
    return "".join(writer.parts)


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


class _Writer:
    """Collects the parts of what is written."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, value: object, depth: int) -> None:
        if isinstance(value, str):
            self.parts.append(encode_basestring(value))
        elif isinstance(value, OrderedPairs):
            self._write_members(value, depth)
        elif isinstance(value, Mapping):
            self._write_members(list(value.items()), depth)
        elif isinstance(value, (list, tuple)):
            self._write_items(value, depth)
        elif isinstance(value, (set, frozenset)):
            self._write_items(sorted(value, key=repr), depth)
        else:
            self.parts.append(_scalar(value))

    def _write_members(self, pairs: Pairs, depth: int) -> None:
        if not pairs or depth >= MAX_DEPTH:
            self.parts.append("{" + _left_out(len(pairs)) + "}")
            return
        separator = "{\n" + _INDENT * (depth + 1)
        for name, member in pairs:
            self.parts.append(separator)
            self.write(name, depth + 1)
            self.parts.append(": ")
            self.write(member, depth + 1)
            separator = ",\n" + _INDENT * (depth + 1)
        self.parts.append(f"\n{_INDENT * depth}}}")

    def _write_items(self, items: Sequence[object], depth: int) -> None:
        if not items or depth >= MAX_DEPTH:
            self.parts.append("[" + _left_out(len(items)) + "]")
            return
        separator = "[\n" + _INDENT * (depth + 1)
        for item in items:
            self.parts.append(separator)
            self.write(item, depth + 1)
            separator = ",\n" + _INDENT * (depth + 1)
        self.parts.append(f"\n{_INDENT * depth}]")


def _left_out(count: int) -> str:
    return _label(f"{count:,} more, too deep to show") if count else ""


def _scalar(value: object) -> str:
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
