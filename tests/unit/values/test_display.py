import random
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kvtui.values.display import hidden_count, show, show_in_place, show_line, show_spans
from kvtui.values.glyphs import cell_count, glyph
from kvtui.values.lines import Kind, Span
from tests.support.values import random_values

_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_INVISIBLE = set("\u034f\u115f\u1160\u2800\u3164\uffa0\ufe0f\U000e0100")

any_text = st.text(st.characters(codec=None), max_size=60)


def is_harmless(shown: str) -> bool:
    return not any(
        unicodedata.category(character) in _FORBIDDEN
        or (unicodedata.category(character) == "Zs" and character not in " \u3000")
        or character in _INVISIBLE
        for character in shown
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("\x1b[31m", "␛[31m"),
        ("a\0b\x7f", "a␀b␡"),
        ("\n\t\r", "␊␉␍"),
        ("\x9b2J", "⟨9B⟩2J"),
        ("\u202eabc\u2066", "⟨202E⟩abc⟨2066⟩"),
        ("a\u200bb\ufeff", "a⟨200B⟩b⟨FEFF⟩"),
        ("\u2028\u2029", "⟨2028⟩⟨2029⟩"),
        ("a\u00a0b\u3000c", "a⟨A0⟩b\u3000c"),
        ("\u3164\u2800\u034f\ufe0f", "⟨3164⟩⟨2800⟩⟨34F⟩⟨FE0F⟩"),
        ("\ud800", "⟨D800⟩"),
        ("\ue000\U000e0001", "⟨E000⟩⟨E0001⟩"),
        ("caf\u00e9 漢字 😀", "caf\u00e9 漢字 😀"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 7, "e\u0301\u0301\u0301⟨+⟩"),
        ("\u0301e", "⟨301⟩e"),
        ("👍\U0001f3fd", "👍⟨1F3FD⟩"),
    ],
)
def test_what_cannot_be_seen_becomes_visible(text: str, shown: str) -> None:
    assert show(text) == shown


def test_every_character_alone_is_shown_harmlessly_and_as_wide_as_counted() -> None:
    tags = range(0xE0000, 0xE0200)
    for code in [*range(0x32000), *tags, 0xF0000, 0xFFFFD, sys.maxunicode]:
        shown = show(chr(code))
        assert is_harmless(shown), hex(code)
        assert cell_len(shown) == cell_count(chr(code)), hex(code)


def test_ten_thousand_hostile_texts_are_shown_harmlessly_and_as_wide_as_counted() -> None:
    for value in random_values(1, 10_000):
        text = value.decode("utf-8", "surrogateescape")
        shown = show(text)
        assert is_harmless(shown)
        assert cell_len(shown) == cell_count(text)


@given(any_text)
def test_spans_spell_what_is_shown_and_mark_what_is_hidden(text: str) -> None:
    spans = show_spans(text, Kind.STRING)
    assert "".join(span.text for span in spans) == show(text)
    if hidden_count(text.replace("\n", "").replace("\t", "")):
        assert Kind.HIDDEN in {span.kind for span in spans}


def test_hidden_characters_are_spans_of_their_own() -> None:
    assert show_spans("a\x1b\x1b[m") == [
        Span("a"),
        Span("␛␛", Kind.HIDDEN),
        Span("[m"),
    ]
    assert show_spans("e" + "\u0301" * 9) == [
        Span("e\u0301\u0301\u0301"),
        Span("⟨+⟩", Kind.HIDDEN),
    ]


@given(any_text, st.integers(0, 30))
def test_a_clipped_text_fits_and_says_that_it_was_cut(text: str, clip: int) -> None:
    shown = show(text, clip=clip)
    assert cell_len(shown) <= clip
    if cell_count(text) <= clip:
        assert shown == show(text)
    elif clip:
        assert shown.endswith("…")


def test_clipping_cuts_between_wide_characters() -> None:
    assert show("漢字漢字", clip=8) == "漢字漢字"
    assert show("漢字漢字", clip=7) == "漢字漢…"
    assert show("漢字漢字", clip=6) == "漢字…"
    assert show("abcdef", clip=4) == "abc…"
    assert show("漢", clip=0) == ""


def test_one_line_shows_line_breaks_and_tabs_as_arrows() -> None:
    assert show_line("one\ntwo\r\nthree\tfour\rfive") == "one↵two↵three→four␍five"
    assert show_line("one\ntwo", clip=5) == "one↵…"


@given(any_text)
def test_in_place_every_character_stays_one_harmless_character(text: str) -> None:
    shown = show_in_place(text)
    assert len(shown) == len(text)
    assert is_harmless(shown)
    for before, after in zip(text, shown, strict=True):
        assert before == after or glyph(before).is_hidden


def test_hidden_characters_are_counted_but_for_line_breaks_and_tabs() -> None:
    assert hidden_count("plain\n\ttext\r\n") == 0
    assert hidden_count("a\x1bb\u200b\u200b\r") == 4


def test_a_text_of_a_megabyte_is_counted_in_a_moment() -> None:
    source = random.Random(1)
    text = "".join(source.choices("abc\n\u200b漢", k=1 << 20))
    assert hidden_count(text) == text.count("\u200b")
