import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kvtui.values.cutting import row_starts
from kvtui.values.text_lines import Document, LineNumbers, TextLines
from kvtui.values.wrapping import MIN_WIDTH, LineIndex, WrappedText
from tests.support.values import text_of, texts_of

_ALPHABET = "ab \n\t\r漢é\u0301\u0301\u0301\u200b\x1b😀\u1100\u1161\U000e0100\u3000"

texts = st.text(st.sampled_from(_ALPHABET), max_size=120) | st.text(max_size=80)
widths = st.integers(MIN_WIDTH, 70)


@given(texts, widths)
def test_rows_follow_each_other_and_leave_out_only_line_endings(text: str, width: int) -> None:
    rows = WrappedText(LineIndex(text), width)
    at = 0
    for number in range(len(rows)):
        row = rows.row(number)
        assert text[at : row.start] in {"", "\n", "\r\n"}
        assert at <= row.start <= row.end
        at = row.end
    assert text[at:] in {"", "\n", "\r\n"}


@given(texts, widths)
def test_every_character_is_found_in_the_row_that_shows_it(text: str, width: int) -> None:
    rows = WrappedText(LineIndex(text), width)
    for number in range(len(rows)):
        row = rows.row(number)
        assert {rows.row_at(offset) for offset in range(row.start, row.end)} <= {number}


@given(texts, widths)
def test_no_row_is_wider_than_the_width(text: str, width: int) -> None:
    for row in texts_of(TextLines(LineIndex(text), width)):
        assert cell_len(row) <= width


@given(texts, widths)
def test_rows_are_as_full_as_they_can_be(text: str, width: int) -> None:
    line = text.replace("\n", " ")
    for start, end in pairwise(row_starts(line, width)):
        following = len(row_starts(line[start : end + 1], width))
        assert following > 1


@given(st.text(st.sampled_from("ab漢é😀\u0301 ")), widths)
def test_both_ways_of_cutting_agree(text: str, width: int) -> None:
    padding = "a漢" * 30
    by_width = list(row_starts(padding + text, width))
    by_piece = list(row_starts("x" * width * 100 + padding + text, width))
    assert [start - width * 100 for start in by_piece[100:]] == by_width


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one", ["one"]),
        ("one\n", ["one"]),
        ("one\n\n", ["one", ""]),
        ("one\r\ntwo\r\n", ["one", "two"]),
        ("one\r\ntwo\n", ["one␍", "two"]),
        ("one\rtwo", ["one␍two"]),
        ("one\r\ntwo\r", ["one", "two␍"]),
        ("\r\n\r\n", ["", ""]),
        ("a\tb\n\tc", ["a   b", "    c"]),
        ("漢\tb", ["漢  b"]),
    ],
)
def test_lines_are_shown_without_their_endings_and_with_tabs_expanded(
    text: str, lines: list[str]
) -> None:
    assert texts_of(TextLines(LineIndex(text), 40)) == lines


def test_long_lines_go_on_in_the_next_row_without_a_number() -> None:
    lines = TextLines(LineIndex("abcdefghij\nk\n"), 12, margin=LineNumbers(2))
    assert texts_of(lines) == ["  1 abcdefgh", "    ij", "  2 k"]


def test_line_numbers_give_way_where_there_is_no_room() -> None:
    document = Document(LineIndex("one\ntwo\n"))
    assert texts_of(document.lines(20)) == ["one", "two"]
    assert texts_of(document.lines(40)) == ["  1 one", "  2 two"]


def test_a_layout_narrower_than_any_picture_still_shows_everything() -> None:
    lines = TextLines(LineIndex("ab\u200bcd\U0010ffff" * 3), 1)
    assert "".join(texts_of(lines)) == "ab⟨200B⟩cd⟨10FFFF⟩" * 3


@given(texts, widths, st.text(st.sampled_from("abAB 漢"), min_size=1, max_size=2))
def test_finding_visits_the_rows_in_which_the_text_begins(
    text: str, width: int, needle: str
) -> None:
    lines = TextLines(LineIndex(text), width)
    rows = WrappedText(LineIndex(text), width)
    fold = str.lower if needle == needle.lower() else str
    begins = [at for at in range(len(text)) if fold(text[at:]).startswith(needle)]
    expected = sorted({rows.row_at(at) for at in begins})
    forward = _visited(lines, needle, 0, is_backward=False)
    backward = _visited(lines, needle, len(lines) - 1, is_backward=True)
    assert forward == expected
    assert backward == expected[::-1]


def _visited(lines: TextLines, needle: str, start: int, *, is_backward: bool) -> list[int]:
    visited: list[int] = []
    row = lines.find(needle, start, is_backward=is_backward)
    while row is not None:
        visited.append(row)
        row = lines.find(needle, row + (-1 if is_backward else 1), is_backward=is_backward)
    return visited


def test_a_megabyte_in_one_line_is_cut_like_a_short_one() -> None:
    text = "0123456789" * 100_000
    lines = TextLines(LineIndex(text), 80)
    assert len(lines) == 12_500
    assert text_of(lines.row(12_499)) == "0123456789" * 8
    assert lines.find("901", 12_400) == 12_400
    assert lines.find("x", 0) is None


def test_many_lines_of_all_lengths_are_counted_right() -> None:
    source = random.Random(7)
    lengths = [source.choice([0, 3, 30, 79, 80, 81, 400]) for _ in range(20_000)]
    lines = TextLines(LineIndex("\n".join("x" * length for length in lengths)), 80)
    assert len(lines) == sum(max(1, -(-length // 80)) for length in lengths)


@pytest.mark.parametrize("word", ["dolor", "漢字", "über", "🙂"])
def test_lines_are_cut_between_words_and_keep_every_space(word: str) -> None:
    text = f"lorem ipsum {word} sit amet,  {word} consectetur"
    rows = texts_of(TextLines(LineIndex(text), 14))
    assert "".join(rows) == text
    assert all(row.endswith(" ") for row in rows[:-1])


def test_lines_with_tabs_are_cut_between_words_too() -> None:
    lines = TextLines(LineIndex("\tlorem ipsum dolor"), 14)
    assert texts_of(lines) == ["    lorem ", "ipsum dolor"]


def test_a_word_that_would_leave_its_row_half_empty_is_cut() -> None:
    lines = TextLines(LineIndex("a " + "x" * 20), 12)
    assert texts_of(lines) == ["a " + "x" * 10, "x" * 10]


def test_a_large_text_is_cut_where_its_rows_are_full() -> None:
    lines = TextLines(LineIndex("lorem ipsum " * 25_000), 80)
    assert len(lines) == 300_000 // 80
