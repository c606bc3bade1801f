"""Laying a value out beside the interface: what was wanted, and that it is ready."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from kvtui.values.lines import Lines
    from kvtui.values.looks import TextStyle, View
    from kvtui.values.view import ValueViews


@dataclass(frozen=True, slots=True)
class LayoutWanted:
    """What is to be laid out."""

    views: "ValueViews"
    view: "View"
    width: int
    style: "TextStyle"
    is_same_value: bool

    def lines(self) -> "Lines":
        """Lay it out; takes long for large values."""
        return self.views.lines(self.view, self.width, self.style)


class LaidOut(Message):
    """Lines are ready to be shown."""

    def __init__(self, wanted: LayoutWanted, lines: "Lines") -> None:
        super().__init__()
        self.wanted = wanted
        self.lines = lines
