"""Which rows a tree of expanded folders has, and which child of which folder a row is.

Only expanded folders are nodes. A node knows how many children it has, which of them are
expanded and how many rows those take, so a row is found by bisecting once per level.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kvtui.keyspace.arrangement import Arrangement
from kvtui.keyspace.branch import Branch, Kids, Layout, first_touched
from kvtui.keyspace.chunk import PAST_EVERYTHING, child_path
from kvtui.keyspace.fold import Fold
from kvtui.keyspace.index import KeyIndex
from kvtui.protocol import SEPARATOR

_EVERYTHING = ("", PAST_EVERYTHING)
_MOST_FOLDS = 256


class Run(NamedTuple):
    """Neighbouring rows that are neighbouring children of one folder, or its last line.

    A tuple, because every look at a row makes one.
    """

    prefix: str
    depth: int
    start: int
    """The first child's place; equal to `stop` for the line that stands for what is not listed."""
    stop: int


class Outline:
    """The rows of an index folded below `root`, with some folders expanded."""

    def __init__(
        self,
        index: KeyIndex,
        root: str,
        has_more: Callable[[str], bool],
        arrange: Callable[[Fold], Arrangement | None],
    ) -> None:
        self._index = index
        self._has_more = has_more
        self._arrange = arrange
        self._root = Branch(root)
        self._expanded: dict[str, list[str]] = {}
        """The expanded folders, sorted, by the folder they are in."""
        self._folds: dict[str, Fold] = {}
        self._version = index.version
        self._pending: list[tuple[str, str]] = [_EVERYTHING]

    def __len__(self) -> int:
        self._sync()
        return self._root.rows

    def expand(self, prefix: str) -> None:
        """Show the children of a folder, as soon as it is itself shown."""
        if not self.is_expanded(prefix):
            insort(self._expanded.setdefault(self._parent(prefix), []), prefix)
            self.touch(prefix)

    def collapse(self, prefix: str) -> None:
        """Hide the children of a folder; those expanded in it stay so."""
        if self.is_expanded(prefix) and prefix != self._root.prefix:
            self._expanded[self._parent(prefix)].remove(prefix)
            self.touch(prefix)

    def is_expanded(self, prefix: str) -> bool:
        """Tell whether a folder shows its children; the root always does."""
        if prefix == self._root.prefix:
            return True
        siblings = self._expanded.get(self._parent(prefix), [])
        at = bisect_left(siblings, prefix)
        return siblings[at : at + 1] == [prefix]

    def expanded(self) -> list[str]:
        """List the expanded folders, outer ones before those in them."""
        return sorted(prefix for siblings in self._expanded.values() for prefix in siblings)

    def touch(self, prefix: str) -> None:
        """Count the rows at and below `prefix` again before the next answer."""
        self._pending.append((prefix, prefix + PAST_EVERYTHING))

    def fold(self, prefix: str) -> Fold:
        """Give the children of a folder."""
        self._sync()
        found = self._folds.get(prefix)
        if found is None or found.version != self._index.version:
            if found is None and len(self._folds) >= _MOST_FOLDS:
                del self._folds[next(iter(self._folds))]
            found = self._folds[prefix] = Fold(self._index, prefix, found)
        return found

    def number_at(self, prefix: str, place: int) -> int:
        """Give the number in key order of the child at a place of an expanded folder."""
        node = self._descend(prefix)
        arrangement = node.arrangement if node is not None else None
        return place if arrangement is None else arrangement.number(place)

    def is_arranged(self, prefix: str) -> bool:
        """Tell whether the children of an expanded folder stand in another order than by key."""
        node = self._descend(prefix)
        return node is not None and node.arrangement is not None

    def runs(self, start: int, stop: int) -> Iterator[Run]:
        """Give the rows from `start` to before `stop`."""
        row, stop = start, min(stop, len(self))
        while row < stop:
            run = self._run(row, stop - row)
            yield run
            row += max(run.stop - run.start, 1)

    def row(self, parent: str, path: str) -> int | None:
        """Give the row of a child of `parent`, or None while it is hidden or not there."""
        row = self._first_row(parent)
        number = None if row is None else self.fold(parent).number(path)
        node = self._descend(parent)
        if row is None or number is None or node is None:
            return None
        return row + node.layout.row(node.place(number))

    def more_row(self, prefix: str) -> int | None:
        """Give the row of the line for what is not listed in a folder, or None."""
        row = self._first_row(prefix)
        node = self._descend(prefix)
        if row is None or node is None or not node.has_more:
            return None
        return row + node.rows - 1

    def _parent(self, prefix: str) -> str:
        return max(parent_prefix(prefix), self._root.prefix, key=len)

    def _run(self, row: int, most: int) -> Run:
        """Give the run that begins at a row, with at most so many of its rows."""
        node, depth = self._root, 0
        while True:
            layout = node.layout
            at = bisect_right(layout.starts, row) - 1
            inside = row - layout.starts[at] if at >= 0 else 0
            if at >= 0 and inside == 0:
                place = layout.places[at]
                return Run(node.prefix, depth, place, place + 1)
            if at < 0 or inside > layout.nodes[at].rows:
                place = row if at < 0 else layout.places[at] + inside - layout.nodes[at].rows
                is_last = at + 1 == len(layout.places)
                stop = node.size if is_last else layout.places[at + 1] + 1
                return Run(node.prefix, depth, place, min(stop, place + most))
            node, row, depth = layout.nodes[at], inside - 1, depth + 1

    def _descend(self, prefix: str) -> Branch | None:
        node: Branch | None = self._root
        while node is not None and node.prefix != prefix:
            node = node.node(child_path(prefix, len(node.prefix)))
        return node

    def _first_row(self, prefix: str) -> int | None:
        """Give the row below that of an expanded folder, where its children begin."""
        self._sync()
        node, row = self._root, 0
        while node.prefix != prefix:
            below = child_path(prefix, len(node.prefix))
            at = bisect_left(node.kids, below)
            if node.kids[at : at + 1] != [below]:
                return None
            row += node.layout.row(node.place(node.numbers[at])) + 1
            node = node.nodes[at]
        return row

    def _sync(self) -> None:
        if self._version != self._index.version:
            changes = self._index.changes_since(self._version)
            self._pending += [_EVERYTHING] if changes is None else changes
            self._version = self._index.version
        if self._pending:
            spans, self._pending = _joined(self._pending), []
            self._update(self._root, spans)

    def _update(self, node: Branch, spans: list[tuple[str, str]]) -> None:
        """Count a node again, knowing that nothing changed outside of `spans`."""
        fold = self.fold(node.prefix)
        node.size = len(fold)
        node.has_more = self._has_more(node.prefix)
        node.arrangement = self._arrange(fold)
        kids = Kids(node, fold)
        expanded = self._expanded.get(node.prefix, [])
        done = 0
        for low, high in spans:
            kids.keep_until(low)
            stop = bisect_right(expanded, high)
            for prefix in expanded[max(done, first_touched(expanded, low)) : stop]:
                number = fold.number(prefix)
                if number is not None:
                    known = node.node(prefix)
                    kid = known or Branch(prefix)
                    self._update(kid, spans if known else [_EVERYTHING])
                    kids.add(prefix, number, kid)
            kids.skip_until(high)
            done = stop
        kids.keep_until(PAST_EVERYTHING)
        node.kids, node.numbers, node.nodes = kids.prefixes, kids.numbers, kids.nodes
        node.layout = Layout(node)


def parent_prefix(path: str) -> str:
    """Give the folder that a folder, or a key that does not end in "/", is in."""
    return path[: path.rfind(SEPARATOR, 0, len(path) - 1) + 1]


def _joined(spans: list[tuple[str, str]]) -> list[tuple[str, str]]:
    joined: list[tuple[str, str]] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined
