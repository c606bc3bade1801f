import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.api.redaction import MAX_LENGTH, cleaned
from kvtui.secret import Secret

SECRET = Secret("KEY0123456789ABCDEF_abcDEF-123")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Invalid key format.", "Invalid key format."),
        ("two\r\nlines\tand  tabs", "two lines and tabs"),
        ("\x1b[31mred\x1b[0m", "�[31mred�[0m"),
        ("a\u202eb\u200bc\x9bd", "a�b�c�d"),
        (
            "No key found matching the ID 'KEY0185AB' with",
            "No key found matching the ID '[redacted]' with",
        ),
        ("you sent KEY0123456789ABCDEF_abcDEF-123!", "you sent [redacted]!"),
        ("", ""),
    ],
)
def test_words_of_the_server_are_made_harmless(text: str, shown: str) -> None:
    assert cleaned(text, SECRET) == shown


def test_an_api_key_of_any_form_is_redacted() -> None:
    assert cleaned("bad token ey.J0.x", Secret("ey.J0.x")) == "bad token [redacted]"


def test_long_text_is_cut_with_a_mark() -> None:
    shown = cleaned("x" * 1000, SECRET)

    assert len(shown) == MAX_LENGTH
    assert shown.endswith("…")


@given(st.text(max_size=600), st.text(max_size=600))
def test_nothing_that_acts_and_no_key_survives(before: str, after: str) -> None:
    shown = cleaned(before + SECRET.reveal() + after, SECRET)

    assert SECRET.reveal() not in shown
    assert len(shown) <= MAX_LENGTH
    assert all(
        unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for char in shown
    )
