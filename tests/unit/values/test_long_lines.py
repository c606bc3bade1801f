from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kvtui.values.display import show
from kvtui.values.formats import text
from kvtui.values.looks import TextStyle
from kvtui.values.text_lines import LongLines
from kvtui.values.wrapping import LineIndex
from tests.support.values import texts_of

UNWRAPPED = TextStyle(is_wrapped=False)
texts = st.text(st.sampled_from("ab \n\t\r漢é\u0301\u200b\x1b😀"), max_size=120)


@given(texts, st.integers(0, 40), st.integers(8, 60), st.booleans())
def test_every_line_is_one_harmless_row_that_fits(
    content: str, column: int, width: int, shows_hidden: bool
) -> None:
    style = TextStyle(is_wrapped=False, column=column, shows_hidden=shows_hidden)
    lines = text.document(content).lines(width, style)
    assert len(lines) == len(LineIndex(content))
    for row in texts_of(lines):
        assert show(row) == row
        assert cell_len(row) <= width


def test_a_long_line_is_seen_from_some_column_on() -> None:
    index = LineIndex("0123456789abcdefghij\nshort\n")
    assert texts_of(LongLines(index, 10, style=UNWRAPPED)) == ["0123456789", "short"]
    later = TextStyle(is_wrapped=False, column=8)
    assert texts_of(LongLines(index, 10, style=later)) == ["89abcdefgh", ""]


def test_what_is_found_tells_its_column() -> None:
    lines = LongLines(LineIndex("first\n" + "x" * 500 + "here"), 20, style=UNWRAPPED)
    assert lines.find("here", 0) == 1
    assert lines.found_column == 500
    assert lines.find("here", 1, is_backward=True) == 1
    assert lines.find("first", 1, is_backward=True) == 0
    assert lines.find("here", 2) is None


def test_spaces_tabs_and_line_endings_are_drawn_on_request() -> None:
    style = TextStyle(shows_hidden=True)
    rows = texts_of(text.document("a b\tc\nnext\r\nlast").lines(20, style))
    assert rows == ["a·b→c␊", "next␍␊", "last"]
    unwrapped = TextStyle(is_wrapped=False, shows_hidden=True)
    assert texts_of(text.document("a b\tc\nlast").lines(20, unwrapped)) == ["a·b→c␊", "last"]
