"""Bytes under edit: what every step makes of them, and the way back."""

from hypothesis import given
from hypothesis import strategies as some

from kvtui.values.byte_edit import ByteBuffer

steps = some.lists(
    some.tuples(some.integers(0, 40), some.integers(0, 10), some.binary(max_size=10)), max_size=30
)


def changed(buffer: ByteBuffer, start: int, count: int, new: bytes) -> None:
    start = min(start, len(buffer))
    buffer.replace(start, min(start + count, len(buffer)), new)


@given(some.binary(max_size=40), steps)
def test_every_step_can_be_taken_back_and_done_again(
    content: bytes, edits: list[tuple[int, int, bytes]]
) -> None:
    buffer, states = ByteBuffer(content), [content]
    for start, count, new in edits:
        changed(buffer, start, count, new)
        if buffer.content != states[-1]:
            states.append(buffer.content)

    for state in reversed(states[:-1]):
        assert buffer.undo() is not None
        assert buffer.content == state
    assert buffer.undo() is None
    for state in states[1:]:
        assert buffer.redo() is not None
        assert buffer.content == state
    assert buffer.redo() is None


@given(some.binary(max_size=40), some.integers(0, 40), some.integers(0, 9), some.binary(max_size=9))
def test_nothing_outside_of_what_is_replaced_changes(
    content: bytes, start: int, count: int, new: bytes
) -> None:
    start = min(start, len(content))
    buffer = ByteBuffer(content)

    end = buffer.replace(start, start + count, new)

    assert buffer.content == content[:start] + new + content[start + count :]
    assert buffer[start:end] == new


def test_the_two_digits_of_a_byte_are_one_step() -> None:
    buffer = ByteBuffer(b"\x12\x34")
    buffer.type_digit(0, 0xA, is_second=False, is_insert=False)
    assert buffer.content == b"\xa2\x34"
    buffer.type_digit(0, 0xB, is_second=True, is_insert=False)
    assert buffer.content == b"\xab\x34"

    assert buffer.undo() == 0
    assert buffer.content == b"\x12\x34"


def test_inserted_and_appended_digits_make_room() -> None:
    buffer = ByteBuffer(b"\x12")
    buffer.type_digit(0, 0xF, is_second=False, is_insert=True)
    buffer.type_digit(0, 0xF, is_second=True, is_insert=True)
    buffer.type_digit(2, 0x1, is_second=False, is_insert=False)
    assert buffer.content == b"\xff\x12\x10"


def test_typing_forgets_what_was_taken_back() -> None:
    buffer = ByteBuffer(b"ab")
    buffer.replace(0, 1, b"x")
    buffer.undo()
    buffer.replace(1, 2, b"y")
    assert buffer.redo() is None
    assert buffer.content == b"ay"


def test_text_and_hex_are_found_from_a_place_on_and_around_the_end() -> None:
    buffer = ByteBuffer(b"abc\xde\xadabc")
    assert buffer.find("abc", 1) == 5
    assert buffer.find("abc", 6) == 0
    assert buffer.find("de ad", 0) == 3
    assert buffer.find("zz", 0) is None
