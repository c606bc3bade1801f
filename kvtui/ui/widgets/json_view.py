"""A tree of JSON: folds, the path of the node under the cursor, and folding to a level."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.message import Message

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.widgets.line_view import LineView

if TYPE_CHECKING:
    from kvtui.values.formats.json_tree import TreeLines
    from kvtui.values.lines import Lines

_PATH_CHARACTERS: Final = 4 * 1024 * 1024
"""Finding a path in longer text may take longer than a frame."""


class JsonView(LineView):
    """Shows `TreeLines`; the cursor is on a row, and so on a node."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.VALUE, Scope.JSON)]
    has_cursor = True

    class LevelAsked(Message):
        """A digit is waited for, or no longer."""

        def __init__(self, view: "JsonView", *, is_waiting: bool) -> None:
            super().__init__()
            self.view = view
            self.is_waiting = is_waiting

    is_level_asked = False
    """Whether the next digit says how deep to fold."""

    @property
    def nodes(self) -> "TreeLines | None":
        lines = self.lines_shown
        if lines is None:
            return None
        from kvtui.values.formats.json_tree import TreeLines

        return lines if isinstance(lines, TreeLines) else None

    @property
    def path(self) -> str:
        """The path to the node under the cursor."""
        from kvtui.values.json_places import path_text

        return path_text(self.nodes.path(self.cursor)) if self.nodes is not None else ""

    @property
    def whereabouts(self) -> str:
        if self.is_level_asked:
            return "fold to level: 1-9"
        nodes = self.nodes
        is_found_fast = nodes is not None and len(nodes.tree.text) <= _PATH_CHARACTERS
        return self.path if is_found_fast else ""

    @property
    def node_text(self) -> str:
        """The value of the node under the cursor."""
        return self.nodes.node_text(self.cursor) if self.nodes is not None else ""

    def show_lines(self, lines: "Lines | None", *, is_same_value: bool = False) -> None:
        before = self.nodes
        line = before.line_of(self.cursor) if before is not None and is_same_value else 0
        super().show_lines(lines, is_same_value=is_same_value)
        if self.nodes is not None:
            self.cursor = self.nodes.row_of(min(line, len(self.nodes.tree.index) - 1))

    def action_choose(self) -> None:
        """Fold the node under the cursor, or unfold it."""
        if self.nodes is not None and not self._unfold(self.nodes):
            self._fold(self.nodes)

    def action_fold(self) -> None:
        """Fold the node under the cursor; on one that is folded or cannot be, go to its parent."""
        nodes = self.nodes
        if nodes is None:
            return
        line = nodes.line_of(self.cursor)
        start = nodes.tree.start(line)
        if nodes.tree.folds.last(line) is None and nodes.tree.places.container(start):
            self._fold(nodes)
        else:
            self.cursor = nodes.row_of(nodes.tree.parent(line))

    def action_unfold(self) -> None:
        """Unfold the node under the cursor; on one that is not folded, go on to the next row."""
        if self.nodes is not None and not self._unfold(self.nodes):
            self.cursor += 1

    def action_ask_level(self) -> None:
        self._wait_for_level(is_waiting=True)

    def on_key(self, event: events.Key) -> None:
        if not self.is_level_asked:
            return
        self._wait_for_level(is_waiting=False)
        if event.character and event.character in "123456789":
            event.stop()
            self._fold_to(int(event.character))

    def on_blur(self) -> None:
        if self.is_level_asked:
            self._wait_for_level(is_waiting=False)

    def _wait_for_level(self, *, is_waiting: bool) -> None:
        self.is_level_asked = is_waiting
        self.post_message(self.LevelAsked(self, is_waiting=is_waiting))

    def _fold_to(self, level: int) -> None:
        nodes = self.nodes
        if nodes is None:
            return
        line = nodes.line_of(self.cursor)
        nodes.tree.fold_to(level)
        self._show_folds(nodes, line)

    def _fold(self, nodes: "TreeLines") -> None:
        self._show_folds(nodes, nodes.tree.fold(nodes.line_of(self.cursor)))

    def _unfold(self, nodes: "TreeLines") -> bool:
        line = nodes.line_of(self.cursor)
        if nodes.tree.folds.last(line) is None:
            return False
        nodes.tree.folds.unfold(line)
        self._show_folds(nodes, line)
        return True

    def _show_folds(self, nodes: "TreeLines", line: int) -> None:
        nodes.folds_changed()
        self.rows_changed()
        self.cursor = nodes.row_of(line)
        self.scroll_to_row(self.cursor)
