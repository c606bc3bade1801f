import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.formats.inspector import inspected
from kvtui.values.offset import offset_from


def facts(content: bytes, offset: int = 0) -> dict[str, str]:
    return {fact.label: fact.text for fact in inspected(content, offset)}


def test_integers_are_told_in_both_orders_and_unsigned_where_that_differs() -> None:
    found = facts(b"\xfe\xff\x00\x01\x02\x03\x04\x05")
    assert found["i8"] == "-2 (254)"
    assert found["i16"] == "le -2 (65534) be -257 (65279)"
    assert found["i32"] == "le 16842750 be -16842751 (4278124545)"
    assert found["i64"].startswith("le ")


def test_floats_are_told_in_both_orders() -> None:
    assert facts(struct.pack("<f", 1.5))["f32"].startswith("le 1.5 be ")
    assert facts(struct.pack(">d", -0.25))["f64"].endswith("be -0.25")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ((1_800_000_000).to_bytes(4, "big"), "be32 s 2027-01-15 08:00:00"),
        ((1_800_000_000).to_bytes(4, "little"), "le32 s 2027-01-15 08:00:00"),
        ((1_800_000_000_000).to_bytes(8, "big"), "be64 ms 2027-01-15 08:00:00"),
    ],
)
def test_what_can_be_a_time_is_told_as_one(content: bytes, told: str) -> None:
    assert told in facts(content)["time"]


def test_what_is_no_time_of_our_days_is_not_told_as_one() -> None:
    assert "time" not in facts(bytes(8))


@given(st.binary(max_size=12), st.integers(0, 12))
def test_any_bytes_at_any_place_are_told(content: bytes, offset: int) -> None:
    found = facts(content, offset)
    assert ("i8" in found) == (offset < len(content))
    assert ("i64" in found) == (offset + 8 <= len(content))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16", 16),
        ("0x10", 16),
        ("10h", 16),
        (" 7 ", 7),
        ("+2", 12),
        ("-0x2", 8),
        ("end", 99),
        ("end-8", 92),
        ("END - 8", 92),
        ("0,012", 12),
        ("100", None),
        ("-11", None),
        ("", None),
        ("abc", None),
        ("+", None),
        ("0x", None),
    ],
)
def test_offsets_are_read_as_people_write_them(text: str, expected: int | None) -> None:
    assert offset_from(text, current=10, size=100) == expected
