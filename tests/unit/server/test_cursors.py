from hypothesis import assume, given
from hypothesis import strategies as st

from kvtui.protocol import KEY_ALPHABET
from kvtui.server.cursors import Listing, Position

LISTING = Listing("550e8400-e29b-41d4-a716-446655440000", "user/", "lex")

keys = st.text(KEY_ALPHABET, min_size=1, max_size=256)
positions = st.builds(
    Position, st.sampled_from(["", "2026-06-18T14:48:17.475129983Z", "00ff00ff"]), keys
)


@given(positions, st.booleans())
def test_a_cursor_is_read_back_by_its_own_listing(position: Position, is_detour: bool) -> None:
    position = Position(position.rank, position.key, is_detour=is_detour)
    assert LISTING.position(LISTING.cursor(position)) == position


def test_a_key_that_only_a_data_file_can_hold_is_read_back_too() -> None:
    position = Position("", "two words and \x1b[2J")
    assert LISTING.position(LISTING.cursor(position)) == position


@given(positions)
def test_a_cursor_cannot_travel_in_a_url_unescaped(position: Position) -> None:
    assert {"+", "/", "="} <= set(LISTING.cursor(position))


@given(positions, st.text("ab/", max_size=3))
def test_a_cursor_is_refused_by_every_other_listing(position: Position, prefix: str) -> None:
    assume(prefix != LISTING.prefix)
    cursor = LISTING.cursor(position)
    assert Listing(LISTING.namespace_id, prefix, "lex").position(cursor) is None
    assert Listing(LISTING.namespace_id, "user/", "write").position(cursor) is None
    assert Listing("other", "user/", "lex").position(cursor) is None


@given(positions, st.data())
def test_a_cursor_with_one_character_changed_is_refused(
    position: Position, data: st.DataObject
) -> None:
    cursor = LISTING.cursor(position)
    index = data.draw(st.integers(0, len(cursor) - 3))
    replacement = data.draw(st.sampled_from("ABab01+/= é"))
    assume(replacement != cursor[index])
    assert LISTING.position(cursor[:index] + replacement + cursor[index + 1 :]) is None


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    assert LISTING.position(text) is None
