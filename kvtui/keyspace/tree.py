"""The keys of an index folded at "/": which rows a person sees.

A caller gives pages to the index, says with `set_coverage` how far every listing came, and asks
for `rows`; the tree notices by itself when the index has changed. Rows are numbered from 0 in the
byte order of their paths (`a`, `a-b`, `a/`), or in another `order` per folder. A row is identified
by kind and path, not by its number: `find` gives the number it has now.

While `is_settled` is false, a filter or an order has not looked at all keys yet: `filter_step`
goes on with it for a few milliseconds.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable

from kvtui.keyspace.arrangement import Arrangement
from kvtui.keyspace.chunk import child_path
from kvtui.keyspace.coverage import Coverage, CoverageMap
from kvtui.keyspace.filter import KeyFilter, Order
from kvtui.keyspace.fold import Child, Fold
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.matching import Matching, count_below
from kvtui.keyspace.ordering import Ordering
from kvtui.keyspace.outline import Outline, Run, parent_prefix
from kvtui.keyspace.row import Mark, Row, RowKind
from kvtui.protocol import SEPARATOR
from kvtui.records import KeyEntry

__all__ = ["Coverage", "KeyFilter", "KeyTree", "Mark", "Order", "Row", "RowKind"]

_MOST_ROWS_UNFOLDED = 1000
"""A filter expands the folders it finds keys in as long as no more rows come of it."""


class KeyTree:
    """Rows of an index below `root`, some folders expanded, perhaps filtered and sorted."""

    def __init__(self, index: KeyIndex, root: str = "") -> None:
        self._index = index
        self._root = root
        self._coverage = CoverageMap()
        self._marks: dict[str, Mark] = {}
        self._gone: list[str] = []
        self._order = Order()
        self._ordered = index
        self._ordering = Ordering(self._order, self._sorted)
        self._outline = Outline(index, root, self._has_more, self._arrange)
        self._filter: KeyFilter | None = None
        self._matching: Matching | None = None
        self._shown = self._outline

    @property
    def index(self) -> KeyIndex:
        return self._index

    @property
    def root(self) -> str:
        return self._root

    def __len__(self) -> int:
        self._follow()
        return len(self._shown)

    def rows(self, start: int, stop: int) -> list[Row]:
        """Give the rows from number `start` to before `stop`, fewer at the end."""
        self._follow()
        rows: list[Row] = []
        for run in self._shown.runs(max(start, 0), stop):
            rows += self._rows_of(run)
        return rows

    def find(self, path: str, kind: RowKind) -> int | None:
        """Give the number of a row, or None while it is hidden or not there."""
        self._follow()
        if kind is RowKind.MORE:
            return self._shown.more_row(path)
        return self._shown.row(self.parent_of(path, kind), path)

    def parent_of(self, path: str, kind: RowKind) -> str:
        """Give the folder whose child a row is."""
        if kind is RowKind.MORE:
            return path
        parent = parent_prefix(path) if kind is RowKind.FOLDER else key_folder(path)
        return max(parent, self._root, key=len)

    # Folders.

    def expand(self, prefix: str) -> None:
        """Show the children of a folder, as soon as it is itself shown."""
        self._shown.expand(prefix)

    def collapse(self, prefix: str) -> None:
        """Hide the children of a folder; the folders expanded in it stay so."""
        self._shown.collapse(prefix)

    def is_expanded(self, prefix: str) -> bool:
        return self._shown.is_expanded(prefix)

    def expanded(self) -> list[str]:
        """List the expanded folders, also those not shown now, outer ones first."""
        return self._shown.expanded()

    def reveal(self, path: str, kind: RowKind = RowKind.KEY) -> None:
        """Expand every folder around a row."""
        folder = self.parent_of(path, kind)
        prefix = self._root
        while prefix != folder:
            prefix = child_path(folder, len(prefix))
            self.expand(prefix)

    def refresh(self) -> None:
        """Take notice of changes of the index now; every question does it by itself."""
        len(self)

    # Coverage.

    def set_coverage(self, prefix: str, coverage: Coverage) -> None:
        """Say how far the listing of `prefix` came; COMPLETE holds for everything below it."""
        if self._coverage.get(prefix) is not coverage:
            self._coverage.set(prefix, coverage)
            self._outline.touch(prefix)

    def coverage(self, prefix: str) -> Coverage:
        return self._coverage.get(prefix)

    def count(self, prefix: str) -> int:
        """Count the known keys below `prefix`, without those marked as gone."""
        return self._index.count(prefix) - count_below(self._gone, prefix)

    # Order, filter, marks.

    @property
    def order(self) -> Order:
        return self._order

    @order.setter
    def order(self, order: Order) -> None:
        self._order = order
        self._reorder()

    def _get_filter(self) -> KeyFilter | None:
        return self._filter

    def _set_filter(self, key_filter: KeyFilter | None) -> None:
        self._filter = key_filter
        if key_filter is None:
            self._matching, self._shown = None, self._outline
        else:
            self._matching = Matching(self._index, self._root, key_filter)
            self._shown = Outline(self._matching.matches, self._root, _never, self._arrange)
        self._reorder()
        self.filter_step()

    filter = property(_get_filter, _set_filter, doc="Which keys are shown; None shows all.")

    @property
    def is_settled(self) -> bool:
        """Whether the filter has looked at every key, and every folder shown is sorted."""
        self.refresh()
        is_filtered = self._matching is None or self._matching.is_done
        return is_filtered and self._ordering.is_settled

    def filter_step(self, budget_keys: int = 10_000) -> bool:
        """Let filter and order look at some more keys; tell whether they have looked at all."""
        if self._matching is not None:
            self._matching.step(budget_keys)
            self._unfold()
        self.refresh()
        self._ordering.step(budget_keys)
        return self.is_settled

    def filter_counts(self) -> tuple[int, int]:
        """Give how many keys the filter shows, of how many below the root are known."""
        self._follow()
        known = self.count(self._root)
        return (known if self._matching is None else len(self._matching.matches)), known

    def mark(self, key: str, mark: Mark | None) -> None:
        """Mark the row of a key, now and after every listing, until told otherwise."""
        self._marks.pop(key, None)
        if mark is not None:
            self._marks[key] = mark
        at = bisect_left(self._gone, key)
        if self._gone[at : at + 1] == [key]:
            del self._gone[at]
        if mark is Mark.GONE and key in self._index:
            insort(self._gone, key)

    def marks(self) -> dict[str, Mark]:
        """Give every mark by its key."""
        return dict(self._marks)

    def _follow(self) -> None:
        if self._matching is not None:
            self._matching.follow()

    def _unfold(self) -> None:
        """Expand what the filter has found, from the top down, while it is little."""
        row = 0
        while row < len(self._shown) <= _MOST_ROWS_UNFOLDED:
            for shown in self._shown_rows(row, row + 1):
                if shown.kind is RowKind.FOLDER and not shown.is_expanded:
                    self.expand(shown.path)
            row += 1

    def _shown_rows(self, start: int, stop: int) -> list[Row]:
        return [row for run in self._shown.runs(start, stop) for row in self._rows_of(run)]

    def _rows_of(self, run: Run) -> list[Row]:
        if run.start == run.stop:
            prefix = run.prefix
            return [Row(RowKind.MORE, run.depth, "", prefix)]
        children = self._children(self._shown.fold(run.prefix), run)
        entries = self._entries(children)
        return [
            self._folder_row(child, run.depth)
            if child.is_folder
            else self._key_row(child.path, run.depth, entry)
            for child, entry in zip(children, entries, strict=True)
        ]

    def _children(self, fold: Fold, run: Run) -> list[Child]:
        outline = self._shown
        if not outline.is_arranged(run.prefix):
            return list(fold.children(run.start, run.stop))
        numbers = [outline.number_at(run.prefix, place) for place in range(run.start, run.stop)]
        return [child for n in numbers for child in fold.children(n, n + 1)]

    def _entries(self, children: list[Child]) -> Iterable[KeyEntry | None]:
        """Give the first entry of every child, for neighbouring keys in one go."""
        source = self._index if self._matching is None else self._matching.matches
        first, last = children[0].start, children[-1].start
        if last - first == len(children) - 1:
            return source.entries(start=first, stop=last + 1)
        return [None if child.is_folder else source.entry_at(child.start) for child in children]

    def _key_row(self, path: str, depth: int, entry: KeyEntry | None) -> Row:
        label = path[path.rfind(SEPARATOR) + 1 :]
        return Row(RowKind.KEY, depth, label, path, entry, mark=self._marks.get(path))

    def _folder_row(self, child: Child, depth: int) -> Row:
        path = child.path
        return Row(
            RowKind.FOLDER,
            depth,
            path[path.rfind(SEPARATOR, 0, len(path) - 1) + 1 : -1],
            path,
            None,
            child.key_count - count_below(self._gone, path),
            self._coverage.get(path) is Coverage.COMPLETE,
            self._shown.is_expanded(path),
        )

    def _reorder(self) -> None:
        """Sort what is shown anew."""
        self._ordered = self._index if self._matching is None else self._matching.matches
        self._ordering = Ordering(self._order, self._sorted)
        self._shown.touch(self._root)

    def _sorted(self, prefix: str) -> None:
        self._shown.touch(prefix)

    def _has_more(self, prefix: str) -> bool:
        return self._coverage.get(prefix) is Coverage.PARTIAL

    def _arrange(self, fold: Fold) -> Arrangement | None:
        return self._ordering.arrange(fold) if fold.index is self._ordered else None


def key_folder(key: str) -> str:
    """Give the folder that a key is in: `user/` for `user/1`, and for the key `user/` too."""
    return key[: key.rfind(SEPARATOR) + 1]


def _never(_prefix: str) -> bool:
    return False
