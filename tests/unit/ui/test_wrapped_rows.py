import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Offset

from kvtui.ui.widgets.exact_document import ExactDocument
from kvtui.ui.widgets.wrapped_rows import WrappedRows, shown

TEXTS = st.text(st.sampled_from("ab \t\n日\u0301\x1b\u200b\U0001f600"), max_size=60)
WIDTHS = st.integers(2, 12)


@given(TEXTS, WIDTHS)
def test_rows_hold_the_whole_text_in_order_and_none_is_too_wide(text: str, width: int) -> None:
    rows = WrappedRows(ExactDocument(text), width, tab_width=2)
    for number, line in enumerate(rows.document.lines):
        sections = rows.get_sections(number)
        assert "".join(sections) == shown(line)
        assert all(cell_len(expand_tabs_inline(part, 2)) <= width for part in sections)
    assert rows.height == sum(len(rows.get_sections(n)) for n in range(rows.document.line_count))


@given(TEXTS, WIDTHS)
def test_every_row_knows_its_line(text: str, width: int) -> None:
    rows = WrappedRows(ExactDocument(text), width)
    expected = [
        (line, section)
        for line in range(rows.document.line_count)
        for section in range(len(rows.get_sections(line)))
    ]
    assert [rows.place_of(row) for row in range(rows.height)] == expected


@given(TEXTS, TEXTS, WIDTHS, st.data())
def test_after_an_edit_rows_are_as_if_the_text_were_laid_out_anew(
    text: str, insert: str, width: int, data: st.DataObject
) -> None:
    document = ExactDocument(text)
    rows = WrappedRows(document, width)
    places = [
        (row, column) for row, line in enumerate(document.lines) for column in range(len(line) + 1)
    ]
    top, bottom = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    done = document.replace_range(top, bottom, insert)
    rows.wrap_range(top, bottom, done.end_location)
    anew = WrappedRows(document, width)
    assert rows.height == anew.height
    assert [rows.place_of(row) for row in range(rows.height)] == [
        anew.place_of(row) for row in range(anew.height)
    ]


@given(st.text(st.sampled_from("ab日\n"), max_size=60), st.integers(3, 12))
def test_a_place_in_the_text_is_found_again_from_where_it_is_on_screen(
    text: str, width: int
) -> None:
    rows = WrappedRows(ExactDocument(text), width)
    for line, characters in enumerate(rows.document.lines):
        for column in range(len(characters) + 1):
            offset = rows.location_to_offset((line, column))
            assert rows.offset_to_location(offset) == (line, column)


def test_a_click_below_the_text_lands_on_its_last_row() -> None:
    rows = WrappedRows(ExactDocument("abc\nde"), 10)
    assert rows.offset_to_location(Offset(1, 99)) == (1, 1)


@pytest.mark.parametrize("character", ["\x1b", "\u200b", "\u202e", "\x85", "\u2028", "\x00"])
def test_a_hidden_character_is_drawn_as_one_that_is_not(character: str) -> None:
    drawn = shown(f"a{character}b\t")
    assert len(drawn) == 4
    assert drawn[1].isprintable()
    assert drawn[3] == "\t"
