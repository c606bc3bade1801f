"""Textual's reader of what a terminal sends, whose waits others end."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from textual._xterm_parser import XTermParser
from textual.events import Key
from textual.keys import Keys

_KIND: Final = re.compile(r"\x1b\[>(\d+)[\d;]*c")


class KeyParser(XTermParser):
    """Waits for the rest of a sequence until it is told that none will come.

    `on_kind` is called with the number of the kind of terminal, where that was asked for.
    """

    def __init__(self, *, debug: bool = False, on_kind: Callable[[int], None]) -> None:
        super().__init__(debug)
        self._on_kind = on_kind

    def give_up(self) -> None:
        """Take what is unfinished for keys with the next `tick`."""
        if self._timeout_time is not None:
            self._timeout_time = 0.0

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if found := _KIND.fullmatch(sequence):
            self._on_kind(int(found[1]))
            return [Key(Keys.Ignore, None)]
        return super()._sequence_to_key_events(sequence, alt)
