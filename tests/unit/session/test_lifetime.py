import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.errors import SettingsError
from kvtui.protocol import MAX_TTL_SECONDS
from kvtui.session.lifetime import parse_lifetime, spell_lifetime


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1", 1),
        ("90", 90),
        ("30s", 30),
        ("5m", 300),
        ("1h", 3600),
        ("2d", 172_800),
        ("1w", 604_800),
        ("1h30m", 5400),
        (" 1H 30M ", 5400),
        (str(MAX_TTL_SECONDS), MAX_TTL_SECONDS),
    ],
)
def test_a_lifetime_is_seconds_or_numbers_with_units(text: str, seconds: int) -> None:
    assert parse_lifetime(text) == seconds


@pytest.mark.parametrize(
    "text", ["0", "0d", str(MAX_TTL_SECONDS + 1), "9" * 5000, "106752d", "1w" * 20_000]
)
def test_a_lifetime_outside_what_the_api_takes_is_refused_with_the_limits(text: str) -> None:
    with pytest.raises(SettingsError, match="1 to 9,223,372,036 seconds"):
        parse_lifetime(text)


@pytest.mark.parametrize("text", ["", "s", "-1", "1.5h", "1x", "1h30", "soon", "١", "1 000"])
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(SettingsError, match="30s, 5m, 1h, 2d"):
        parse_lifetime(text)


@given(st.integers(1, MAX_TTL_SECONDS))
def test_what_is_spelled_is_read_back(seconds: int) -> None:
    assert parse_lifetime(spell_lifetime(seconds)) == seconds
