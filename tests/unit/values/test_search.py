import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.search import find, find_bytes

_FAR = 200_000


def test_lower_case_finds_any_case_and_a_capital_only_itself() -> None:
    assert find("one ONE", "one", 1) == 4
    assert find("one ONE", "ONE", 0) == 4
    assert find("one One", "oNE", 0) is None
    assert find("STRASSE İstanbul", "i̇stanbul"[0] + "stanbul", 0) == 8


@given(st.text(st.sampled_from("abAB"), max_size=60), st.text(st.sampled_from("ab"), min_size=1))
def test_both_directions_agree_with_a_plain_search(text: str, needle: str) -> None:
    places = [match.start() for match in re.finditer(f"(?=({needle}))", text.lower())]
    for start in range(len(text)):
        assert find(text, needle, start) == min((at for at in places if at >= start), default=None)
        backward = find(text, needle, start, is_backward=True)
        assert backward == max((at for at in places if at <= start), default=None)


@pytest.mark.parametrize("place", [0, 65_530, 65_535, 65_536, 131_071, _FAR - 6])
def test_what_lies_across_blocks_is_found(place: int) -> None:
    text = "." * place + "NEEDLE" + "." * (_FAR - place - 6)
    assert find(text, "needle", 0) == place
    assert find(text, "needle", _FAR, is_backward=True) == place
    assert find(text.encode(), b"needle", 0) == place
    assert find(text, "needle", place + 1) is None


def test_bytes_are_found_as_text_and_as_hex() -> None:
    content = b"\x00\xde\xad\xbe\xef Beef"
    assert find_bytes(content, "beef", 0) == 3
    assert find_bytes(content, "beef", 4) == 6
    assert find_bytes(content, "de ad", 0) == 1
    assert find_bytes(content, "0xDEAD", 0) == 1
    assert find_bytes(content, "de:ad:be", 0) == 1
    assert find_bytes(content, "beef", 99, is_backward=True) == 6
    assert find_bytes(content, "nothing", 0) is None


def test_nothing_is_found_for_no_needle() -> None:
    assert find("text", "", 0) is None
    assert find_bytes(b"text", "", 0) is None
