"""What can be done with the keys in their pane, besides changing them."""

from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual import on

from kvtui.keyspace.filter import OrderBy
from kvtui.keyspace.row import RowKind
from kvtui.ui.screens.stage import Pane
from kvtui.ui.screens.value_screen import ValueScreen
from kvtui.ui.text import line, plain
from kvtui.ui.widgets.find_bar import FindBar
from kvtui.ui.widgets.key_explorer import KeyExplorer
from kvtui.ui.widgets.prefix_offer import PrefixOffer
from kvtui.ui.widgets.row_view import RowView

if TYPE_CHECKING:
    from kvtui.keyspace.tree import KeyTree
    from kvtui.session.namespace import OpenNamespace
    from kvtui.session.workspace import Connect
    from kvtui.ui.opening import Opening
    from kvtui.ui.screens.listing_flow import ListingFlow
    from kvtui.ui.screens.scan_flow import ScanFlow


class KeysScreen(ValueScreen):
    """Panes whose keys can be listed, narrowed, ordered and gone to; the value follows."""

    def __init__(self, opening: "Opening", connect: "Connect") -> None:
        super().__init__(opening, connect)
        self._standing: str | None = None
        """What the frame of the keys says of them while nothing else is to be said there."""
        self._offer = PrefixOffer()
        self._title = "Keys"

    @cached_property
    def _listing(self) -> "ListingFlow":
        from kvtui.ui.screens.listing_flow import ListingFlow

        return ListingFlow(self)

    @cached_property
    def _scanning(self) -> "ScanFlow":
        from kvtui.ui.screens.scan_flow import ScanFlow

        return ScanFlow(self)

    def row_changed(self) -> None:
        if self._opened is not None:
            self._value_flow.show_row(self.explorer.highlighted)

    def place_changed(self) -> None:
        super().place_changed()
        self._show_standing()
        self._show_title()

    def pane_state(self, pane: Pane, text: str, *, is_problem: bool = False) -> None:
        """Show a text in the frame of a pane; that of the keys is never without one."""
        if pane is Pane.KEYS:
            self._standing = None if text else self._listing.standing(self._level())
            text = text or (self._standing or "")
        super().pane_state(pane, text, is_problem=is_problem)

    def _show_standing(self) -> None:
        """Follow the cursor, and the time, unless something else is being said."""
        if self._standing is None:
            return
        if self._standing != self._listing.standing(self._level()):
            self.pane_state(Pane.KEYS, "")

    def _level(self) -> str:
        """Give the folder whose children are on screen at the cursor."""
        row, tree = self.explorer.highlighted, self.explorer.key_tree
        if row is None or tree is None:
            return self._root()
        is_itself = row.kind is RowKind.MORE or row.is_expanded
        return row.path if is_itself else tree.parent_of(row.path, row.kind)

    @on(RowView.Moved, "#keys")
    def _follow_cursor(self) -> None:
        self.row_changed()
        self._show_standing()

    @on(KeyExplorer.Chosen, "#keys")
    def _enter_value(self) -> None:
        self._value_flow.show_row(self.explorer.highlighted)
        self.show_pane(Pane.VALUE)

    @on(KeyExplorer.MarksChanged)
    def _count_marks(self) -> None:
        marks = self.explorer.marks
        words = [f"{len(marks):,} marked · D deletes them"] if marks else []
        words += ["v ends the range"] if marks.is_in_range else []
        self.pane_state(Pane.KEYS, " · ".join(words) or self._listing.filtering.state())

    @on(KeyExplorer.FolderToggled)
    def _list_folder(self, event: KeyExplorer.FolderToggled) -> None:
        self._listing.folder_toggled(event.prefix, is_expanded=event.is_expanded)
        self._value_flow.show_row(self.explorer.highlighted)

    @on(KeyExplorer.MoreWanted)
    def _list_more(self, event: KeyExplorer.MoreWanted) -> None:
        self._listing.more(event.prefix, is_explicit=event.is_explicit)

    @on(FindBar.Wanted, "#keys-find")
    def _filter(self, event: FindBar.Wanted) -> None:
        held = self.explorer.place.held
        problem = self._listing.filtering.filter(event.text)
        if held is not None and not event.text:
            self.explorer.reveal(*held)
        self.pane_state(
            Pane.KEYS, problem or self._listing.filtering.state(), is_problem=bool(problem)
        )
        if not self._offer.is_attached:
            self.frames[Pane.KEYS].mount(self._offer, before=self.explorer)
        self._offer.offer(event.text)

    def _show_title(self) -> None:
        """Say in the frame whose keys these are, which of them, and in what order."""
        opened = self._opened
        words = title(opened.namespace.name, opened.tree) if opened is not None else "Keys"
        if words != self._title:
            self._title = words
            self.frames[Pane.KEYS].border_title = plain(words)

    def action_filter(self) -> None:
        self.key_filter.open()

    @on(PrefixOffer.Taken)
    def action_ask_prefix(self) -> None:
        self.start("prefix", self._ask_prefix, pane=Pane.KEYS)

    async def _ask_prefix(self) -> None:
        if await self._listing.ask_prefix():
            self._drop_filter()

    def _drop_filter(self) -> None:
        """Let no filter outlive what it was typed for, unseen or without effect."""
        if self.key_filter.is_open:
            self.key_filter.clear_text()
            if self._opened is not None:
                self._opened.tree.filter = None

    def action_compare(self) -> None:
        self._listing.refresh(is_comparing=True)

    def action_prove(self) -> None:
        self._listing.prove(self._level())

    def action_load_all(self) -> None:
        if self._opened is not None:
            load_all = partial(self._scanning.load_all, self._opened, self._folder())
            self.start("load all", load_all, pane=Pane.KEYS)

    def action_show_sizes(self) -> None:
        if self._opened is not None:
            sizes = partial(self._scanning.sizes, self._opened, self._folder())
            self.start("sizes", sizes, pane=Pane.KEYS)

    def action_go_to_key(self) -> None:
        if self._opened is not None:
            self.start("go to", partial(self._go_to_key, self._opened), pane=Pane.KEYS)

    async def _go_to_key(self, opened: "OpenNamespace") -> None:
        from kvtui.ui.screens.prompt import Prompt
        from kvtui.ui.screens.write_flow import new_key_problem

        key = await self.ask(Prompt("Go to an exact key", label="Key", problem=new_key_problem))
        if key is None:
            return
        self._value_flow.show_key(opened, key, is_fresh=True)
        if await opened.listings.probe(key) and self._opened is opened:
            if not key.startswith(opened.tree.root):
                self._listing.open(opened.namespace)
            self.explorer.reveal(key, RowKind.KEY)
        self.show_pane(Pane.VALUE)

    def action_sort(self) -> None:
        if self._opened is not None:
            self.start("sort", partial(self._sort, self._opened), pane=Pane.KEYS)

    async def _sort(self, opened: "OpenNamespace") -> None:
        from kvtui.keyspace.filter import Order
        from kvtui.ui.screens.menu import Menu

        rows = [
            ("n", "Name", "name"),
            ("s", "Size, largest first", "size"),
            ("a", "Age, newest first", "age"),
        ]
        chosen = await self.ask(Menu("Sort by", rows))
        if chosen is not None:
            by = OrderBy(chosen)
            opened.tree.order = Order(by, is_descending=by is OrderBy.SIZE)
            self.explorer.tree_changed()
            self.place_changed()
            self._listing.filtering.settle()


def title(name: str, tree: "KeyTree") -> str:
    """Give the title of the keys' pane."""
    prefix = f"  {line(tree.root)}…" if tree.root else ""
    order = "" if tree.order.by is OrderBy.NAME else f"  by {tree.order.by.value}"
    return f"Keys  {line(name)}{prefix}{order}"
