"""How a text is indented, and lines moved in and out."""

import re
from dataclasses import dataclass
from typing import Final

_INDENTED: Final = re.compile(r"^([ \t]+)\S", re.MULTILINE)
_BLANKS: Final = re.compile(r"[ \t]*")
_LOOKED_AT: Final = 65_536
"""Characters at the beginning of a text that tell how it is indented."""
_TAB_WIDTH: Final = 4
_STRUCTURED: Final = frozenset({"json", "jsonl", "yaml", "toml", "xml", "html", "css"})
"""Syntaxes in which a new line begins below the one before it."""


@dataclass(frozen=True, slots=True)
class Indentation:
    """One step of indentation, as the text itself has it."""

    step: str = "  "
    is_kept: bool = False
    """Whether a new line begins below the one before it."""

    @classmethod
    def of(cls, text: str, syntax: str = "") -> "Indentation":
        """Find out how `text` is indented."""
        found = _INDENTED.search(text, 0, _LOOKED_AT)
        step = found[1] if found else cls().step
        if step.startswith("\t"):
            step = "\t"
        elif len(step) > 8:
            step = cls().step
        return cls(step, syntax in _STRUCTURED)

    @property
    def width(self) -> int:
        """How many cells a step takes."""
        return _TAB_WIDTH if self.step == "\t" else len(self.step)

    def moved_in(self, line: str) -> str:
        return self.step + line if line else line

    def moved_out(self, line: str) -> str:
        if line.startswith("\t"):
            return line[1:]
        blanks = len(line) - len(line.lstrip(" "))
        return line[min(blanks, self.width) :]

    def of_new_line(self, before_cursor: str) -> str:
        """Give the blanks with which a line begins that follows `before_cursor`."""
        blanks = _BLANKS.match(before_cursor) if self.is_kept else None
        return blanks[0] if blanks else ""
