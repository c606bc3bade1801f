"""How a text is cut into pieces that a terminal can show, and how many cells each takes.

Nothing here decides by guessing what a terminal might do: a character that could move the cursor,
turn the text around, join with its neighbours or leave no trace becomes visible text.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

TAB_PICTURE: Final = "␉"
STACKED: Final = "⟨+⟩"
"""Stands for the marks beyond `MAX_MARKS` on one character."""
MAX_MARKS: Final = 3

_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_SHOWN_SPACES: Final = frozenset(" \u3000")
_MARK_CATEGORIES: Final = frozenset({"Mn", "Mc", "Me"})

# These are compiled by whom they first meet: most texts are plain, and every start would pay.
#
# Letters, marks and symbols that leave nothing on the screen, or change what stands before them:
# fillers, the empty braille cell, grapheme joiner, silent vowels, variation selectors, skin tones.
_BLANK: Final = (
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)
# Vowels and final consonants that join the Hangul syllable before them.
_JOINING: Final = "[\u1161-\u11ff\ud7b0-\ud7fb]"
# Wide since Unicode 16; older tables of Python do not know it.
_NEWLY_WIDE: Final = (
    "[\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff\U0001d300-\U0001d356\U0001d360-\U0001d376]"
)
# The runs that make up nearly all text, so that it is not looked at character by character.
_RUNS: Final = (
    "(?P<narrow>[ -~¡-¬®-˿Α-ΡΣ-ώЀ-ҁҊ-ԯ‐-‧‰-⁞₠-₾←-⇿─-▟]+)"
    "|(?P<wide>[\u3000-\u3029ぁ-ゖァ-ヺー㐀-䶵一-鿕가-힣！-～]+)"
    "|(?P<one>.)"
)


class Glyph(NamedTuple):
    """What one character becomes."""

    text: str
    cells: int
    """0 for a mark, which is drawn on the character before it."""
    is_hidden: bool


class Piece(NamedTuple):
    """A part of a text that is shown in one way."""

    start: int
    end: int
    text: str
    cells: int
    is_hidden: bool = False
    """Whether `text` stands for a character that cannot be shown as itself."""
    marks: int = 0

    @property
    def is_run(self) -> bool:
        """Whether it can be cut between any two of its characters, all equally wide."""
        return not self.is_hidden and not self.marks

    @property
    def is_tab(self) -> bool:
        return self.is_hidden and self.text == TAB_PICTURE


def is_plain(text: str) -> bool:
    """Tell whether every character of `text` is shown as itself in one cell, cheaply."""
    return text.isascii() and text.isprintable()


@lru_cache(maxsize=8192)
def glyph(character: str) -> Glyph:
    """Decide how `character` is shown."""
    code = ord(character)
    if code < 0x20:
        return Glyph(chr(0x2400 + code), 1, is_hidden=True)
    if code == 0x7F:
        return Glyph("\u2421", 1, is_hidden=True)
    if _is_hidden(character):
        text = f"⟨{code:X}⟩"
        return Glyph(text, len(text), is_hidden=True)
    if unicodedata.category(character) in _MARK_CATEGORIES or re.match(_JOINING, character):
        return Glyph(character, 0, is_hidden=False)
    return Glyph(character, 2 if _is_wide(character) else 1, is_hidden=False)


def _is_hidden(character: str) -> bool:
    if unicodedata.category(character) in _HIDDEN_CATEGORIES:
        return character not in _SHOWN_SPACES
    return bool(re.match(_BLANK, character))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" or bool(re.match(_NEWLY_WIDE, character))


def pieces(text: str) -> Iterator[Piece]:
    """Cut `text` into pieces, in order and without gaps."""
    last: Piece | None = None
    for match in re.finditer(_RUNS, text, re.DOTALL):
        start, end = match.span()
        if match.lastgroup == "one":
            shown, cells, is_hidden = glyph(match[0])
            if not cells:
                settled, last = _with_mark(last, start, match[0])
                if settled:
                    yield settled
                continue
            piece = Piece(start, end, shown, cells, is_hidden)
        else:
            cells = (end - start) * (1 if match.lastgroup == "narrow" else 2)
            piece = Piece(start, end, match[0], cells)
        if last:
            yield last
        last = piece
    if last:
        yield last


def _with_mark(last: Piece | None, at: int, mark: str) -> tuple[Piece | None, Piece]:
    """Give what is settled before the character that carries the mark, and that character."""
    if last is None or last.is_hidden:
        shown = f"⟨{ord(mark):X}⟩"
        return last, Piece(at, at + 1, shown, len(shown), is_hidden=True)
    if last.marks > MAX_MARKS:
        return None, last._replace(end=at + 1)
    if last.marks == MAX_MARKS:
        text, cells = last.text + STACKED, last.cells + len(STACKED)
        return None, last._replace(end=at + 1, text=text, cells=cells, marks=last.marks + 1)
    before, bearer = _split_last(last)
    return before, bearer._replace(end=at + 1, text=bearer.text + mark, marks=bearer.marks + 1)


def _split_last(piece: Piece) -> tuple[Piece | None, Piece]:
    """Part the last character of a run from the characters before it."""
    length = piece.end - piece.start
    if piece.marks or length == 1:
        return None, piece
    cells = piece.cells // length
    cut = piece.end - 1
    before = Piece(piece.start, cut, piece.text[:-1], piece.cells - cells)
    return before, Piece(cut, piece.end, piece.text[-1], cells)


def cell_count(text: str) -> int:
    """Count the cells that `text` takes when it is shown."""
    if is_plain(text):
        return len(text)
    return sum(piece.cells for piece in pieces(text))
