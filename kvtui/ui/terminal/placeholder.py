"""Cells that stand for parts of an image: kitty's Unicode placeholders, used for all terminals.

Each says of which image it is, and which row and column of it. As they are cells like others, what
scrolls, overlaps and disappears on the screen does so with images.
"""

from functools import lru_cache
from typing import Final, NamedTuple

PLACEHOLDER: Final = "\U0010eeee"
COLOUR: Final = (0x6B, 0x76, 0x74)
"""The foreground of these cells; its bytes are the lower ones of every image's number."""
MOST_IMAGES: Final = 255

# The marks that number rows and columns, in the order of kitty's rowcolumn-diacritics.txt.
_MARKS: Final = (
    "0305 030D-030E 0310 0312 033D-033F 0346 034A-034C 0350-0352 0357 035B 0363-036F 0483-0487"
    " 0592-0595 0597-0599 059C-05A1 05A8-05A9 05AB-05AC 05AF 05C4 0610-0617 0657-065B 065D-065E"
    " 06D6-06DC 06DF-06E2 06E4 06E7-06E8 06EB-06EC 0730 0732-0733 0735-0736 073A 073D 073F-0741"
    " 0743 0745 0747 0749-074A 07EB-07F1 07F3 0816-0819 081B-0823 0825-0827 0829-082D 0951"
    " 0953-0954 0F82-0F83 0F86-0F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B 1B6D-1B73 1CD0-1CD2"
    " 1CDA-1CDB 1CE0 1DC0-1DC1 1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC"
    " 20E1 20E7 20E9 20F0 2CEF-2CF1 2DE0-2DFF A66F A67C-A67D A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3"
    " AAB7-AAB8 AABE-AABF AAC1 FE20-FE26 10A0F 10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244"
)


def _marks() -> str:
    ends = [part.split("-") for part in _MARKS.split()]
    ranges = [range(int(end[0], 16), int(end[-1], 16) + 1) for end in ends]
    return "".join(chr(code) for codes in ranges for code in codes)


MARKS: Final = _marks()
_NUMBERS: Final = {mark: number for number, mark in enumerate(MARKS)}


class Part(NamedTuple):
    """What a cell stands for."""

    image: int
    """From 1 to `MOST_IMAGES`."""
    row: int
    column: int


def parts_text(image: int, row: int, columns: int) -> str:
    """Give the cells of a row of an image, as far as they can be numbered."""
    start, end = PLACEHOLDER + MARKS[row], MARKS[image]
    return "".join(start + mark + end for mark in MARKS[:columns])


@lru_cache(maxsize=1 << 14)
def part(cell: str) -> Part | None:
    """Tell what a cell stands for; None where it is no placeholder."""
    if len(cell) != 4 or cell[0] != PLACEHOLDER or not set(cell[1:]) <= _NUMBERS.keys():
        return None
    row, column, image = (_NUMBERS[mark] for mark in cell[1:])
    return Part(image, row, column)


def whole_number(image: int) -> int:
    """Give the number under which kitty knows an image: what mark and colour say together."""
    return image << 24 | int.from_bytes(bytes(COLOUR))
