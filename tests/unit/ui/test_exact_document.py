import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.ui.widgets.exact_document import ExactDocument

TEXTS = st.text(st.sampled_from("a\n\r\x0b\x0c\x1c\x85\u2028\u2029\t日\U0001f600\x00"), max_size=40)


@given(TEXTS)
def test_every_text_comes_out_as_it_went_in(text: str) -> None:
    assert ExactDocument(text).text == text


@given(TEXTS, TEXTS, st.data())
def test_an_edit_changes_what_it_is_about_and_its_inverse_brings_the_rest_back(
    text: str, insert: str, data: st.DataObject
) -> None:
    document = ExactDocument(text)
    places = [
        (row, column) for row, line in enumerate(document.lines) for column in range(len(line) + 1)
    ]
    top, bottom = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    start, end = (document.get_index_from_location(place) for place in (top, bottom))
    done = document.replace_range(top, bottom, insert)
    assert document.text == text[:start] + insert + text[end:]
    assert done.replaced_text == text[start:end]
    document.replace_range(top, done.end_location, done.replaced_text)
    assert document.text == text


@pytest.mark.parametrize(
    ("text", "newline", "line_count"),
    [
        ("a\nb", "\n", 2),
        ("a\r\nb\r\n", "\r\n", 3),
        ("a\rb", "\r", 2),
        ("a\r\nb\nc", "\n", 3),
        ("a\u2028b\x0bc", "\n", 1),
        ("", "\n", 1),
    ],
)
def test_lines_end_where_the_texts_own_line_ending_stands(
    text: str, newline: str, line_count: int
) -> None:
    document = ExactDocument(text)
    assert (document.newline, document.line_count) == (newline, line_count)


def test_what_is_typed_takes_the_line_ending_of_the_text() -> None:
    assert ExactDocument("a\r\nb").with_own_line_ends("1\n2\r\n3\r4") == "1\r\n2\r\n3\r\n4"


def test_a_line_deleted_with_the_end_beyond_the_last_line_can_be_brought_back() -> None:
    document = ExactDocument("a\nb")
    done = document.replace_range((1, 0), (2, 0), "")
    assert document.text == "a\n"
    document.replace_range((1, 0), done.end_location, done.replaced_text)
    assert document.text == "a\nb"
