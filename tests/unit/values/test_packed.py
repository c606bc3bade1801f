"""Whether a value may be packed is told by its first bytes, whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.layers import is_packed

BASE64_LOOKALIKE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/ \n"


@pytest.mark.parametrize(
    "content", [b"xamples/json/small\neXThe key of this value", b"A" * 41 + b" and words"]
)
def test_text_that_begins_like_base64_is_not_packed(content: bytes) -> None:
    assert not is_packed(content)


@given(st.text(BASE64_LOOKALIKE, max_size=400).map(str.encode) | st.binary(max_size=400))
def test_any_bytes_get_an_answer(content: bytes) -> None:
    assert is_packed(content) in {True, False}
