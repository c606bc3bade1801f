"""Rows of coloured text: what every view of a value is, whatever shows it.

A model makes a row only when it is asked for, so a large value costs what is on screen.
"""

from enum import StrEnum
from typing import Protocol

import msgspec


class Kind(StrEnum):
    """What a run of text is; whoever draws it chooses the colour."""

    TEXT = "text"
    DIM = "dim"
    LABEL = "label"
    NAME = "name"
    """The name of a member of an object."""
    STRING = "string"
    NUMBER = "number"
    KEYWORD = "keyword"
    PUNCTUATION = "punctuation"
    COMMENT = "comment"
    WARNING = "warning"
    HIDDEN = "hidden"
    """A character that a terminal would obey or not show, made visible."""
    LINE_NUMBER = "line-number"
    OFFSET = "offset"
    BYTE_NULL = "byte-null"
    BYTE_PRINTABLE = "byte-printable"
    BYTE_SPACE = "byte-space"
    BYTE_CONTROL = "byte-control"
    BYTE_HIGH = "byte-high"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Span(msgspec.Struct, frozen=True):
    """A run of text of one kind, safe to give to a terminal (see `display`)."""

    text: str
    kind: Kind = Kind.TEXT


class Lines(Protocol):
    """A view of a value, row by row.

    Rows are laid out for a width in cells that is given when the model is made, so that a line
    longer than the screen becomes several rows.
    """

    def __len__(self) -> int:
        """How many rows there are."""
        ...

    def row(self, number: int) -> list[Span]:
        """Make row `number`, counted from 0."""
        ...

    def find(self, needle: str, start: int, *, is_backward: bool = False) -> int | None:
        """Give the first row from `start` on that holds `needle` (smart case), or None.

        The search ends at the end of the rows; whoever asks wraps around.
        """
        ...
