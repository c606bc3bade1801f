"""Which children of a folder hold most, found a few children at a time."""

import heapq
from dataclasses import dataclass
from typing import Final

from kvtui.keyspace.fold import Child, Fold
from kvtui.keyspace.index import KeyIndex

MAX_SHARES: Final = 200
"""How many of the largest children are told one by one."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one child of a folder holds."""

    size_bytes: int
    path: str
    key_count: int
    is_folder: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """The largest children, largest first, and the whole they are part of."""

    shares: tuple[Share, ...] = ()
    size_bytes: int = 0
    key_count: int = 0
    child_count: int = 0

    @property
    def others(self) -> int:
        """How many children are not told one by one."""
        return self.child_count - len(self.shares)


class Ranking:
    """Ranks the children of `prefix` by size; keys that come meanwhile are counted next time.

    `step` looks at some children and `ranked` holds the last pass that was finished.
    """

    def __init__(self, index: KeyIndex, prefix: str) -> None:
        self.ranked = Ranked()
        self._index = index
        self._prefix = prefix
        self._largest: list[tuple[int, str, int, bool]] = []
        self._last_path: str | None = None
        self._number = 0

    def step(self, budget_children: int = 400) -> bool:
        """Look at up to so many children; tell whether a pass is finished."""
        fold = Fold(self._index, self._prefix)
        start = self._resume(fold)
        for child in fold.children(start, start + budget_children):
            self._take(child)
        self._number = start + budget_children
        if self._number < len(fold):
            return False
        self._finish(fold)
        return True

    def _resume(self, fold: Fold) -> int:
        """Find where the pass stood, though children may have come before it."""
        known = fold.number(self._last_path) if self._last_path is not None else None
        return self._number if known is None else known + 1

    def _take(self, child: Child) -> None:
        self._last_path = child.path
        if child.is_folder:
            size_bytes = self._index.size_bytes(child.path)
        else:
            size_bytes = self._index.entry_at(child.start).size_bytes or 0
        share = (size_bytes, child.path, child.key_count, child.is_folder)
        if len(self._largest) < MAX_SHARES:
            heapq.heappush(self._largest, share)
        else:
            heapq.heappushpop(self._largest, share)

    def _finish(self, fold: Fold) -> None:
        shares = sorted(self._largest, key=lambda share: (-share[0], share[1]))
        self.ranked = Ranked(
            tuple(Share(*share) for share in shares),
            self._index.size_bytes(self._prefix),
            fold.key_count,
            len(fold),
        )
        self._largest, self._last_path, self._number = [], None, 0
