"""Draws any `Lines`: every view of a value, and diffs."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.message import Message

from kvtui.ui.widgets.row_view import RowView
from kvtui.values.lines import Kind
from kvtui.values.search import occurrences

if TYPE_CHECKING:
    from kvtui.values.lines import Lines, Span

Run = tuple[str, str]
"""A text and its component class."""


class Place(NamedTuple):
    """A part of a row that has a component class of its own."""

    begin: int
    end: int
    name: str


class LineView(RowView):
    """A viewer that scrolls through a `Lines` model."""

    COMPONENT_CLASSES = {f"kind--{kind}" for kind in Kind} | {"line--match", "line--found"}
    DEFAULT_CSS = """
    LineView > .kind--dim, LineView > .kind--comment, LineView > .kind--line-number,
    LineView > .kind--offset { color: $text-muted; }
    LineView > .kind--label { color: $text-secondary; }
    LineView > .kind--name { color: $text-primary; }
    LineView > .kind--string { color: $text-success; }
    LineView > .kind--number { color: $text-accent; }
    LineView > .kind--keyword { color: $text-warning; }
    LineView > .kind--punctuation { color: $text-muted; }
    LineView > .kind--warning { color: $text-warning; text-style: bold; }
    LineView > .kind--hidden { color: $text-error; }
    LineView > .kind--byte-null { color: $text-disabled; }
    LineView > .kind--byte-printable { color: $text-primary; }
    LineView > .kind--byte-space { color: $text-success; }
    LineView > .kind--byte-control { color: $text-error; }
    LineView > .kind--byte-high { color: $text-accent; }
    LineView > .kind--added { color: $text-success; }
    LineView > .kind--removed { color: $text-error; }
    LineView > .kind--changed { color: $text-warning; }
    LineView > .line--match { background: $warning-muted; color: $foreground; }
    LineView > .line--found {
        background: $warning-muted; color: $foreground; text-style: bold underline;
    }
    """
    has_cursor = False

    class Resized(Message):
        """The width changed: whoever made the lines lays them out again."""

        def __init__(self, view: "LineView", width: int) -> None:
            super().__init__()
            self.view = view
            self.width = width

        @property
        def control(self) -> "LineView":
            return self.view

    def __init__(self, lines: "Lines | None" = None, **options: Any) -> None:
        super().__init__(**options)
        self._lines: Lines | None = lines
        self._needle = ""
        self._match: int | None = None
        self._width = 0

    @property
    def lines_shown(self) -> "Lines | None":
        return self._lines

    @property
    def row_count(self) -> int:
        return len(self._lines) if self._lines is not None else 0

    @property
    def whereabouts(self) -> str:
        """Where the cursor is, in words; empty where there is nothing to say."""
        return ""

    @property
    def row_width(self) -> int:
        """How many cells a row may have, the place of the scrollbar left out."""
        return max(1, self.size.width - self.styles.scrollbar_size_vertical)

    def show_lines(self, lines: "Lines | None", *, is_same_value: bool = False) -> None:
        """Show other lines, from the top unless they are the same value laid out anew."""
        self._lines = lines
        self._width = self.row_width if self.size.width else 0
        self._match = None
        if not is_same_value:
            self.scroll_to(y=0, animate=False, immediate=True, force=True)
        self.rows_changed()

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        if self._lines is None:
            return []
        spans = self._lines.row(row)
        if not self._needle:
            return [(span.text, CLASSES[span.kind]) for span in spans]
        return marked(spans, self._needle, "line--found" if row == self._match else "line--match")

    def search(self, needle: str, *, is_backward: bool = False) -> bool:
        """Go to the next row that holds `needle`, around the end; tell whether there is one.

        Another needle than before is looked for from the same place on, so that it can grow.
        """
        is_again, self._needle = needle == self._needle, needle
        if self._lines is None or not len(self._lines):
            return False
        if self._match is None:
            start = self.search_start
        else:
            start = self._match + (is_again and (-1 if is_backward else 1))
        found = None
        if 0 <= start < len(self._lines):
            found = self._lines.find(needle, start, is_backward=is_backward)
        if found is None:
            edge = len(self._lines) - 1 if is_backward else 0
            found = self._lines.find(needle, edge, is_backward=is_backward)
        self._match = found
        if found is not None:
            self.show_found(found)
        self.refresh()
        return found is not None

    def end_search(self) -> None:
        """Mark nothing any more."""
        self._needle, self._match = "", None
        self.refresh()

    @property
    def search_start(self) -> int:
        """The row that the first search begins with."""
        return self.cursor if self.has_cursor else self.scroll_offset.y

    def show_found(self, row: int) -> None:
        """Go to a row that holds what was looked for."""
        if self.has_cursor:
            self.rows_changed()
            self.cursor = row
        else:
            self.scroll_to(y=max(0, row - 2), animate=False, immediate=True, force=True)

    def on_resize(self) -> None:
        super().on_resize()
        if self.size.width and self._width != self.row_width:
            self.post_message(self.Resized(self, self.row_width))


CLASSES = {kind: "" if kind is Kind.TEXT else f"kind--{kind}" for kind in Kind}
_MARGINS = frozenset({Kind.LINE_NUMBER, Kind.OFFSET})


def marked(spans: Sequence["Span"], needle: str, name: str) -> list[Run]:
    """Give the runs of a row in which every `needle` has the component class `name`."""
    text = "".join("\0" * len(s.text) if s.kind in _MARGINS else s.text for s in spans)
    return overlaid(spans, [Place(*place, name) for place in occurrences(text, needle)])


def overlaid(spans: Sequence["Span"], places: Sequence[Place]) -> list[Run]:
    """Give the runs of a row with some places in other component classes; the first one counts."""
    if not places:
        return [(span.text, CLASSES[span.kind]) for span in spans]
    cuts = sorted({edge for place in places for edge in place[:2]})
    runs: list[Run] = []
    start = 0
    for span in spans:
        end = start + len(span.text)
        edges = [start, *(cut for cut in cuts if start < cut < end), end]
        for begin, stop in pairwise(edges):
            names = (place.name for place in places if place.begin <= begin < place.end)
            name = next(names, CLASSES[span.kind])
            runs.append((span.text[begin - start : stop - start], name))
        start = end
    return runs
