"""The difference of two values as bytes, in rows of a hex dump."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Final, NamedTuple

from kvtui.values.display import show
from kvtui.values.formats.hexdump import HexRows
from kvtui.values.lines import Kind, Span
from kvtui.values.matching import common_end, common_start
from kvtui.values.search import find_bytes

_SIGN_WIDTH: Final = 2
_SIGNS: Final = {Kind.REMOVED: "- ", Kind.ADDED: "+ ", Kind.DIM: "  "}
_NOT_NULL: Final = re.compile(rb"[^\0]")


class ByteDiff:
    """The difference of two values, ready to be laid out at any width."""

    def __init__(self, old: bytes, new: bytes) -> None:
        self._old, self._new = old, new
        self._difference = _exclusive_or(old, new) if len(old) == len(new) else b""
        self._start = common_start(old, new)
        self._equal_end = common_end(old, new)
        self.summary = self._summary()

    def _summary(self) -> str:
        old_length, new_length = len(self._old), len(self._new)
        if old_length == new_length:
            count = old_length - self._difference.count(0)
            return f"{count:,} of {old_length:,} bytes differ" if count else "no difference"
        equal = self._start + self._equal_end
        return (
            f"{old_length:,} → {new_length:,} bytes: "
            f"+{new_length - equal:,} -{old_length - equal:,} at {self._start:#x}"
        )

    def lines(self, width: int) -> "ByteDiffLines":
        rows = HexRows(width - _SIGN_WIDTH)
        blocks = self._changed_rows if self._difference else self._shifted_rows
        summary = show(self.summary, clip=width)
        return ByteDiffLines(summary, list(blocks(rows.size)), rows)

    def _changed_rows(self, size: int) -> Iterator["_Block"]:
        """Give the rows in which any byte differs, and one row around them."""
        shown, row_count = 0, -(-len(self._old) // size)
        for first, end in _differing_rows(self._difference, size):
            yield self._context(max(shown, first - 1), first)
            yield _Block(Kind.REMOVED, self._old, first, end, self._difference)
            yield _Block(Kind.ADDED, self._new, first, end, self._difference)
            shown = min(end + 1, row_count)
            yield self._context(end, shown)

    def _shifted_rows(self, size: int) -> Iterator["_Block"]:
        """Give the rows of what was taken out and of what was put in."""
        first = self._start // size
        yield self._context(max(0, first - 1), first)
        for kind, content in ((Kind.REMOVED, self._old), (Kind.ADDED, self._new)):
            stop = len(content) - self._equal_end
            if stop > self._start:
                changed = bytes(self._start) + b"\1" * (stop - self._start)
                yield _Block(kind, content, first, -(-stop // size), changed)

    def _context(self, first: int, end: int) -> "_Block":
        return _Block(Kind.DIM, self._new, first, end, b"")


class _Block(NamedTuple):
    """Rows of one of the two values that are shown together."""

    kind: Kind
    content: bytes
    first: int
    end: int
    changed: bytes
    """Not zero where the byte of the same place differs; may be shorter."""


class ByteDiffLines:
    """A diff of bytes laid out for a width, its summary in the first row; implements `Lines`."""

    def __init__(self, summary: str, blocks: list[_Block], rows: HexRows) -> None:
        self._summary = summary
        self._rows = rows
        self._blocks = [block for block in blocks if block.end > block.first]
        lengths = (block.end - block.first for block in self._blocks)
        self._first_rows = list(accumulate(lengths, initial=1))

    def __len__(self) -> int:
        return self._first_rows[-1]

    def row(self, number: int) -> list[Span]:
        if number == 0:
            return [Span(self._summary, Kind.DIM)]
        place = bisect_right(self._first_rows, number) - 1
        block = self._blocks[place]
        offset = (block.first + number - self._first_rows[place]) * self._rows.size
        content = block.content[offset : offset + self._rows.size]
        changed = block.changed[offset : offset + self._rows.size].ljust(len(content), b"\0")
        kinds = [block.kind if differs else Kind.DIM for differs in changed]
        sign = Span(_SIGNS[block.kind], block.kind)
        return [sign, *self._rows.spans(offset, content, kinds)]

    def find(self, needle: str, start: int, *, is_backward: bool = False) -> int | None:
        places = range(len(self._blocks))
        for place in reversed(places) if is_backward else places:
            row = self._found(place, needle, start, is_backward=is_backward)
            if row is not None:
                return row
        return None

    def _found(self, place: int, needle: str, start: int, *, is_backward: bool) -> int | None:
        """Search one block, from `start` on as far as that lies in it."""
        block, first_row = self._blocks[place], self._first_rows[place]
        size = self._rows.size
        if is_backward:
            last = min(start - first_row, block.end - block.first - 1)
            offset = (block.first + last + 1) * size - 1
        else:
            offset = (block.first + max(0, start - first_row)) * size
        at = find_bytes(block.content, needle, offset, is_backward=is_backward)
        if at is None or not block.first <= at // size < block.end:
            return None
        row = first_row + at // size - block.first
        return row if (row <= start if is_backward else row >= start) else None


def _exclusive_or(old: bytes, new: bytes) -> bytes:
    difference = int.from_bytes(old) ^ int.from_bytes(new)
    return difference.to_bytes(len(old))


def _differing_rows(difference: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Give the runs of rows that hold a byte that is not zero."""
    first, end = 0, 0
    at = _NOT_NULL.search(difference)
    while at:
        row = at.start() // size
        if row > end > first:
            yield first, end
        if row > end or end == first:
            first = row
        end = row + 1
        at = _NOT_NULL.search(difference, end * size)
    if end > first:
        yield first, end
