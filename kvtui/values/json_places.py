"""Where the nodes of JSON laid out over lines are, read from its indentation alone.

The layout is that of `json_text.pretty`: two spaces a level, a node a line, a container's last line
at the indentation of its first, no newline inside a string. So a search for a newline, a number of
spaces and a bracket finds the end of a container at the speed of `str.find`, and no tree is built.
"""

import re
import string
from collections.abc import Iterator
from operator import itemgetter
from typing import Final, NamedTuple

_INDENT: Final = "  "
_WINDOW: Final = 1 << 12
_COUNTS_KEPT: Final = 64
_SEARCHED: Final = 256 * 1024
"""In longer containers no member of the same name is looked for."""
_CLOSERS: Final = {"{": "}", "[": "]"}
_SPACES: Final = re.compile(" *")
_NAME: Final = re.compile(r' *("(?:[^"\\]|\\.)*"|<[^<>"]*>|[-+.\w]+): ')
_FIRST: Final = '"{['
_FIRST_OF_NOTATION: Final = f"{_FIRST}<-+{string.digits}{string.ascii_letters}"
"""How the first line of a container can begin; not every format has strings alone for names."""
_PLAIN_NAME: Final = re.compile(r'"([A-Za-z_]\w*)"(#\d+)?', re.ASCII)
_WHICH: Final = re.compile(r"#\d+$")

Step = str | int
"""The name of a member as it is stored, quotes and all, or the place of an item from 0.

A name that is there more than once is followed by `#2`, say.
"""
Path = tuple[Step, ...]


class Container(NamedTuple):
    """A list or an object over several lines: where its first line begins, and its last."""

    start: int
    close: int


class JsonPlaces:
    """Finds containers, parents and paths.

    `is_sequence` says that there may be several documents, `is_notation` that names need not be
    strings.
    """

    def __init__(self, text: str, *, is_sequence: bool = False, is_notation: bool = False) -> None:
        self.text = text
        self._is_sequence = is_sequence
        self._first = _FIRST_OF_NOTATION if is_notation else _FIRST
        self._counted: dict[int, tuple[int, int]] = {}

    def depth(self, start: int) -> int:
        """Give how many containers are around the line that begins at `start`."""
        return (self._indentation_end(start) - start) // len(_INDENT)

    def container(self, start: int) -> Container | None:
        """Give the container that begins on the line at `start`; None where none does."""
        end = self._line_end(start)
        closer = _CLOSERS.get(self.text[end - 1 : end])
        if closer is None or end == len(self.text):
            return None
        close = self.text.find(f"\n{self._indent(start)}{closer}", end)
        return None if close < 0 else Container(start, close + 1)

    def around(self, start: int) -> Container | None:
        """Give the container that begins or ends on the line at `start`, or that is around it."""
        if found := self.container(start):
            return found
        if self._is_close(start):
            opener = self._above(start, self.depth(start))
            return None if opener is None else self.container(opener)
        parent = self.parent(start)
        return None if parent is None else self.container(parent)

    def parent(self, start: int) -> int | None:
        """Give where the container around the line at `start` begins."""
        depth = self.depth(start)
        return self._above(start, depth - 1) if depth else None

    def containers(self, depth: int) -> Iterator[Container]:
        """Give all containers with `depth` others around them, in order."""
        indent = _INDENT * depth
        at = 0
        ahead = dict.fromkeys(_CLOSERS, -1)
        while True:
            for opener, place in ahead.items():
                if place < at:
                    found = self.text.find(f"{opener}\n{indent}{_INDENT}", at)
                    ahead[opener] = len(self.text) if found < 0 else found
            opener, place = min(ahead.items(), key=itemgetter(1))
            at = self.text.find(f"\n{indent}{_CLOSERS[opener]}", place) + 1
            if not at:
                return
            yield Container(self.text.rfind("\n", 0, place) + 1, at)

    def path(self, start: int) -> Path:
        """Give the steps from the outermost node to the one that the line at `start` belongs to."""
        if self._is_close(start):
            start = self._above(start, self.depth(start)) or 0
        steps: list[Step] = []
        while (parent := self.parent(start)) is not None:
            steps.append(self._step(start, parent))
            start = parent
        if self._is_sequence:
            steps.append(self._item_number(start, None))
        return tuple(reversed(steps))

    def member_count(self, container: Container) -> int:
        """Count the members or items of a container."""
        separator = f",\n{self._indent(container.start)}{_INDENT}"
        return 1 + self._separators(separator, container.start, container.close)

    def node_end(self, start: int) -> int:
        """Give where the node on the line at `start` ends, its comma not included."""
        found = self.container(start)
        end = self._line_end(found.close if found else start)
        return end - 1 if self.text[end - 1 : end] == "," else end

    def value_start(self, start: int) -> int:
        """Give where the value on the line at `start` begins, after the name it may have."""
        if name := _NAME.match(self.text, start):
            return name.end()
        return self._indentation_end(start)

    def _step(self, start: int, parent: int) -> Step:
        if name := _NAME.match(self.text, start):
            return f"{name[1]}{self._which(name[1], start, parent)}"
        return self._item_number(start, parent)

    def _which(self, name: str, start: int, parent: int) -> str:
        """Tell members of one name apart, where that is found fast: `#2` is the second of them."""
        found = self.container(parent)
        if found is None or found.close - found.start > _SEARCHED:
            return ""
        line = f"\n{self._indent(start)}{name}: "
        before = self.text.count(line, parent, start)
        is_alone = not before and self.text.find(line, start, found.close) < 0
        return "" if is_alone else f"#{before + 1}"

    def _item_number(self, start: int, parent: int | None) -> int:
        """Count the items before this one, from the last one that was counted where it can be."""
        begin = 0 if parent is None else parent
        known, number = self._counted.get(begin, (begin, 0))
        if known - start > start - begin:
            known, number = begin, 0
        indent = self._indent(start)
        if known <= start:
            number += self._items_between(known, start, indent, parent)
        else:
            number -= self._items_between(start, known, indent, parent)
        if len(self._counted) > _COUNTS_KEPT:
            self._counted.clear()
        self._counted[begin] = start, number
        return number

    def _items_between(self, known: int, start: int, indent: str, parent: int | None) -> int:
        if parent is not None:
            return self._separators(f",\n{indent}", known, start + len(indent) + 1)
        lines = self.text.count("\n", known, start)
        deeper = self.text.count("\n ", known, start)
        closers = sum(self.text.count(f"\n{closer}", known, start) for closer in "}]")
        return lines - deeper - closers

    def _separators(self, separator: str, start: int, end: int) -> int:
        """Count the separators that are not of a deeper level."""
        every = self.text.count(separator, start, end)
        return every - self.text.count(f"{separator} ", start, end)

    def _above(self, start: int, depth: int) -> int | None:
        """Give the nearest line above `start` that begins a container at `depth`."""
        indent = "\n" + _INDENT * depth
        window, end = _WINDOW, start
        while end > 0:
            low = max(0, end - window)
            found = max(self.text.rfind(indent + first, low, end) for first in self._first)
            if found >= 0:
                return found + 1
            # What begins before the window and ends in it is looked for again.
            end = low + len(indent) if low else 0
            window *= 8
        return 0 if depth == 0 and start > 0 else None

    def _is_close(self, start: int) -> bool:
        at = self._indentation_end(start)
        end = self._line_end(start)
        return self.text[at:end].rstrip(",") in _CLOSERS.values()

    def _indent(self, start: int) -> str:
        return self.text[start : self._indentation_end(start)]

    def _indentation_end(self, start: int) -> int:
        match = _SPACES.match(self.text, start)
        return match.end() if match else start

    def _line_end(self, start: int) -> int:
        end = self.text.find("\n", start)
        return len(self.text) if end < 0 else end


def path_text(path: Path) -> str:
    """Spell a path as in `$.users[3]["odd name"]`."""
    return "$" + "".join(map(_step_text, path))


def _step_text(step: Step) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if plain := _PLAIN_NAME.fullmatch(step):
        return f".{plain[1]}{plain[2] or ''}"
    which = _WHICH.search(step)
    return f"[{step[: which.start()]}]{which[0]}" if which else f"[{step}]"
