"""Bytes to edit, as digits or as text, by overwriting or by inserting."""

import re
import string
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.widgets.byte_cursor import ByteCursor
from kvtui.ui.widgets.keys_in_order import KeysInOrder
from kvtui.values.editing import text_problem

_PASTED: Final = re.compile(r"(?:0x)?((?:[0-9a-f]{2}[\s:,]*)+)", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"[\s:,]+")
MAX_COPIED_BYTES: Final = 16 * 1024
"""More would not fit into what terminals take for the clipboard, written in hex."""


class HexEditor(ByteCursor, KeysInOrder, can_focus=True, inherit_bindings=False):
    """Overwrites or inserts; the column that has the keys takes hex digits or characters."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.BYTES)]

    def __init__(self, content: bytes, *, id: str | None = None) -> None:
        super().__init__(content, id=id)
        self.is_insert = False
        self.read_only = False

    def action_switch_mode(self) -> None:
        self.is_insert, self._is_second = not self.is_insert, False
        self._touched()

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
        """Put bytes at the cursor, or in place of what is selected."""
        start, end = self._place(len(new))
        self.go_to(self.buffer.replace(start, end, new))

    def _place(self, length: int) -> tuple[int, int]:
        """Tell from where to where so many new bytes go."""
        chosen = self.selected
        start = chosen.start if chosen else self.offset_in_value
        if self.is_insert:
            return start, chosen.stop if chosen else start
        return start, min(start + length, len(self.buffer))

    def _type_digit(self, digit: int) -> None:
        if chosen := self.selected:
            if self.is_insert:
                self.buffer.replace(chosen.start, chosen.stop, b"")
            self.go_to(chosen.start)
        self.buffer.type_digit(
            self.offset_in_value, digit, is_second=self._is_second, is_insert=self.is_insert
        )
        if self._is_second:
            self.go_to(self.offset_in_value + 1)
        else:
            self._is_second = True
            self._touched()

    def action_delete(self, step: int) -> None:
        """Take out what is selected, or a byte: the one under the cursor, or the one before it."""
        at = self.offset_in_value + min(0, step)
        taken = self.selected or range(at, at + 1)
        if self.read_only or not 0 <= taken.start < taken.stop <= len(self.buffer):
            return
        self.buffer.replace(taken.start, taken.stop, b"")
        self.go_to(taken.start)

    def action_undo(self) -> None:
        self._go_back_to(None if self.read_only else self.buffer.undo())

    def action_redo(self) -> None:
        self._go_back_to(None if self.read_only else self.buffer.redo())

    def _go_back_to(self, offset: int | None) -> None:
        if offset is not None:
            self.go_to(offset)

    # Copying

    def action_copy(self) -> None:
        """Copy what is selected: as digits, or as text where it is text and its column is used."""
        chosen = self.selected
        if not chosen:
            self._say("Nothing is selected: shift and an arrow key selects.")
        elif len(chosen) > MAX_COPIED_BYTES:
            self._say(f"Not copied: more than {MAX_COPIED_BYTES:,} bytes.")
        else:
            content = self.buffer[chosen.start : chosen.stop]
            text = _text_of(content) if self.is_text else None
            self.app.copy_to_clipboard(content.hex(" ") if text is None else text)
            what = "hex" if text is None else "text"
            self._say(f"{len(chosen):,} B sent to the terminal's clipboard as {what}.")

    def action_cut(self) -> None:
        """Copy what is selected, and take it out."""
        chosen = self.selected
        self.action_copy()
        if chosen and len(chosen) <= MAX_COPIED_BYTES:
            self.action_delete(0)

    def _say(self, text: str) -> None:
        self.notify(text, markup=False)


def _text_of(content: bytes) -> str | None:
    """Give bytes as text; None where they are none that can be pasted without harm."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if text_problem(text) else text
