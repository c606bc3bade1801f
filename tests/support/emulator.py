"""A terminal emulator without a program: what a person would see of what was written."""

from dataclasses import dataclass
from typing import Any

import pyte

from kvtui.ui.terminal.cells import REST

SEEN_ON_BLANKS = ("underscore", "strikethrough", "reverse", "blink")


@dataclass(frozen=True, slots=True)
class Seen:
    """One cell, as far as it can be told from another by looking."""

    text: str
    background: str
    look: tuple[object, ...]


class Emulator:
    """Draws what is fed; lines are not wrapped, as in an app."""

    def __init__(self, columns: int, lines: int) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self.screen)
        self.feed("\x1b[?7l")

    def feed(self, text: str) -> None:
        self._stream.feed(text)

    def soil(self) -> None:
        """Leave something everywhere, as another program or a resize would."""
        self.feed("\x1b[0;1;35;42m")
        for line in range(self.screen.lines):
            self.feed(f"\x1b[{line + 1}H" + "#" * self.screen.columns)

    def row(self, y: int) -> list[Seen]:
        return [_seen(self.screen.buffer[y][x]) for x in range(self.screen.columns)]

    def rows(self) -> list[list[Seen]]:
        return [self.row(y) for y in range(self.screen.lines)]

    def differences(self, other: "Emulator") -> list[int]:
        """Give the lines that do not look the same."""
        ours, theirs = self.screen.buffer, other.screen.buffer
        lines = range(self.screen.lines)
        return [y for y in lines if ours[y] != theirs[y] and self.row(y) != other.row(y)]

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    @property
    def cursor(self) -> tuple[int, int]:
        return self.screen.cursor.x, self.screen.cursor.y


def _seen(cell: Any) -> Seen:
    is_blank = cell.data == " " and not any(getattr(cell, name) for name in SEEN_ON_BLANKS)
    if is_blank or cell.data == REST:
        return Seen(cell.data, cell.bg, ())
    return Seen(
        cell.data,
        cell.bg,
        (cell.fg, cell.bold, cell.italics, *(getattr(cell, name) for name in SEEN_ON_BLANKS)),
    )
