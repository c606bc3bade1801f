"""The keys of a namespace as a tree: draws the rows of a `KeyTree` that are on screen."""

import itertools
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.binding import BindingType
from textual.message import Message

from kvtui.keyspace.row import RowKind
from kvtui.ui.commands import Scope, bindings
from kvtui.ui.widgets.cursor_place import CursorPlace
from kvtui.ui.widgets.key_row import KeyRowDrawing
from kvtui.ui.widgets.row_marks import RowMarks
from kvtui.ui.widgets.row_view import RowView

if TYPE_CHECKING:
    from kvtui.keyspace.row import Row
    from kvtui.keyspace.tree import KeyTree

NEAR_END_ROWS: Final = 20


class KeyExplorer(RowView):
    """Folders and keys; what is under the cursor keeps it when rows come and go."""

    COMPONENT_CLASSES = {
        "key--folder",
        "key--detail",
        "key--more",
        "key--written",
        "key--new",
        "key--changed",
        "key--gone",
        "key--refused",
        "key--marked",
    }
    DEFAULT_CSS = """
    KeyExplorer > .key--folder { color: $text-primary; text-style: bold; }
    KeyExplorer > .key--detail { color: $text-muted; }
    KeyExplorer > .key--more { color: $text-warning; }
    KeyExplorer > .key--written { color: $text-accent; }
    KeyExplorer > .key--new { color: $text-success; }
    KeyExplorer > .key--changed { color: $text-warning; }
    KeyExplorer > .key--gone { color: $text-error; text-style: strike; }
    KeyExplorer > .key--refused { color: $text-error; }
    KeyExplorer > .key--marked { color: $text-accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.KEYS)]

    class FolderToggled(Message):
        """A folder was opened or closed; an opened one may want to be listed."""

        def __init__(self, prefix: str, *, is_expanded: bool) -> None:
            super().__init__()
            self.prefix = prefix
            self.is_expanded = is_expanded

    class MoreWanted(Message):
        """The rows of `prefix` that are loaded are about to end on screen."""

        def __init__(self, prefix: str, *, is_explicit: bool) -> None:
            super().__init__()
            self.prefix = prefix
            self.is_explicit = is_explicit
            """Whether a person asked for it with a key."""

    class MarksChanged(Message):
        """Other rows are marked than before."""

    def __init__(self, *, is_ascii: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.now = 0.0
        """Seconds since the epoch that ages are counted from; set by the screen."""
        self._tree: KeyTree | None = None
        self._window: dict[int, Row] = {}
        self.place = CursorPlace()
        self._ending: tuple[tuple[int, int], tuple[str, ...]] | None = None
        """The rows that were looked at last, and what goes on below one of them."""
        self._unfolding: str | None = None
        """The folder that was opened last, while the cursor is still on it."""
        self._drawing = KeyRowDrawing(is_ascii=is_ascii)
        self.marks = RowMarks()
        """What a person marked, to act on all of it."""

    @property
    def key_tree(self) -> "KeyTree | None":
        return self._tree

    @property
    def row_count(self) -> int:
        return len(self._tree) if self._tree is not None else 0

    @property
    def highlighted(self) -> "Row | None":
        """The row under the cursor."""
        return self.row_at(self.cursor) if self.row_count else None

    def row_at(self, number: int) -> "Row":
        """Give a row; neighbours are read together, since they are drawn together."""
        if number not in self._window and self._tree is not None:
            height = max(1, self.size.height)
            start = max(0, number - 1)
            for offset, row in enumerate(self._tree.rows(start, start + height + 2)):
                self._window[start + offset] = row
        return self._window[number]

    def show_tree(self, tree: "KeyTree | None") -> None:
        """Show another tree, from its first row."""
        self._tree = tree
        self.marks.clear()
        self.place.clear()
        self._window.clear()
        self.set_reactive(KeyExplorer.cursor, 0)
        self.scroll_to(y=0, animate=False, immediate=True, force=True)
        self.rows_changed()

    def tree_changed(self) -> None:
        """Take note that the tree has other rows; the cursor stays on its key or folder.

        Where a filter hides that, the cursor goes to the first key, and back as the filter ends.
        """
        self._window.clear()
        target, offset = self._target()
        if target != self.cursor:
            self.set_reactive(KeyExplorer.cursor, target)
            self.rows_changed()
            self.scroll_to(y=max(0, target - offset), animate=False, immediate=True, force=True)
        else:
            self.rows_changed()
        self._remember()
        self._show_children()

    def select(self, path: str, kind: RowKind) -> bool:
        """Put the cursor on a key or folder; tell whether it is among the rows."""
        row = self._tree.find(path, kind) if self._tree is not None else None
        if row is None:
            return False
        self._window.clear()
        self.cursor = row
        self._remember()
        return True

    def reveal(self, path: str, kind: RowKind) -> None:
        """Open the folders around a row, as a person would, and put the cursor on it."""
        if self._tree is None:
            return
        before = set(self._tree.expanded())
        self._tree.reveal(path, kind)
        self.tree_changed()
        self.select(path, kind)
        for prefix in self._tree.expanded()[::-1]:
            if prefix not in before:
                self.post_message(self.FolderToggled(prefix, is_expanded=True))

    def watch_cursor(self, old: int, new: int) -> None:
        super().watch_cursor(old, new)
        self.place.hold()
        if self.marks.is_in_range:
            self.refresh()
        self._remember()
        self.want_more()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.want_more()

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        item = self.row_at(row)
        return self._drawing.runs(item, width, self.now, is_marked=self._is_marked(row, item))

    def rows_changed(self) -> None:
        self._window.clear()
        self._ending = None
        super().rows_changed()

    def action_choose(self) -> None:
        row = self.highlighted
        if row is None:
            return
        if row.kind is RowKind.FOLDER:
            self._set_expanded(row, not row.is_expanded)
        elif row.kind is RowKind.MORE:
            self.post_message(self.MoreWanted(row.path, is_explicit=True))
        else:
            super().action_choose()

    def action_expand(self) -> None:
        row = self.highlighted
        if row is None:
            return
        if row.kind is RowKind.FOLDER and not row.is_expanded:
            self._set_expanded(row, True)
        elif row.kind is RowKind.FOLDER:
            self.cursor += 1
        else:
            self.action_choose()

    def action_collapse(self) -> None:
        row = self.highlighted
        if row is None or self._tree is None:
            return
        if row.kind is RowKind.FOLDER and row.is_expanded:
            self._set_expanded(row, False)
            return
        parent = self._tree.parent_of(row.path, row.kind)
        if parent:
            self.select(parent, RowKind.FOLDER)

    def action_mark(self) -> None:
        """Mark or unmark the row, and go to the next."""
        row = self.highlighted
        if row is not None:
            self.marks.toggle(row)
            self.refresh()
            self.cursor += 1
            self.post_message(self.MarksChanged())

    def action_mark_range(self) -> None:
        """Begin a range at the cursor, or mark the keys from its beginning to here."""
        row = self.highlighted
        if row is None or self._tree is None:
            return
        if self.marks.is_in_range:
            self.marks.end_range(self._tree, self.cursor)
        else:
            self.marks.begin_range(row)
        self.refresh()
        self.post_message(self.MarksChanged())

    def clear_marks(self) -> bool:
        """Unmark all; tell whether anything was marked."""
        was_any = self.marks.clear()
        if was_any:
            self.refresh()
            self.post_message(self.MarksChanged())
        return was_any

    def _is_marked(self, number: int, row: "Row") -> bool:
        if self.marks.is_in_range and self._tree is not None:
            is_within = number in self.marks.range(self._tree, self.cursor)
            if is_within and row.kind is RowKind.KEY:
                return True
        return self.marks.holds(row)

    def _set_expanded(self, row: "Row", is_expanded: bool) -> None:
        if self._tree is None:
            return
        if is_expanded:
            self._tree.expand(row.path)
        else:
            self._tree.collapse(row.path)
        self._unfolding = row.path if is_expanded else None
        self.tree_changed()
        self.post_message(self.FolderToggled(row.path, is_expanded=is_expanded))

    def _show_children(self) -> None:
        """Scroll up to half a page, so that a folder opened at the bottom shows what is in it."""
        row = self.highlighted
        if row is None or row.path != self._unfolding:
            return
        height = self.scrollable_content_region.height
        below = self.cursor + 1
        last = min(below + height // 2, self.row_count) - 1
        children = (self.row_at(number).depth > row.depth for number in range(below, last + 1))
        count_shown = sum(itertools.takewhile(bool, children))
        self.scroll_to_row(self.cursor + count_shown)

    def _remember(self) -> None:
        """Hold on to what is under the cursor; tell when rows coming and going changed it."""
        if self.place.put(self.highlighted):
            self._unfolding = None
            self.post_message(self.Moved(self, self.cursor))

    def _target(self) -> tuple[int, int]:
        """Give the row that the cursor belongs on, and where on the screen."""
        offset = self.cursor - self.scroll_offset.y
        if self._tree is None:
            return 0, offset
        row, offset = self.place.find(self._tree, offset)
        if row is not None:
            return row, offset
        if self.place.is_hidden:
            return self._first_key(), 0
        return self.validate_cursor(self.cursor), offset

    def _first_key(self) -> int:
        """Give the first row that is a key, as far as one screen shows; else the first."""
        rows = range(min(self.row_count, max(1, self.size.height)))
        return next((row for row in rows if self.row_at(row).kind is RowKind.KEY), 0)

    def want_more(self) -> None:
        """Ask for the next page when a row that stands for it is on screen or close below."""
        for prefix in self._ending_in_sight():
            self.post_message(self.MoreWanted(prefix, is_explicit=False))

    def _ending_in_sight(self) -> tuple[str, ...]:
        """Give what goes on below its last row; looked for where the rows in sight changed."""
        if self._tree is None:
            return ()
        sight = self.size.height + NEAR_END_ROWS
        bottom = min(self.row_count, self.scroll_offset.y + sight)
        place = max(0, bottom - sight), bottom
        if self._ending is None or self._ending[0] != place:
            rows = self._tree.rows(*place)
            self._ending = place, tuple(row.path for row in rows if row.kind is RowKind.MORE)
        return self._ending[1]
