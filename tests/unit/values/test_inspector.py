import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.formats.inspector import inspected, inspector_lines, most_rows
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


def shown(content: bytes, width: int, rows: int) -> list[str]:
    lines = inspector_lines(content, 0, width, rows)
    assert len(lines) == rows
    texts = ["".join(span.text for span in lines.row(number)) for number in range(rows)]
    return [text.rstrip() for text in texts if text]


@given(st.binary(max_size=9), st.integers(20, 120), st.integers(0, 14))
def test_a_fact_is_shown_whole_or_not_at_all(content: bytes, width: int, rows: int) -> None:
    whole = shown(content, width, 40)
    fitting = shown(content, width, rows)
    starts = [at for at, text in enumerate(whole) if text[:1] != " "]
    facts = [whole[begin:end] for begin, end in pairwise([*starts, len(whole)])]
    kept = [fact for fact in facts if fact[0] in fitting]
    assert fitting == [row for fact in kept for row in fact]
    assert len(whole) > rows or fitting == whole


def test_where_there_is_little_room_floats_go_first_and_times_stay() -> None:
    content = (1_800_000_000).to_bytes(4, "little") + b"\xff" * 5
    labels = [row.split()[0] for row in shown(content, 90, 4)]
    assert labels == ["i8", "i32", "i64", "time"]


def test_the_most_rows_hold_all_that_is_said_of_bytes_with_a_sign() -> None:
    for width in range(24, 120):
        assert len(shown(b"\xff" * 7 + b"\x80", width, most_rows(width))) >= 6


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
