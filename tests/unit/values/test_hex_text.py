"""A hex dump for any editor: what is written is read back, and nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kvtui.values.hex_text import HexTextError, bytes_of, hex_text, with_problem

BYTES = b"Hello,\0 \xff World of bytes|#"


def test_a_dump_has_offsets_bytes_and_text() -> None:
    assert hex_text(BYTES).splitlines()[2:] == [
        "00000000: 48 65 6c 6c 6f 2c 00 20  ff 20 57 6f 72 6c 64 20  |Hello,. . World |",
        "00000010: 6f 66 20 62 79 74 65 73  7c 23                    |of bytes|#|",
    ]


@given(some.binary(max_size=200))
def test_what_is_not_changed_is_read_back_exactly(content: bytes) -> None:
    assert bytes_of(hex_text(content), content) == content
    assert bytes_of(with_problem(hex_text(content), "line 3: no"), content) == content


@given(some.binary(min_size=1, max_size=60), some.data())
def test_a_changed_byte_changes_that_byte_alone(content: bytes, data: some.DataObject) -> None:
    at = data.draw(some.integers(0, len(content) - 1))
    byte = data.draw(some.integers(0, 255))
    lines = hex_text(content).split("\n")
    row, place = divmod(at, 16)
    column = 10 + 3 * place + (place >= 8)
    line = lines[2 + row]
    lines[2 + row] = f"{line[:column]}{byte:02x}{line[column + 2 :]}"

    expected = content[:at] + bytes([byte]) + content[at + 1 :]
    assert bytes_of("\n".join(lines), content) == expected


def test_bytes_and_lines_are_added_and_taken_out() -> None:
    dump = hex_text(BYTES).replace("6c 6c", "6c 6C6c00").replace("00000010: 6f 66", "0: 66")
    assert bytes_of(dump + "de ad\n", BYTES) == b"Helll\0o,\0 \xff World f bytes|#\xde\xad"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("48 65", "4 65", "line 3: 4 is not bytes of two hex digits"),
        ("48 65", "486 5", "line 3: 486 is not bytes of two hex digits"),
        ("48 65", "4x 65", "line 3: 4x is not bytes of two hex digits"),
        ("7c 23", "7c: 23", "line 4: 7c: is not bytes of two hex digits"),
        ("|of b", "|oF b", "line 4: the text on the right was changed, but it is not read"),
        ("|Hello", "Hello", "line 3: Hello,. is not bytes of two hex digits"),
    ],
)
def test_what_could_be_meant_otherwise_is_refused_with_its_line(
    before: str, after: str, why: str
) -> None:
    with pytest.raises(HexTextError) as refusal:
        bytes_of(hex_text(BYTES).replace(before, after), BYTES)
    assert str(refusal.value) == why


def test_a_problem_stands_on_top_once() -> None:
    once = with_problem(hex_text(BYTES), "line 3: no")
    again = with_problem(once, "line 4: still not")
    assert again.splitlines()[0] == "# Not saved: line 4: still not"
    assert "line 3" not in again
    assert bytes_of(again, BYTES) == BYTES
