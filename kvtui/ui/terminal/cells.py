"""Text -> what stands in each cell of the screen, with nothing in it that a terminal would obey."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rich.cells import split_graphemes

from kvtui.ui.terminal.placeholder import part

REST: Final = ""
"""Stands in the second cell of a wide character."""
REFUSED: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that must not reach a terminal."""
FIRST_DOUBTFUL: Final = "\N{MAHJONG TILE EAST WIND}"
"""From here on terminals do not agree how wide a character is."""

_SHAPES: Final = (
    ("─━┄┅┈┉╌╍═", "-"),
    ("│┃┆┇┊┋╎╏║▏▕▎▌▐", "|"),
    ("┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┠┣┤┥┨┫┬┯┰┳┴┷┸┻┼┿╂╋╭╮╯╰╔╗╚╝╠╣╦╩╬", "+"),
    ("▀▔▁▂▄▆█▇▅▃■▪", "#"),
    ("▸▶►", ">"),
    ("◂◀◄", "<"),
    ("▾▼↓", "v"),
    ("▴▲↑", "^"),
    ("·∙", "."),
    ("●•", "*"),
    ("○◌∅", "o"),
    ("…", "~"),
    ("⟨", "<"),
    ("⟩", ">"),
    ("✗×", "x"),
    ("✓", "v"),
)
_ASCII: Final = {ord(shape): plain for shapes, plain in _SHAPES for shape in shapes}


_APART: Final = re.compile(
    r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff\u2500-\u25fc\u2713\u2717]*"
)
"""Characters that take a cell each and join with no other: of Latin texts, and of what is drawn."""


def cells(text: str) -> Sequence[str]:
    """Give the cells of `text`, as many as the layout counted for it."""
    if text.isascii() and text.isprintable():
        return text
    return text if _APART.fullmatch(text) else _cells(text)


@lru_cache(maxsize=1024)
def _cells(text: str) -> tuple[str, ...]:
    parts: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        grapheme = text[start:end]
        if width:
            parts += (clean(grapheme, width), *(REST for _ in range(width - 1)))
        elif parts and grapheme.isprintable():
            parts[-1] += grapheme
    return tuple(parts)


def clean(grapheme: str, width: int) -> str:
    """Give the grapheme, or what stands for it where it holds something a terminal obeys."""
    if is_harmless(grapheme) or part(grapheme) is not None:
        return grapheme
    visible = "".join(character for character in grapheme if is_harmless(character))
    return visible or REFUSED + " " * (width - 1)


def is_harmless(text: str) -> bool:
    """Tell whether terminals draw `text` and do nothing else."""
    return all(map(_is_harmless, text))


def ascii_cells(text: str) -> str:
    """Give the cells of `text` in ASCII, as many as the layout counted for it."""
    return "".join(map(_ascii_cell, cells(text)))


def _ascii_cell(cell: str) -> str:
    if cell.isascii():
        return cell or " "
    return _ASCII.get(ord(cell[0]), "?")


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character in "\u00a0\u3000"


def is_doubtful(cell: str) -> bool:
    """Tell whether terminals differ in how far the cursor moves for it."""
    return len(cell) > 1 or cell >= FIRST_DOUBTFUL


def are_doubtful(texts: Sequence[str]) -> bool:
    """Tell whether one of the cells is doubtful."""
    return max(map(len, texts)) > 1 or max(texts) >= FIRST_DOUBTFUL
