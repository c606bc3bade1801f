"""Rows that a person marked one by one or as a range, to do something with all of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kvtui.keyspace.row import RowKind

if TYPE_CHECKING:
    from kvtui.keyspace.row import Row
    from kvtui.keyspace.tree import KeyTree

Mark = tuple[str, RowKind]
"""A key or a folder by its path: a key may be called like a folder."""


class RowMarks:
    """Marks of one tree; they follow keys and folders, not row numbers."""

    def __init__(self) -> None:
        self._marks: dict[Mark, None] = {}
        self._range_from: Mark | None = None

    def __len__(self) -> int:
        return len(self._marks)

    @property
    def is_in_range(self) -> bool:
        """Whether a range was begun and not ended."""
        return self._range_from is not None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """In the order in which they were made."""
        return tuple(self._marks)

    def clear(self) -> bool:
        """Forget all; tell whether there was anything to forget."""
        had_any = bool(self._marks) or self.is_in_range
        self._marks.clear()
        self._range_from = None
        return had_any

    def toggle(self, row: "Row") -> None:
        mark = (row.path, row.kind)
        if row.kind is not RowKind.MORE and self._marks.pop(mark, self) is self:
            self._marks[mark] = None

    def begin_range(self, row: "Row") -> None:
        if row.kind is not RowKind.MORE:
            self._range_from = (row.path, row.kind)

    def end_range(self, tree: "KeyTree", cursor: int) -> None:
        """Mark the keys from where the range began to the cursor.

        Folders in between are not marked: what they hold may not be loaded, and was not looked at.
        """
        for number in self.range(tree, cursor):
            for row in tree.rows(number, number + 1):
                if row.kind is RowKind.KEY:
                    self._marks[row.path, row.kind] = None
        self._range_from = None

    def range(self, tree: "KeyTree", cursor: int) -> Iterable[int]:
        """Give the row numbers of the range that is being made."""
        start = tree.find(*self._range_from) if self._range_from is not None else None
        if start is None:
            return range(0)
        return range(min(start, cursor), max(start, cursor) + 1)

    def holds(self, row: "Row") -> bool:
        return (row.path, row.kind) in self._marks
