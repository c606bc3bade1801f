"""What the cursor of the keys is on, however rows come and go."""

from typing import TYPE_CHECKING

from kvtui.keyspace.row import RowKind

if TYPE_CHECKING:
    from kvtui.keyspace.row import Row
    from kvtui.keyspace.tree import KeyTree

Place = tuple[str, RowKind]


class CursorPlace:
    """A key or folder to stay on; while a filter hides it, it is remembered to go back to."""

    def __init__(self) -> None:
        self._now: Place | None = None
        self._left: tuple[Place, int] | None = None
        """What a filter hid, and at which row of the screen it was."""

    def clear(self) -> None:
        self._now = self._left = None

    @property
    def held(self) -> Place | None:
        """What a person put the cursor on, not what a filter left under it."""
        return self._now if self._left is None else None

    @property
    def is_hidden(self) -> bool:
        """Whether a filter hides what a person put the cursor on."""
        return self._left is not None

    def hold(self) -> None:
        """Stay with what is under the cursor when the filter ends."""
        self._left = None

    def put(self, row: "Row | None") -> bool:
        """Take note of what is under the cursor now; tell whether it is something else."""
        before = self._now
        is_lasting = row is not None and row.kind is not RowKind.MORE
        self._now = (row.path, row.kind) if row is not None and is_lasting else None
        return self._now != before

    def find(self, tree: "KeyTree", offset: int) -> tuple[int | None, int]:
        """Give the number of the row to be on, and the row of the screen to show it at.

        `offset` is the row of the screen where the cursor was. The number is None where what it was
        on is gone.
        """
        is_filtered = tree.filter is not None
        if self._left is not None:
            place, offset_before = self._left
            row = tree.find(*place)
            if row is not None or not is_filtered:
                self._left = None
            if row is not None:
                return row, offset_before
        row = tree.find(*self._now) if self._now is not None else None
        if row is None and is_filtered and self._now is not None and self._left is None:
            self._left = self._now, offset
        return row, offset
