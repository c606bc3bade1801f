"""Bytes as a hex dump, each row made by arithmetic when it is asked for."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import Final

from kvtui.values.lines import Kind, Span
from kvtui.values.search import find_bytes

_ROW_SIZES: Final = (16, 8, 4)
_GROUP: Final = 8
_OFFSET_WIDTH: Final = 8
_SHORT_OFFSET_WIDTH: Final = 5
"""Enough for a value of 1 MiB, where the usual width would leave room for fewer bytes."""
_WHITESPACE: Final = b"\t\n\v\f\r"


def _byte_kind(byte: int) -> Kind:
    if byte == 0:
        return Kind.BYTE_NULL
    if byte >= 0x80:
        return Kind.BYTE_HIGH
    if byte == 0x20 or byte in _WHITESPACE:
        return Kind.BYTE_SPACE
    return Kind.BYTE_PRINTABLE if chr(byte).isprintable() else Kind.BYTE_CONTROL


def _byte_text(byte: int) -> str:
    """Stand for a byte in the text column, the classes told apart without colour too."""
    if 0x20 <= byte < 0x7F:
        return chr(byte)
    if byte in _WHITESPACE:
        return "_"
    return "⋄" if byte == 0 else "×" if byte >= 0x80 else "•"


_KINDS: Final = tuple(map(_byte_kind, range(256)))
_TEXTS: Final = tuple(map(_byte_text, range(256)))
_BY_KIND: Final = tuple(dict.fromkeys(_KINDS))
_CLASSES: Final = bytes(_BY_KIND.index(kind) for kind in _KINDS)
"""By byte: the number of its kind, so that runs are found without a step of Python a byte."""
_RUN: Final = re.compile(rb"(.)\1*", re.DOTALL)


class HexRows:
    """The layout of a hex dump for a width: offset, bytes, text."""

    def __init__(self, width: int, *, may_shorten_offset: bool = False) -> None:
        self.size = _size_fitting(width, _OFFSET_WIDTH)
        """How many bytes a row shows."""
        self._offset_width = _OFFSET_WIDTH
        if may_shorten_offset and _size_fitting(width, _SHORT_OFFSET_WIDTH) > self.size:
            self.size = _size_fitting(width, _SHORT_OFFSET_WIDTH)
            self._offset_width = _SHORT_OFFSET_WIDTH
        self._gaps = [_gap(at, self.size) for at in range(self.size)]
        widths = (2 + len(gap) for gap in self._gaps)
        self._digit_starts = list(accumulate(widths, initial=self._offset_width + 2))
        """Where the digits of each byte begin, and where those after the last would."""
        self._text_start = self._digit_starts[-1] + 1

    def spans(self, offset: int, content: bytes, kinds: Sequence[Kind] | None = None) -> list[Span]:
        """Lay out `content`, at most `size` bytes that stand at `offset`.

        `kinds` are those of the bytes where they are not to be told by their class.
        """
        runs = [*(_runs(content) if kinds is None else _runs_of(kinds))]
        starts, first = self._digit_starts, self._digit_starts[0]
        digits = "  ".join(
            content[at : at + _GROUP].hex(" ") for at in range(0, len(content), _GROUP)
        )
        digits = digits.ljust(self._text_start - first)
        text = "".join([_TEXTS[byte] for byte in content])
        return [
            Span(f"{offset:0{self._offset_width}x}", Kind.OFFSET),
            Span("  "),
            *[
                Span(digits[starts[at] - first : starts[end] - first], kind)
                for at, end, kind in runs
            ],
            Span(digits[starts[len(content)] - first :]),
            *[Span(text[at:end], kind) for at, end, kind in runs],
        ]

    def columns(self, at: int) -> tuple[int, int]:
        """Give the cells at which byte `at` of a row begins, as digits and as text."""
        return self._digit_starts[at], self._text_start + at


def _runs(content: bytes) -> Iterator[tuple[int, int, Kind]]:
    """Give from where to where bytes are of one kind, and the kind."""
    for run in _RUN.finditer(content.translate(_CLASSES)):
        yield run.start(), run.end(), _BY_KIND[run[1][0]]


def _runs_of(kinds: Sequence[Kind]) -> Iterator[tuple[int, int, Kind]]:
    """Give from where to where there is one kind."""
    start = 0
    for kind, group in groupby(kinds):
        end = start + len([*group])
        yield start, end, kind
        start = end


def _gap(at: int, size: int) -> str:
    """Part bytes by a space, and groups of them by one more."""
    return "  " if at % _GROUP == _GROUP - 1 and at + 1 < size else " "


def _size_fitting(width: int, offset_width: int) -> int:
    fitting = (size for size in _ROW_SIZES if offset_width + _row_width(size) <= width)
    return next(fitting, _ROW_SIZES[-1])


def _row_width(size: int) -> int:
    """Give the width of a row, its offset left out."""
    digits = sum(2 + len(_gap(at, size)) for at in range(size))
    return 2 + digits + 1 + size


class HexLines:
    """A hex dump laid out for a width; implements `Lines`."""

    def __init__(self, content: bytes, width: int) -> None:
        self.content = content
        is_short = len(content) <= 16**_SHORT_OFFSET_WIDTH
        self._rows = HexRows(width, may_shorten_offset=is_short)
        self.row_size = self._rows.size
        """How many bytes a row shows: row `n` begins at the offset `n * row_size`."""

    def __len__(self) -> int:
        return max(1, -(-len(self.content) // self.row_size))

    def row(self, number: int) -> list[Span]:
        offset = number * self.row_size
        return self._rows.spans(offset, self.content[offset : offset + self.row_size])

    def find(self, needle: str, start: int, *, is_backward: bool = False) -> int | None:
        """Find text, or bytes written in hex as in `de ad`, `0xdead` or `x:dead`."""
        offset = start * self.row_size
        if is_backward:
            offset += self.row_size - 1
        found = find_bytes(self.content, needle, offset, is_backward=is_backward)
        return None if found is None else found // self.row_size

    def columns(self, offset: int) -> tuple[int, int]:
        """Give where in its row a byte stands: its two digits, and its character."""
        return self._rows.columns(offset % self.row_size)
