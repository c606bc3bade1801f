"""The line below the editor: changed or not, where the cursor is, how large, whether it is JSON."""

from dataclasses import dataclass
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.ui.text import line
from kvtui.values.json_check import TOO_DEEP

_LEAST_CELLS: Final = 24
"""Less of the verdict than this says nothing: rather the facts are left out."""


@dataclass(frozen=True, slots=True)
class EditorState:
    """What the line says."""

    is_changed: bool = False
    is_saving: bool = False
    row: int = 0
    column: int = 0
    size_bytes: int = 0
    is_packed: bool = False
    """Whether the value that it becomes a part of has another size."""
    syntax: str = ""
    """The name of what the text is checked for; empty where it is not."""
    problem: str | None = None
    """Why it is not that."""

    @property
    def is_too_large(self) -> bool:
        return self.size_bytes > MAX_VALUE_BYTES and not self.is_packed


class EditorStatus(Widget):
    """One line; what is wrong stands on the right."""

    DEFAULT_CSS = """
    EditorStatus { height: 1; background: $surface; color: $foreground; padding: 0 1; }
    """

    state: reactive[EditorState] = reactive(EditorState())

    def render(self) -> Content:
        width = self.content_size.width
        left, right = self._facts(), self._verdict()
        room = width - left.cell_length - 3
        if room < min(right.cell_length, _LEAST_CELLS):
            left = self._word()
            room = width - left.cell_length - 2
        right = right.truncate(max(0, room), ellipsis=True)
        gap = max(0, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def _word(self) -> Content:
        state = self.state
        if state.is_saving:
            return Content.styled("saving …", "bold $text-accent")
        if state.is_changed:
            return Content.styled("● changed", "bold $text-warning")
        return Content.styled("unchanged", "$foreground-muted")

    def _facts(self) -> Content:
        state = self.state
        limit = "B unpacked" if state.is_packed else f"of {MAX_VALUE_BYTES:,} B"
        size = f"{state.size_bytes:,} {limit}"
        style = "bold $text-error" if state.is_too_large else "$foreground-muted"
        place = f"   {state.row + 1}:{state.column + 1}   "
        return Content.assemble(self._word(), place, (size, style))

    def _verdict(self) -> Content:
        state = self.state
        if state.is_too_large:
            return Content.styled("too large to save", "bold $text-error")
        if not state.syntax:
            return Content("")
        name = state.syntax.upper()
        if state.problem is None:
            return Content.styled(f"valid {name}", "$text-success")
        if state.problem == TOO_DEEP:
            return Content.styled(state.problem, "$text-warning")
        return Content.styled(f"not {name}: {line(state.problem)}", "bold $text-error")
