"""A line to type into, which takes no character that it could not show."""

import re
from typing import Any, Final

from rich.text import Text
from textual import events
from textual.widgets import Input

from kvtui.ui.widgets.keys_in_order import KeysInOrder
from kvtui.values.display import show_in_place

_LINE_ENDS: Final = "\r\n"


class Field(Input, KeysInOrder):
    """One line without a frame; what is hidden in its text shows as a symbol."""

    DEFAULT_CSS = """
    Field, Field:focus {
        border: none; height: 1; padding: 0 1;
        background: $surface; color: $foreground; background-tint: transparent;
    }
    Field:focus { background: $panel; }
    """

    def __init__(self, value: str = "", *, takes_paste: bool = True, **options: Any) -> None:
        super().__init__(value, select_on_focus=False, **options)
        self.cursor_blink = False
        self._takes_paste = takes_paste

    @property
    def _value(self) -> Text:
        return Text(show_in_place(self.value), no_wrap=True, overflow="ignore", end="")

    async def _on_key(self, event: events.Key) -> None:
        await self.take_bound_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._insert(event.text)

    def action_paste(self) -> None:
        self._insert(self.app.clipboard)

    def _insert(self, pasted: str) -> None:
        """Take all of a paste or nothing: half of it would be another text."""
        text = pasted.rstrip(_LINE_ENDS)
        refusal = self._refusal(text)
        if refusal:
            self.notify(refusal, severity="warning", markup=False)
        elif text:
            self.replace(text, *self.selection)

    def _refusal(self, text: str) -> str:
        if not self._takes_paste:
            return "Pasting is off here: type it."
        if re.search("[\r\n]", text):
            return "Nothing was pasted: the text has several lines."
        if not text.isprintable():
            return "Nothing was pasted: the text holds characters that cannot be seen."
        return ""
