"""Protocol Buffers without a schema: field numbers and what the wire tells of their values.

Few bytes are needed to look like a message, so only what is wholly plausible is taken for one.
"""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from kvtui.values.display import hidden_count
from kvtui.values.formats.notation import Labelled, OrderedPairs, notation

MAX_DEPTH: Final = 32
_MAX_BYTES: Final = 4 * 1024 * 1024
_MAX_FIELD: Final = 1000
"""Larger numbers are allowed, but hardly ever used."""
_MAX_VARINT: Final = 10
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MIN_TEXT: Final = 3
_MIN_FIELDS: Final = 2


class _NoMessageError(Exception):
    """The bytes are not those of a message."""


class _Field(NamedTuple):
    number: int
    value: object


def decoded(content: bytes) -> object | None:
    """Read a message that ends with the last byte; None for anything that is hardly one."""
    if not content or len(content) > _MAX_BYTES:
        return None
    try:
        fields = list(_fields(content, MAX_DEPTH))
    except _NoMessageError:
        return None
    is_telling = any(_is_telling(field.value) for field in fields)
    return OrderedPairs(fields) if is_telling and len(fields) >= _MIN_FIELDS else None


def written(content: bytes) -> str | None:
    """Write it out over several lines; None when it is hardly a message."""
    value = decoded(content)
    return None if value is None else notation(value)


def _is_telling(value: object) -> bool:
    """Tell words and messages from what any bytes may be read as."""
    if isinstance(value, OrderedPairs):
        return any(_is_telling(inner) for _, inner in value)
    return isinstance(value, str) and len(value) >= _MIN_TEXT


def _fields(content: bytes, depth: int) -> Iterator[_Field]:
    at = 0
    while at < len(content):
        tag, at = _varint(content, at)
        number, wire = tag >> 3, tag & 7
        if not 1 <= number <= _MAX_FIELD:
            raise _NoMessageError
        value, at = _value(content, at, wire, depth)
        yield _Field(number, value)


def _value(content: bytes, at: int, wire: int, depth: int) -> tuple[object, int]:
    if wire == _VARINT:
        return _varint(content, at)
    if wire == _BYTES:
        size, at = _varint(content, at)
        return _inner(_taken(content, at, size), depth), at + size
    if wire == _FIXED32:
        return _fixed(_taken(content, at, 4), "If"), at + 4
    if wire == _FIXED64:
        return _fixed(_taken(content, at, 8), "Qd"), at + 8
    raise _NoMessageError


def _taken(content: bytes, at: int, size: int) -> bytes:
    if at + size > len(content):
        raise _NoMessageError
    return content[at : at + size]


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, in no more bytes than it needs."""
    number = 0
    for place in range(_MAX_VARINT):
        byte = _taken(content, at + place, 1)[0]
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            if byte == 0 and place:
                break
            return number, at + place + 1
    raise _NoMessageError


def _fixed(raw: bytes, codes: str) -> Labelled:
    integer, number = (struct.unpack(f"<{code}", raw)[0] for code in codes)
    return Labelled(f"{len(raw) * 8} bits: {integer}, or {number:.8g}")


def _inner(raw: bytes, depth: int) -> object:
    """Tell text, messages and other bytes apart: nothing on the wire does."""
    text = _text(raw)
    if text is not None:
        return text
    if not depth:
        return raw
    try:
        return OrderedPairs(_fields(raw, depth - 1))
    except _NoMessageError:
        return raw


def _text(raw: bytes) -> str | None:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return None if hidden_count(text) else text
