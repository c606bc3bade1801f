"""Two changes of one text are put together only where neither touches the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.merge import merge

BASE = b"".join(b"line %d\n" % number for number in range(12))

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\r\n", "d"]), max_size=14).map("".join)


def replaced(old: bytes, new: bytes, base: bytes = BASE) -> bytes:
    assert old in base
    return base.replace(old, new)


def test_changes_in_different_places_are_both_kept() -> None:
    mine = replaced(b"line 2\n", b"mine\nmine too\n")
    theirs = replaced(b"line 9\n", b"")

    assert merge(BASE, mine, theirs) == replaced(b"line 9\n", b"", mine)


@pytest.mark.parametrize("place", [b"line 5\n", b"line 6\n", b"line 4\n"])
def test_changes_of_the_same_or_neighbouring_lines_are_not_merged(place: bytes) -> None:
    assert merge(BASE, replaced(b"line 5\n", b"mine\n"), replaced(place, b"theirs\n")) is None


def test_two_insertions_at_one_place_are_not_merged() -> None:
    mine = replaced(b"line 5\n", b"line 5\nmine\n")
    theirs = replaced(b"line 5\n", b"line 5\ntheirs\n")

    assert merge(BASE, mine, theirs) is None


def test_what_both_did_alike_is_done_once() -> None:
    both = replaced(b"line 5\n", b"both\n")

    assert merge(BASE, replaced(b"line 9\n", b"mine\n", both), both) == replaced(
        b"line 9\n", b"mine\n", both
    )


def test_json_that_would_break_is_not_merged() -> None:
    base = b'{\n "a": 1,\n\n\n "b": 2\n}\n'
    assert merge(base, base.replace(b"1", b"10"), base.replace(b"2", b"20")) == (
        b'{\n "a": 10,\n\n\n "b": 20\n}\n'
    )
    no_comma_needed = b'{\n "a": 1\n\n\n}\n'
    without_b = base.replace(b"1,", b"1").replace(b' "b": 2\n', b"")
    assert without_b == no_comma_needed
    assert merge(base, base.replace(b' "b": 2\n}', b' "b": 2,\n "c": 3\n}'), without_b) is None


@pytest.mark.parametrize("content", [b"\xff\n1\n2\n", b"a\x00\n1\n2\n"])
def test_what_is_no_text_is_not_merged(content: bytes) -> None:
    assert merge(content, content + b"mine", b"theirs" + content) is None


@given(texts, texts)
def test_one_change_alone_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merge(base.encode(), changed.encode(), base.encode()) == changed.encode()
    assert merge(base.encode(), base.encode(), changed.encode()) == changed.encode()


@given(texts, texts, texts)
def test_merging_is_symmetric(base: str, mine: str, theirs: str) -> None:
    forth = merge(base.encode(), mine.encode(), theirs.encode())
    assert forth == merge(base.encode(), theirs.encode(), mine.encode())


@given(texts, texts, texts, st.integers(1, 3))
def test_changes_above_and_below_lines_that_stay_are_both_there(
    top: str, bottom: str, new_top: str, size: int
) -> None:
    """Lines that occur once keep the two apart, whatever stands above and below."""
    middle = "".join(f"fixed {number}\n" for number in range(3))
    new_bottom = bottom + "x" * size
    base = f"{top}\n{middle}{bottom}"
    mine = f"{new_top}\n{middle}{bottom}"
    theirs = f"{top}\n{middle}{new_bottom}"
    expected = f"{new_top}\n{middle}{new_bottom}"

    merged = merge(base.encode(), mine.encode(), theirs.encode())

    assert merged == expected.encode()
