"""Which lines of a text are folded away, and the rows that are left."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, MutableSequence, Sequence
from itertools import accumulate

from kvtui.values.wrapping import WrappedText


class Folds:
    """Ranges of lines that do not overlap, of each of which only the first line is in sight."""

    def __init__(self, folds: Iterable[tuple[int, int]] = ()) -> None:
        """Take (first, last) lines in their order."""
        self._first: MutableSequence[int] = array("Q")
        self._last: MutableSequence[int] = array("Q")
        for first, last in folds:
            self._first.append(first)
            self._last.append(last)

    def __len__(self) -> int:
        return len(self._first)

    def last(self, line: int) -> int | None:
        """Give the last line of the fold that begins with `line`; None where none does."""
        place = bisect_left(self._first, line)
        return self._last[place] if self._first[place : place + 1] == array("Q", [line]) else None

    def hiding(self, line: int) -> int | None:
        """Give the first line of the fold that has `line` away; None where it is in sight."""
        place = bisect_left(self._first, line) - 1
        return self._first[place] if place >= 0 and self._last[place] >= line else None

    def fold(self, first: int, last: int) -> None:
        """Fold lines away, and with them the folds among them."""
        begin, end = bisect_left(self._first, first), bisect_right(self._first, last)
        self._first[begin:end] = array("Q", [first])
        self._last[begin:end] = array("Q", [last])

    def unfold(self, first: int) -> None:
        """Bring back what is folded behind the line `first`."""
        place = bisect_left(self._first, first)
        del self._first[place], self._last[place]

    def rows(self, wrapped: WrappedText) -> "RowsInSight":
        """Find the rows of a layout that are not folded away."""
        begin = array("Q", (wrapped.first_row(line + 1) for line in self._first))
        end = array("Q", (wrapped.first_row(line + 1) for line in self._last))
        return RowsInSight(len(wrapped), begin, end)


class RowsInSight:
    """Numbers the rows that are left, and finds them among all."""

    def __init__(self, count: int, begin: Sequence[int], end: Sequence[int]) -> None:
        """Take the number of all rows, and the ranges of those that are away."""
        self._begin = begin
        hidden = (after - before for before, after in zip(begin, end, strict=True))
        # How many rows are away up to the end of each range, and which one in sight follows it.
        self._away = array("Q", accumulate(hidden, initial=0))
        pairs = zip(begin, self._away, strict=False)
        self._following = array("Q", (row - away for row, away in pairs))
        self.count = count - self._away[-1]

    def among_all(self, row: int) -> int:
        """Give the number that a row in sight has among all."""
        return row + self._away[bisect_right(self._following, row)]

    def in_sight(self, row: int) -> int:
        """Give the number in sight of a row of all; of one that is away, the last one before it."""
        place = bisect_right(self._begin, row)
        if place and row < self._begin[place - 1] + self._away[place] - self._away[place - 1]:
            row = self._begin[place - 1] - 1
            place -= 1
        return row - self._away[place]
