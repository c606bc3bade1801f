"""JSON over lines, of which containers can be folded away; every token as it is stored."""

from collections.abc import Iterator
from typing import Final

from kvtui.values.display import show_spans
from kvtui.values.folds import Folds
from kvtui.values.formats.json_text import JsonColouring
from kvtui.values.glyphs import cell_count
from kvtui.values.json_places import Container, JsonPlaces, Path
from kvtui.values.lines import Kind, Span
from kvtui.values.search import find
from kvtui.values.text_lines import LineNumbers, TextLines, margin_for
from kvtui.values.wrapping import LineIndex

_FOLDED: Final = "+"
_COUNTED: Final = 4 * 1024 * 1024
"""The members of containers of more characters are not counted."""


class JsonTree:
    """What is folded of a text that is laid out as `json_text.pretty` does it."""

    def __init__(self, text: str, *, is_sequence: bool = False, is_notation: bool = False) -> None:
        self.index = LineIndex(text)
        self.places = JsonPlaces(text, is_sequence=is_sequence, is_notation=is_notation)
        self.folds = Folds()
        self.colouring = JsonColouring(self.index)
        self.margin = LineNumbers(len(self.index))
        self._counts: dict[int, int] = {}

    @property
    def text(self) -> str:
        return self.index.text

    def start(self, line: int) -> int:
        """Give the offset at which a line begins."""
        return self.index.span(line)[0]

    def fold(self, line: int) -> int:
        """Fold the container that a line belongs to, and give the line that stands for it."""
        if found := self.places.around(self.start(line)):
            line = self.index.line_at(found.start)
            self.folds.fold(line, self.index.line_at(found.close))
        return line

    def parent(self, line: int) -> int:
        """Give the first line of the container around the node of `line`; else `line` itself."""
        found = self.places.parent(self.start(line))
        return line if found is None else self.index.line_at(found)

    def reveal(self, line: int) -> None:
        """Bring a line into sight."""
        first = self.folds.hiding(line)
        if first is not None:
            self.folds.unfold(first)

    def fold_to(self, depth: int) -> None:
        """Fold every container that has `depth` others around it, and unfold all else."""
        self.folds = Folds(self._lines(self.places.containers(depth)))

    def size_text(self, container: Container, line_count: int) -> str:
        """Say how much a container holds: its members, or its lines where counting takes long."""
        noun = (
            "item"
            if self.text.startswith("]", self.places.value_start(container.close))
            else "member"
        )
        count = line_count
        if container.close - container.start > _COUNTED:
            noun = "line"
        elif container.start in self._counts:
            count = self._counts[container.start]
        else:
            count = self._counts[container.start] = self.places.member_count(container)
        return f"{count:,} {noun}{'' if count == 1 else 's'}"

    def _lines(self, containers: Iterator[Container]) -> Iterator[tuple[int, int]]:
        """Count the lines up to each container: faster than looking each of them up."""
        line, at = 0, 0
        for container in containers:
            line += self.text.count("\n", at, container.start)
            last = line + self.text.count("\n", container.start, container.close)
            yield line, last
            line, at = last, container.close

    def lines(self, width: int) -> "TreeLines":
        return TreeLines(self, width)


class TreeLines:
    """A tree laid out for a width; implements `Lines`."""

    def __init__(self, tree: JsonTree, width: int) -> None:
        self.tree = tree
        margin = margin_for(tree.margin, width)
        self._margin_spans = 1 if margin else 0
        self._all = TextLines(tree.index, width, colouring=tree.colouring, margin=margin)
        self._in_sight = tree.folds.rows(self._all.rows)

    def folds_changed(self) -> None:
        """Take note that other lines are in sight."""
        self._in_sight = self.tree.folds.rows(self._all.rows)

    def __len__(self) -> int:
        return self._in_sight.count

    def line_of(self, row: int) -> int:
        """Give the line that a row is a part of."""
        return self._all.rows.row(self._in_sight.among_all(row)).line

    def row_of(self, line: int) -> int:
        """Give the first row of a line, or of what is folded over it."""
        return self._in_sight.in_sight(self._all.rows.first_row(line))

    def path(self, row: int) -> Path:
        """Give the path to the node that a row belongs to."""
        return self.tree.places.path(self.tree.start(self.line_of(row)))

    def node_text(self, row: int) -> str:
        """Give the value of the node that a row belongs to, as it is laid out."""
        places = self.tree.places
        start = self.tree.start(self.line_of(row))
        if (found := places.around(start)) and found.close == start:
            start = found.start
        return self.tree.text[places.value_start(start) : places.node_end(start)]

    def row(self, number: int) -> list[Span]:
        number = self._in_sight.among_all(number)
        row = self._all.rows.row(number)
        spans = self._all.row(number)
        last = self.tree.folds.last(row.line)
        if last is None:
            return spans
        if self._margin_spans and row.part == 0:
            spans[0] = Span(spans[0].text[:-1] + _FOLDED, spans[0].kind)
        if row.end == self.tree.index.span(row.line)[1]:
            used = sum(cell_count(span.text) for span in spans[self._margin_spans :])
            room = max(0, self._all.rows.width - used)
            spans.extend(self._folded(row.line, last, room))
        return spans

    def _folded(self, line: int, last: int, room: int) -> list[Span]:
        """Say how much is folded away, in at most `room` cells."""
        close, end = self.tree.index.span(last)
        container = Container(self.tree.start(line), close)
        closing = self.tree.text[self.tree.places.value_start(close) : end]
        text = f" {self.tree.size_text(container, last - line)} "
        if len(text) + len(closing) > room:
            return [Span("…"[:room], Kind.DIM)]
        return [*show_spans(text, Kind.DIM), *show_spans(closing, Kind.PUNCTUATION)]

    def find(self, needle: str, start: int, *, is_backward: bool = False) -> int | None:
        """Find text also where it is folded away, and bring it into sight."""
        if not 0 <= start < len(self):
            return None
        row = self._all.rows.row(self._in_sight.among_all(start))
        limit = max(row.start, row.end - 1) if is_backward else row.start
        if is_backward and (last := self.tree.folds.last(row.line)) is not None:
            limit = self.tree.index.span(last)[1]
        at = find(self.tree.text, needle, limit, is_backward=is_backward)
        if at is None:
            return None
        self.tree.reveal(self.tree.index.line_at(at))
        self.folds_changed()
        return self._in_sight.in_sight(self._all.rows.row_at(at))
