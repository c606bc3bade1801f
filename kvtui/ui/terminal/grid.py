"""A screen as rows of cells: what should be there, or what is."""

from dataclasses import dataclass, field
from typing import Final, Self

import msgspec

from kvtui.ui.terminal.palette import PLAIN

UNKNOWN: Final = "\0"
"""Stands in a cell of which nothing is known; equal to nothing that is ever drawn."""


class Row(msgspec.Struct):
    """One line of the screen."""

    texts: list[str]
    """By cell: a character with what combines with it, or "" in the second half of a wide one."""
    pens: list[int]

    @classmethod
    def of(cls, text: str, columns: int) -> Self:
        return cls([text] * columns, [PLAIN] * columns)

    def copy(self, other: "Row") -> None:
        self.texts[:] = other.texts
        self.pens[:] = other.pens


@dataclass(slots=True)
class Grid:
    """All of the screen."""

    columns: int
    lines: int
    rows: list[Row] = field(init=False)

    def __post_init__(self) -> None:
        self.fill(" ")

    def fill(self, text: str) -> None:
        self.rows = [Row.of(text, self.columns) for _ in range(self.lines)]
