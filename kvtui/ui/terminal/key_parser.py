"""Textual's reader of what a terminal sends, whose waits others end."""

from textual._xterm_parser import XTermParser


class KeyParser(XTermParser):
    """Waits for the rest of a sequence until it is told that none will come."""

    def give_up(self) -> None:
        """Take what is unfinished for keys with the next `tick`."""
        if self._timeout_time is not None:
            self._timeout_time = 0.0
