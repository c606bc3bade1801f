"""An expanded folder: how many rows it takes, and which of its children are expanded too."""

from bisect import bisect_left, bisect_right
from itertools import accumulate
from operator import add, itemgetter

from kvtui.keyspace.arrangement import Arrangement
from kvtui.keyspace.fold import Fold


class Branch:
    """An expanded folder that is in the index, and all of whose parents are expanded."""

    __slots__ = (
        "arrangement",
        "has_more",
        "kids",
        "layout",
        "nodes",
        "numbers",
        "prefix",
        "rows",
        "size",
    )

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.size = 0
        self.has_more = False
        self.arrangement: Arrangement | None = None
        self.kids: list[str] = []
        """Which of its children are expanded, sorted; their numbers and nodes stand beside."""
        self.numbers: list[int] = []
        self.nodes: list[Branch] = []
        self.rows = 0
        self.layout = Layout(self)

    def node(self, prefix: str) -> "Branch | None":
        at = bisect_left(self.kids, prefix)
        return self.nodes[at] if self.kids[at : at + 1] == [prefix] else None

    def place(self, number: int) -> int:
        return number if self.arrangement is None else self.arrangement.place(number)


class Layout:
    """Where the expanded children of a node stand among its rows."""

    __slots__ = ("nodes", "places", "starts")

    def __init__(self, node: Branch) -> None:
        self.places: list[int] = node.numbers
        self.nodes: list[Branch] = node.nodes
        if node.arrangement is not None:
            places = map(node.arrangement.place, node.numbers)
            in_place = sorted(zip(places, node.nodes, strict=True), key=itemgetter(0))
            self.places = [place for place, _ in in_place]
            self.nodes = [kid for _, kid in in_place]
        below = list(accumulate([kid.rows for kid in self.nodes], initial=0))
        self.starts: list[int] = list(map(add, self.places, below))
        """The row of every expanded child, counted from the node's first child."""
        node.rows = node.size + below[-1] + node.has_more

    def row(self, place: int) -> int:
        """Give the row of the child at a place."""
        at = bisect_left(self.places, place) - 1
        if at < 0:
            return place
        return self.starts[at] + self.nodes[at].rows + place - self.places[at]


class Kids:
    """The expanded children of a node while it is counted again."""

    def __init__(self, node: Branch, fold: Fold) -> None:
        self._node = node
        self._fold = fold
        self._position = 0
        self.prefixes: list[str] = []
        self.numbers: list[int] = []
        self.nodes: list[Branch] = []

    def keep_until(self, low: str) -> None:
        """Keep those before a change: the number of one says how all of them have moved."""
        node, start, stop = self._node, self._position, first_touched(self._node.kids, low)
        if start >= stop:
            return
        number = self._fold.number(node.kids[start])
        if number is None:
            return
        shift = number - node.numbers[start]
        self.prefixes += node.kids[start:stop]
        self.numbers += [known + shift for known in node.numbers[start:stop]]
        self.nodes += node.nodes[start:stop]

    def skip_until(self, high: str) -> None:
        """Pass over those that a change may have touched."""
        self._position = bisect_right(self._node.kids, high)

    def add(self, prefix: str, number: int, node: Branch) -> None:
        self.prefixes.append(prefix)
        self.numbers.append(number)
        self.nodes.append(node)


def first_touched(prefixes: list[str], low: str) -> int:
    """Give the position of the first of the sibling folders that holds a key from `low` on."""
    at = bisect_left(prefixes, low)
    return at - 1 if at and low.startswith(prefixes[at - 1]) else at
