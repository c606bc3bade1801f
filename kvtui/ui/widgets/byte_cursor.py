"""Bytes with a cursor, a selection and marked matches; only the rows on screen are made."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from textual import events
from textual.message import Message

from kvtui.ui.widgets.row_view import RowView
from kvtui.values.byte_edit import ByteBuffer
from kvtui.values.formats.hexdump import HexRows
from kvtui.values.lines import Kind
from kvtui.values.search import byte_spans

_LONGEST_NEEDLE: Final = 4096
_layout: Final = lru_cache(maxsize=4)(HexRows)


class ByteCursor(RowView, can_focus=True, inherit_bindings=False):
    """Moves over `buffer`, and selects; what changes it is up to who builds upon it."""

    COMPONENT_CLASSES = {f"kind--{kind}" for kind in Kind} | {
        "hex--cursor",
        "hex--twin",
        "hex--selected",
        "hex--match",
    }
    DEFAULT_CSS = """
    ByteCursor { overflow-y: scroll; }
    ByteCursor > .kind--offset { color: $text-muted; }
    ByteCursor > .kind--byte-null { color: $text-disabled; }
    ByteCursor > .kind--byte-printable { color: $text-primary; }
    ByteCursor > .kind--byte-space { color: $text-success; }
    ByteCursor > .kind--byte-control { color: $text-error; }
    ByteCursor > .kind--byte-high { color: $text-accent; }
    ByteCursor > .hex--match { background: $warning-muted; color: $foreground; }
    ByteCursor > .hex--selected { background: $primary-muted; color: $foreground; }
    ByteCursor > .hex--twin { background: $primary-muted; text-style: underline; }
    ByteCursor > .hex--cursor { background: $foreground; color: $background; text-style: bold; }
    """
    has_cursor = False

    class Touched(Message):
        """The bytes, the cursor, what is selected or the way of typing changed."""

    def __init__(self, content: bytes, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.buffer = ByteBuffer(content)
        self.offset_in_value = 0
        """Where the cursor is; behind the last byte what is typed is added."""
        self.is_text = False
        """Whether the column of text has the keys."""
        self._anchor: int | None = None
        """Where the selection began; it ends before the cursor, or begins with it."""
        self._needle = ""
        self._is_second = False
        """Whether the second digit of the byte comes next."""

    @property
    def selected(self) -> range:
        """The offsets that are selected."""
        ends = sorted((self.offset_in_value, self._anchor or 0))
        return range(0) if self._anchor is None else range(*ends)

    # Drawing

    @property
    def _rows(self) -> HexRows:
        return _layout(self.scrollable_content_region.width or self.size.width)

    @property
    def row_count(self) -> int:
        return len(self.buffer) // self._rows.size + 1

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        rows = _layout(width)
        start, end = row * rows.size, (row + 1) * rows.size
        spans = rows.spans(start, self.buffer[start:end])
        matches, selected = list(self._matches(start, end)), self.selected
        has_cursor = start <= self.offset_in_value < end
        if not (has_cursor or matches or (selected.start < end and selected.stop > start)):
            return [(span.text, f"kind--{span.kind}") for span in spans]
        cells = [(char, f"kind--{span.kind}") for span in spans for char in span.text]
        for match in matches:
            self._paint(cells, rows, match, "hex--match", start)
        self._paint(cells, rows, selected, "hex--selected", start)
        if has_cursor:
            self._paint_cursor(cells, rows.columns(self.offset_in_value - start))
        return [
            ("".join(char for char, _ in run), name)
            for name, run in groupby(cells, key=itemgetter(1))
        ]

    def _paint(
        self, cells: list[tuple[str, str]], rows: HexRows, offsets: range, name: str, start: int
    ) -> None:
        """Mark bytes of the row that begins at `start`, and what stands between them."""
        here = range(max(offsets.start, start), min(offsets.stop, start + rows.size))
        for at in here:
            digits, text = rows.columns(at - start)
            following = rows.columns(at + 1 - start)[0] if at + 1 in here else digits + 2
            for column in (*range(digits, following), text):
                cells[column] = cells[column][0], name

    def _paint_cursor(self, cells: list[tuple[str, str]], columns: tuple[int, int]) -> None:
        digits, text = columns
        cells += [(" ", "")] * (text + 1 - len(cells))
        for column in (digits, digits + 1, text):
            is_cursor = (column == text) == self.is_text
            cells[column] = cells[column][0], "hex--cursor" if is_cursor else "hex--twin"
        if self._is_second and not self.is_text:
            cells[digits] = cells[digits][0], "hex--twin"

    def _matches(self, start: int, end: int) -> Iterator[range]:
        """Give where what was looked for stands in a row, also where it begins before it."""
        if not self._needle:
            return
        reach = min(len(self._needle.encode()), _LONGEST_NEEDLE)
        low = max(0, start - reach)
        for begin, stop in byte_spans(self.buffer[low : end + reach], self._needle):
            yield range(low + begin, low + stop)

    def _touched(self) -> None:
        self.rows_changed()
        self.scroll_to_row(self.offset_in_value // self._rows.size)
        self.post_message(self.Touched())

    def on_resize(self) -> None:
        super().on_resize()
        self.scroll_to_row(self.offset_in_value // self._rows.size)

    # Finding

    def mark_matches(self, needle: str) -> None:
        """Mark every place of text, or of bytes in hex; none where it is empty."""
        self._needle = needle
        self.refresh()

    def find(self, needle: str) -> bool:
        """Go to the next place of text, or of bytes in hex; tell whether there is one."""
        self.mark_matches(needle)
        at = self.buffer.find(needle, self.offset_in_value + 1)
        if at is not None:
            self.go_to(at)
        return at is not None

    # Moving and selecting

    def go_to(self, offset: int) -> None:
        """Put the cursor on a byte, or behind the last one; nothing is selected then."""
        self._anchor = None
        self._move(offset)

    def _move(self, offset: int) -> None:
        self.offset_in_value = max(0, min(offset, len(self.buffer)))
        self._is_second = False
        self._touched()

    def _select(self, move: Callable[[int], int], argument: int) -> None:
        if self._anchor is None:
            self._anchor = self.offset_in_value
        self._move(move(argument))

    def _by_bytes(self, count: int) -> int:
        return self.offset_in_value + count

    def _by_rows(self, count: int) -> int:
        target = self.offset_in_value + count * self._rows.size
        return target if 0 <= target <= len(self.buffer) else self.offset_in_value

    def _by_pages(self, count: int) -> int:
        return self.offset_in_value + count * self.page_rows * self._rows.size

    def _at_row_edge(self, side: int) -> int:
        start = self.offset_in_value // self._rows.size * self._rows.size
        return start if side < 0 else start + self._rows.size - 1

    def _at_edge(self, side: int) -> int:
        return 0 if side < 0 else len(self.buffer)

    def action_step(self, count: int) -> None:
        self.go_to(self._by_bytes(count))

    def action_step_rows(self, count: int) -> None:
        self.go_to(self._by_rows(count))

    def action_page(self, direction: int) -> None:
        self.go_to(self._by_pages(direction))

    def action_row_edge(self, side: int) -> None:
        self.go_to(self._at_row_edge(side))

    def action_edge(self, side: int) -> None:
        self.go_to(self._at_edge(side))

    def action_select(self, count: int) -> None:
        self._select(self._by_bytes, count)

    def action_select_rows(self, count: int) -> None:
        self._select(self._by_rows, count)

    def action_select_page(self, direction: int) -> None:
        self._select(self._by_pages, direction)

    def action_select_to_edge(self, side: int) -> None:
        self._select(self._at_edge, side)

    def action_select_all(self) -> None:
        self._anchor = 0
        self._move(len(self.buffer))

    def action_switch_column(self) -> None:
        self.is_text, self._is_second = not self.is_text, False
        self._touched()

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        self._point_at(event)
        self._anchor = None
        self.capture_mouse()
        self._touched()

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is self:
            self._anchor = self.offset_in_value if self._anchor is None else self._anchor
            self._point_at(event)
            self._touched()

    async def _on_mouse_up(self, event: events.MouseUp) -> None:
        self.release_mouse()

    async def _on_click(self, event: events.Click) -> None:
        """Do nothing more: the cursor went there when the button was pressed."""

    def _point_at(self, event: events.MouseEvent) -> None:
        """Put the cursor on the byte that is pointed at, in its column."""
        rows = self._rows
        starts = [rows.columns(at) for at in range(rows.size)]
        self.is_text = event.x >= starts[0][1] - 1
        passed = sum(columns[self.is_text] <= event.x for columns in starts)
        offset = (event.y + self.scroll_offset.y) * rows.size + max(0, passed - 1)
        self.offset_in_value, self._is_second = max(0, min(offset, len(self.buffer))), False
