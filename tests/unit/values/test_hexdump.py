import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kvtui.values.formats.hexdump import HexLines
from kvtui.values.lines import Kind
from tests.support.values import kinds_of, text_of, texts_of


def test_rows_show_offset_bytes_and_text() -> None:
    lines = HexLines(bytes(range(0x30, 0x43)), 80)
    assert texts_of(lines) == [
        "00000000  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f  0123456789:;<=>?",
        "00000010  40 41 42                                          @AB",
    ]


@pytest.mark.parametrize(("width", "size"), [(73, 16), (72, 8), (40, 8), (39, 4), (27, 4), (5, 4)])
def test_fewer_bytes_stand_in_a_narrow_row(width: int, size: int) -> None:
    lines = HexLines(bytes(64), width)
    assert lines.row_size == size
    assert len(lines) == 64 // size


def test_offsets_are_shorter_only_where_that_makes_room_for_more_bytes() -> None:
    content = bytes(64)
    assert [text_of(HexLines(content, width).row(0))[:9] for width in (76, 75, 43, 42, 39)] == [
        "00000000 ",
        "00000  00",
        "00000000 ",
        "00000  00",
        "00000000 ",
    ]
    assert text_of(HexLines(bytes(1_048_577), 42).row(0)).startswith("00000000 ")


@given(st.binary(min_size=1, max_size=80), st.integers(27, 90))
def test_every_byte_stands_in_its_place(content: bytes, width: int) -> None:
    lines = HexLines(content, width)
    shown = b""
    for row in texts_of(lines):
        assert cell_len(row) <= width
        offset = row.split(" ", 1)[0]
        assert int(offset, 16) == len(shown)
        digits = row[
            len(offset) + 2 : len(offset)
            + 2
            + 3 * lines.row_size
            + (1 if lines.row_size == 16 else 0)
        ]
        shown += bytes.fromhex(digits)
    assert shown == content


def test_classes_of_bytes_are_told_by_kind_and_by_sign() -> None:
    row = HexLines(b"\x00A\x20\n\x01\xff", 80).row(0)
    assert text_of(row).endswith("⋄A _•×")
    assert kinds_of(row) == {
        "00000000": Kind.OFFSET,
        "00 ": Kind.BYTE_NULL,
        "41 ": Kind.BYTE_PRINTABLE,
        "20 0a ": Kind.BYTE_SPACE,
        "01 ": Kind.BYTE_CONTROL,
        "ff ": Kind.BYTE_HIGH,
        "⋄": Kind.BYTE_NULL,
        "A": Kind.BYTE_PRINTABLE,
        " _": Kind.BYTE_SPACE,
        "•": Kind.BYTE_CONTROL,
        "×": Kind.BYTE_HIGH,
        "  ": Kind.TEXT,
        " " * 32: Kind.TEXT,
    }


def test_an_empty_value_has_one_row() -> None:
    assert [row.strip() for row in texts_of(HexLines(b"", 80))] == ["00000000"]


def test_text_and_hex_are_found_where_they_begin() -> None:
    content = bytes(30) + b"needle" + bytes(100) + b"\xde\xad\xbe\xef"
    lines = HexLines(content, 80)
    assert lines.find("NEEDLE".lower(), 0) == 1
    assert lines.find("deadbeef", 0) == 136 // 16
    assert lines.find("de ad", 2) == 136 // 16
    assert lines.find("needle", 2) is None
    assert lines.find("needle", len(lines) - 1, is_backward=True) == 1
    assert lines.find("needle", 0, is_backward=True) is None
