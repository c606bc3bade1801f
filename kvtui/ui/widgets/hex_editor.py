"""Bytes to edit, as digits or as text; only the rows on screen are made, however many there are."""

import re
import string
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.message import Message

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.widgets.keys_in_order import KeysInOrder
from kvtui.ui.widgets.row_view import RowView
from kvtui.values.byte_edit import ByteBuffer
from kvtui.values.formats.hexdump import HexRows
from kvtui.values.lines import Kind

_PASTED: Final = re.compile(r"(?:0x)?((?:[0-9a-f]{2}[\s:,]*)+)", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"[\s:,]+")


class HexEditor(RowView, KeysInOrder, can_focus=True, inherit_bindings=False):
    """Overwrites or inserts; the column that has the keys takes hex digits or characters."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.BYTES)]
    COMPONENT_CLASSES = {f"kind--{kind}" for kind in Kind} | {"hex--cursor", "hex--twin"}
    DEFAULT_CSS = """
    HexEditor { overflow-y: scroll; }
    HexEditor > .kind--offset { color: $text-muted; }
    HexEditor > .kind--byte-null { color: $text-disabled; }
    HexEditor > .kind--byte-printable { color: $text-primary; }
    HexEditor > .kind--byte-space { color: $text-success; }
    HexEditor > .kind--byte-control { color: $text-warning; }
    HexEditor > .kind--byte-high { color: $text-accent; }
    HexEditor > .hex--cursor { background: $foreground; color: $background; text-style: bold; }
    HexEditor > .hex--twin { background: $primary-muted; }
    """
    has_cursor = False

    class Touched(Message):
        """The bytes, the cursor or the way of typing changed."""

    def __init__(self, content: bytes, **options: Any) -> None:
        super().__init__(**options)
        self.buffer = ByteBuffer(content)
        self.offset_in_value = 0
        """Where the cursor is; behind the last byte what is typed is added."""
        self.is_insert = False
        self.is_text = False
        """Whether the column of text has the keys."""
        self.read_only = False
        self._is_second = False

    # Drawing

    @property
    def _rows(self) -> HexRows:
        return HexRows(self.scrollable_content_region.width or self.size.width)

    @property
    def row_count(self) -> int:
        return len(self.buffer) // self._rows.size + 1

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        rows = HexRows(width)
        start = row * rows.size
        spans = rows.spans(start, self.buffer[start : start + rows.size])
        if not start <= self.offset_in_value < start + rows.size:
            return [(span.text, f"kind--{span.kind}") for span in spans]
        digits, text = rows.columns(self.offset_in_value - start)
        cells = [(char, f"kind--{span.kind}") for span in spans for char in span.text]
        cells += [(" ", "")] * (text + 1 - len(cells))
        for column in (digits, digits + 1, text):
            is_cursor = (column == text) == self.is_text
            cells[column] = cells[column][0], "hex--cursor" if is_cursor else "hex--twin"
        if self._is_second and not self.is_text:
            cells[digits] = cells[digits][0], "hex--twin"
        return [
            ("".join(char for char, _ in run), name)
            for name, run in groupby(cells, key=itemgetter(1))
        ]

    def _touched(self) -> None:
        self.rows_changed()
        self.scroll_to_row(self.offset_in_value // self._rows.size)
        self.post_message(self.Touched())

    def on_resize(self) -> None:
        super().on_resize()
        self.scroll_to_row(self.offset_in_value // self._rows.size)

    # Moving

    def go_to(self, offset: int) -> None:
        """Put the cursor on a byte, or behind the last one."""
        self.offset_in_value = max(0, min(offset, len(self.buffer)))
        self._is_second = False
        self._touched()

    def action_step(self, count: int) -> None:
        self.go_to(self.offset_in_value + count)

    def action_step_rows(self, count: int) -> None:
        target = self.offset_in_value + count * self._rows.size
        self.go_to(target if 0 <= target <= len(self.buffer) else self.offset_in_value)

    def action_page(self, direction: int) -> None:
        self.go_to(self.offset_in_value + direction * self.page_rows * self._rows.size)

    def action_row_edge(self, side: int) -> None:
        start = self.offset_in_value // self._rows.size * self._rows.size
        self.go_to(start if side < 0 else start + self._rows.size - 1)

    def action_edge(self, side: int) -> None:
        self.go_to(0 if side < 0 else len(self.buffer))

    def action_switch_column(self) -> None:
        self.is_text, self._is_second = not self.is_text, False
        self._touched()

    def action_switch_mode(self) -> None:
        self.is_insert, self._is_second = not self.is_insert, False
        self._touched()

    async def _on_click(self, event: events.Click) -> None:
        rows = self._rows
        starts = [rows.columns(at) for at in range(rows.size)]
        self.is_text = event.x >= starts[0][1] - 1
        passed = sum(columns[self.is_text] <= event.x for columns in starts)
        self.go_to((event.y + self.scroll_offset.y) * rows.size + max(0, passed - 1))

    # Changing

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Take every character, so that none of them is a command meanwhile."""
        return character is not None and character.isprintable()

    async def _on_key(self, event: events.Key) -> None:
        if await self.take_bound_key(event) or not event.is_printable:
            return
        event.stop()
        event.prevent_default()
        if self.read_only or not event.character:
            return
        if self.is_text:
            self._put(event.character.encode())
        elif event.character in string.hexdigits:
            self._type_digit(int(event.character, 16))
        else:
            self.app.bell()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if self.read_only:
            return
        pasted = _PASTED.fullmatch(event.text.strip())
        if self.is_text:
            self._put(event.text.encode())
        elif pasted:
            self._put(bytes.fromhex(_SEPARATORS.sub("", pasted[1])))
        else:
            self.notify("Nothing was pasted: it is not bytes in hex.", markup=False)

    def _put(self, new: bytes) -> None:
        start = self.offset_in_value
        end = start if self.is_insert else min(start + len(new), len(self.buffer))
        self.go_to(self.buffer.replace(start, end, new))

    def _type_digit(self, digit: int) -> None:
        self.buffer.type_digit(
            self.offset_in_value, digit, is_second=self._is_second, is_insert=self.is_insert
        )
        if self._is_second:
            self.go_to(self.offset_in_value + 1)
        else:
            self._is_second = True
            self._touched()

    def action_delete(self, step: int) -> None:
        """Take a byte out: the one under the cursor, or with -1 the one before it."""
        at = self.offset_in_value + min(0, step)
        if self.read_only or not 0 <= at < len(self.buffer):
            return
        self.buffer.replace(at, at + 1, b"")
        self.go_to(at)

    def action_undo(self) -> None:
        self._go_back_to(None if self.read_only else self.buffer.undo())

    def action_redo(self) -> None:
        self._go_back_to(None if self.read_only else self.buffer.redo())

    def _go_back_to(self, offset: int | None) -> None:
        if offset is not None:
            self.go_to(offset)

    def find(self, needle: str) -> bool:
        """Go to the next place of text, or of bytes in hex; tell whether there is one."""
        at = self.buffer.find(needle, self.offset_in_value + 1)
        if at is not None:
            self.go_to(at)
        return at is not None
