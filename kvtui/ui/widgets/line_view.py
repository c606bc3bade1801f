"""Draws any `Lines`: every view of a value, and diffs."""

from typing import Any

from textual.message import Message

from kvtui.ui.widgets.row_view import RowView
from kvtui.values.lines import Kind, Lines


class LineView(RowView):
    """A viewer that scrolls through a `Lines` model."""

    COMPONENT_CLASSES = {f"kind--{kind}" for kind in Kind} | {"line--match"}
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
    LineView > .kind--byte-control { color: $text-warning; }
    LineView > .kind--byte-high { color: $text-accent; }
    LineView > .kind--added { color: $text-success; }
    LineView > .kind--removed { color: $text-error; }
    LineView > .kind--changed { color: $text-warning; }
    LineView > .line--match { background: $warning-muted; }
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

    def __init__(self, lines: Lines | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._lines: Lines | None = lines
        self._match: int | None = None
        self._width = 0

    @property
    def lines_shown(self) -> Lines | None:
        return self._lines

    @property
    def row_count(self) -> int:
        return len(self._lines) if self._lines is not None else 0

    @property
    def row_width(self) -> int:
        """How many cells a row may have, the place of the scrollbar left out."""
        return max(1, self.size.width - self.styles.scrollbar_size_vertical)

    def show_lines(self, lines: Lines | None, *, is_same_value: bool = False) -> None:
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
        if row == self._match:
            return [(span.text, "line--match") for span in spans]
        return [(span.text, _CLASSES[span.kind]) for span in spans]

    def search(self, needle: str, *, is_backward: bool = False) -> bool:
        """Go to the next row that holds `needle`, around the end; tell whether there is one."""
        if self._lines is None or not len(self._lines):
            return False
        step = -1 if is_backward else 1
        start = self.scroll_offset.y if self._match is None else self._match + step
        found = None
        if 0 <= start < len(self._lines):
            found = self._lines.find(needle, start, is_backward=is_backward)
        if found is None:
            edge = len(self._lines) - 1 if is_backward else 0
            found = self._lines.find(needle, edge, is_backward=is_backward)
        self._match = found
        if found is not None:
            self.scroll_to(y=max(0, found - 2), animate=False, immediate=True, force=True)
            self.refresh()
        return found is not None

    def on_resize(self) -> None:
        super().on_resize()
        if self.size.width and self._width != self.row_width:
            self.post_message(self.Resized(self, self.row_width))


_CLASSES = {kind: "" if kind is Kind.TEXT else f"kind--{kind}" for kind in Kind}
