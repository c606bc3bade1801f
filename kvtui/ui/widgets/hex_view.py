"""A hex dump with a cursor on one byte."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.reactive import reactive

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.widgets.line_view import LineView, Place, overlaid
from kvtui.values.formats.hexdump import HexLines
from kvtui.values.search import find_byte_span

if TYPE_CHECKING:
    from kvtui.ui.widgets.line_view import Run
    from kvtui.values.lines import Lines


class HexView(LineView):
    """Shows `HexLines`; the byte under the cursor is marked as digits and as text."""

    COMPONENT_CLASSES = {"hex--cursor", "hex--found"}
    DEFAULT_CSS = """
    HexView > .hex--cursor { background: $panel; color: $foreground; text-style: bold; }
    HexView:focus > .hex--cursor { background: $primary; color: $text; text-style: bold reverse; }
    HexView > .hex--found { background: $warning-muted; color: $foreground; text-style: underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.VALUE, Scope.DUMP)]
    has_cursor = True

    offset_shown = reactive(0, repaint=False)
    """The byte under the cursor."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._found: tuple[int, int] | None = None

    @property
    def dump(self) -> HexLines | None:
        lines = self.lines_shown
        return lines if isinstance(lines, HexLines) else None

    @property
    def whereabouts(self) -> str:
        size = len(self.dump.content) if self.dump is not None else 0
        at = self.offset_shown
        return f"{at:,} of {size:,}  0x{at:x}" if size else "empty"

    def show_lines(self, lines: "Lines | None", *, is_same_value: bool = False) -> None:
        at = self.offset_shown if is_same_value else 0
        self._found = None
        super().show_lines(lines, is_same_value=is_same_value)
        self.offset_shown = at
        self.offset_shown = self.validate_offset_shown(at)
        if self.dump is not None:
            self.cursor = at // self.dump.row_size

    def runs(self, row: int, width: int) -> list["Run"]:
        dump = self.dump
        if dump is None:
            return []
        places: list[Place] = []
        if row == self.cursor and dump.content:
            places += self._places(dump, self.offset_shown, "hex--cursor")
        first = row * dump.row_size
        begin, end = self._found or (0, 0)
        for at in range(max(begin, first), min(end, first + dump.row_size)):
            places += self._places(dump, at, "hex--found")
        return overlaid(dump.row(row), places)

    def _places(self, dump: HexLines, at: int, name: str) -> list[Place]:
        digits, character = dump.columns(at)
        return [Place(digits, digits + 2, name), Place(character, character + 1, name)]

    def validate_offset_shown(self, at: int) -> int:
        return max(0, min(at, len(self.dump.content) - 1 if self.dump is not None else 0))

    def watch_offset_shown(self, at: int) -> None:
        if self.dump is not None:
            self.cursor = at // self.dump.row_size
            self.refresh_line(self.cursor)

    def search(self, needle: str, *, is_backward: bool = False) -> bool:
        if self.dump is None:
            return False
        is_again, self._needle = needle == self._needle, needle
        content = self.dump.content
        at = self.offset_shown + (is_again and (-1 if is_backward else 1))
        found = find_byte_span(content, needle, at, is_backward=is_backward) if at >= 0 else None
        if found is None:
            edge = len(content) if is_backward else 0
            found = find_byte_span(content, needle, edge, is_backward=is_backward)
        self._found = found
        self.refresh()
        if found is not None:
            self.offset_shown = found[0]
        return found is not None

    def end_search(self) -> None:
        self._found = None
        super().end_search()

    def go_to(self, at: int) -> None:
        """Put the cursor on a byte."""
        self.offset_shown = at

    def action_move(self, rows: int) -> None:
        if self.dump is None:
            return
        row = self.validate_cursor(self.cursor + rows)
        at = self.offset_shown + (row - self.cursor) * self.dump.row_size
        if row == self.cursor:
            at = 0 if rows < 0 else len(self.dump.content) - 1
        self.offset_shown = at

    def action_top(self) -> None:
        self.offset_shown = 0

    def action_bottom(self) -> None:
        self.offset_shown = len(self.dump.content) if self.dump is not None else 0

    def action_move_byte(self, step: int) -> None:
        self.offset_shown += step

    def action_choose(self) -> None:
        """Nothing opens under a byte."""

    async def _on_click(self, event: events.Click) -> None:
        dump, row = self.dump, event.y + self.scroll_offset.y
        if dump is None or row >= len(dump):
            return
        for at in range(row * dump.row_size, min(len(dump.content), (row + 1) * dump.row_size)):
            digits, character = dump.columns(at)
            if event.x in {digits, digits + 1, character}:
                self.offset_shown = at
