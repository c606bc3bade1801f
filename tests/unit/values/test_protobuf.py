import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.detect import detect
from kvtui.values.detection import Format
from kvtui.values.formats import protobuf

# id = 150 (1), name = "testing" (2), inner { id = 7, name = "deep" } (3), raw (4), 1.5 (5), (6)
INNER = b"\x08\x07\x12\x04deep"
MESSAGE = (
    b"\x08\x96\x01\x12\x07testing"
    + b"\x1a"
    + bytes([len(INNER)])
    + INNER
    + b"\x22\x02\xff\xfe"
    + b"\x2d"
    + struct.pack("<f", 1.5)
    + b"\x31"
    + struct.pack("<d", -2.5)
)


def test_a_message_is_told_by_its_fields() -> None:
    written = protobuf.written(MESSAGE) or ""
    assert written.split("\n") == [
        "{",
        "  1: 150,",
        '  2: "testing",',
        "  3: {",
        "    1: 7,",
        '    2: "deep"',
        "  },",
        "  4: <2 bytes: ff fe>,",
        "  5: <32 bits: 1069547520, or 1.5>,",
        "  6: <64 bits: 13836183955189006336, or -2.5>",
        "}",
    ]
    assert detect(MESSAGE).format is Format.PROTOBUF


@pytest.mark.parametrize(
    ("flaw", "content"),
    [
        ("cut short", MESSAGE[:-1]),
        ("field number 0", b"\x00\x01" + MESSAGE),
        ("a group", b"\x0b" + MESSAGE),
        ("a number longer than it needs", b"\x08\x81\x00" + MESSAGE),
        ("an endless number", b"\x08" + b"\xff" * 12 + MESSAGE),
        ("no words", b"\x08\x01\x10\x02"),
        ("one field", b"\x0a\x05hello"),
        ("nothing", b""),
    ],
)
def test_what_is_hardly_a_message_is_none(flaw: str, content: bytes) -> None:
    assert protobuf.decoded(content) is None, flaw


def test_random_bytes_are_hardly_ever_taken_for_a_message() -> None:
    source = random.Random(7)
    contents = [source.randbytes(source.randrange(2, 60)) for _ in range(5000)]
    assert sum(protobuf.decoded(content) is not None for content in contents) <= 5


@given(st.binary(max_size=80))
def test_any_bytes_are_read_without_an_exception(content: bytes) -> None:
    written = protobuf.written(content)
    assert written is None or written.startswith("{")


def test_a_message_in_a_message_in_a_message_ends_somewhere() -> None:
    content = b"\x12\x03end"
    for _ in range(60):
        content = b"\x12\x03abc\x1a" + _varint(len(content)) + content
    assert protobuf.written(content) is not None


def _varint(number: int) -> bytes:
    low = number & 0x7F
    return bytes([low | 0x80]) + _varint(number >> 7) if number >> 7 else bytes([low])
