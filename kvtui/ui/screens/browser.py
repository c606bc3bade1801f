"""The browser: what is open and selected, and which flow does what with it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.content import Content

from kvtui.errors import KvtuiError
from kvtui.keyspace.filter import Order, OrderBy
from kvtui.keyspace.row import RowKind
from kvtui.keyspace.tree import key_folder
from kvtui.protocol import SEPARATOR, dot_segment_problem
from kvtui.records import Namespace
from kvtui.session.namespace import OpenNamespace
from kvtui.session.workspace import Connect, Workspace
from kvtui.ui.commands import Scope, bindings
from kvtui.ui.masking import Masking
from kvtui.ui.opening import Opening
from kvtui.ui.reporting import sentence
from kvtui.ui.screens.listing_flow import ListingFlow
from kvtui.ui.screens.menu import Menu
from kvtui.ui.screens.namespace_flow import NamespaceFlow
from kvtui.ui.screens.problem import Problem
from kvtui.ui.screens.prompt import Prompt
from kvtui.ui.screens.scan_flow import ScanFlow
from kvtui.ui.screens.stage import Pane, Work
from kvtui.ui.screens.value_flow import ValueFlow
from kvtui.ui.screens.value_screen import ValueScreen
from kvtui.ui.text import line
from kvtui.ui.widgets.breadcrumb import Place
from kvtui.ui.widgets.find_bar import FindBar
from kvtui.ui.widgets.key_explorer import KeyExplorer
from kvtui.ui.widgets.namespace_list import NamespaceList
from kvtui.ui.widgets.row_view import RowView

if TYPE_CHECKING:
    from kvtui.ui.screens.bulk_flow import BulkFlow
    from kvtui.ui.screens.copy_flow import CopyFlow
    from kvtui.ui.screens.export_flow import ExportFlow
    from kvtui.ui.screens.profile_flow import ProfileFlow
    from kvtui.ui.screens.recovery_flow import RecoveryFlow
    from kvtui.ui.screens.undo_flow import UndoFlow
    from kvtui.ui.screens.write_flow import WriteFlow
    from kvtui.vault.drafts import LeftDraft

Change = Callable[[OpenNamespace, str], Coroutine[None, None, None]]

STATE_SECONDS: Final = 0.5
"""How often the counts in the top line are looked at."""
ENDLESS: Final = frozenset({"poll", "watch"})
"""Groups of workers that wait on purpose."""
LATER: Final = ("write_flow", "undo_flow", "bulk_flow", "copy_flow", "export_flow", "request_log")
"""Modules for what can be done, in the order in which it is likely to be."""
MASKED: Final = "Masked: x reveals the value first"
CONNECTING: Final = ("connecting …",)
GONE: Final = ("The namespace is gone.", "", "1  shows the others")
NOTHING_OPEN: Final = ("No namespace is open.", "", "enter  opens the one on the left")


class BrowserScreen(ValueScreen):
    """Namespaces, keys and a value; `connect` opens the endpoint behind the first frame."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.BROWSER)]

    def __init__(self, opening: Opening, connect: Connect) -> None:
        super().__init__(opening)
        self._connect = connect
        self._workspace: Workspace | None = None
        self._opened: OpenNamespace | None = None
        self._namespace_flow = NamespaceFlow(self)
        self._listing = ListingFlow(self)
        self._scanning = ScanFlow(self)
        self._value_flow = ValueFlow(self, Masking(is_on=opening.is_masked))
        self._is_writing = False
        self._is_drawn = asyncio.Event()

    @cached_property
    def _writing(self) -> "WriteFlow":
        from kvtui.ui.screens.outside_editor import OutsideEditor
        from kvtui.ui.screens.write_flow import WriteFlow

        return WriteFlow(self, self._value_flow, OutsideEditor(self.app.suspend, self.tell))

    @cached_property
    def _undoing(self) -> "UndoFlow":
        from kvtui.ui.screens.undo_flow import UndoFlow

        return UndoFlow(self, self._writing.saving, self._writing)

    @cached_property
    def _recovery(self) -> "RecoveryFlow":
        from kvtui.ui.screens.recovery_flow import RecoveryFlow

        return RecoveryFlow(self, self._resume)

    @cached_property
    def _copying(self) -> "CopyFlow":
        from kvtui.ui.screens.copy_flow import CopyFlow

        return CopyFlow(
            self,
            self._value_flow,
            to_clipboard=self.app.copy_to_clipboard,
            suspend=self.app.suspend,
        )

    @cached_property
    def _bulk(self) -> "BulkFlow":
        from kvtui.ui.screens.bulk_flow import BulkFlow

        return BulkFlow(self, is_ascii=self.opening.is_ascii)

    @cached_property
    def _profiles(self) -> "ProfileFlow":
        from kvtui.ui.screens.profile_flow import ProfileFlow

        return ProfileFlow(self, self.opening)

    @cached_property
    def _exporting(self) -> "ExportFlow":
        from kvtui.ui.screens.export_flow import ExportFlow

        return ExportFlow(self, is_ascii=self.opening.is_ascii)

    def on_mount(self) -> None:
        super().on_mount()
        self.namespaces.say_empty(*CONNECTING)
        self.explorer.say_empty(*NOTHING_OPEN)
        opening = self.opening
        self.show_place(
            Place(
                opening.profile,
                host=opening.host,
                colour=opening.colour,
                is_production=opening.is_production,
                is_read_only=opening.is_read_only,
            )
        )
        for warning in self.opening.warnings:
            self.tell(warning, is_problem=True)
        self.call_after_refresh(self._is_drawn.set)
        self.start("connect", self._begin, pane=Pane.NAMESPACES)
        self.set_interval(STATE_SECONDS, self.place_changed)

    async def on_unmount(self) -> None:
        if self._workspace is not None:
            await self._workspace.aclose()

    @property
    def workspace(self) -> Workspace:
        if self._workspace is None:
            raise RuntimeError("commands are refused until the workspace is there")
        return self._workspace

    @property
    def request_count(self) -> int:
        return self._workspace.trace.request_count if self._workspace is not None else 0

    @property
    def is_resting(self) -> bool:
        """Whether nothing is under way but what waits on purpose."""
        if self._workspace is None or self._workspace.trace.in_flight_count:
            return False
        return all(worker.is_finished or worker.group in ENDLESS for worker in self.workers)

    @property
    def opened(self) -> OpenNamespace | None:
        return self._opened

    @property
    def unsaved(self) -> tuple[str, ...]:
        """What would be lost by quitting now, in words."""
        edits = self._writing.edits.drafts if "_writing" in vars(self) else ()
        drafts = [f"a draft of {key}" for _, key in edits]
        return (*drafts, "a write that is under way") if self._is_writing else tuple(drafts)

    def namespace_settled(self, now: Namespace | None) -> None:
        if now is None:
            self._listing.leave()
            self._opened = None
            self.explorer.say_empty(*GONE)
            self.explorer.show_tree(None)
            self._value_flow.show_row(None)
            self.frames[Pane.KEYS].border_title = Content("Keys")
        else:
            self._show_namespace(now)

    def place_changed(self) -> None:
        if self._workspace is None:
            return
        opened = self._opened
        self.show_place(
            Place(
                profile=self._workspace.profile,
                namespace=opened.namespace.name if opened is not None else "",
                path=self._path(),
                host=self._workspace.host,
                colour=self.opening.colour,
                is_production=self.opening.is_production,
                is_masked=self._value_flow.masking.is_on,
                is_read_only=self._workspace.is_read_only,
                armed_seconds=round(self._workspace.armed_seconds),
                is_journaled=self._workspace.is_journaled,
                key_count=len(opened.index)
                if opened is not None and opened.namespace.is_ready
                else None,
                is_count_exact=opened is not None and opened.is_complete(""),
                request_count=self._workspace.trace.request_count,
                in_flight_count=self._workspace.trace.in_flight_count,
                wait_seconds=round(self._workspace.rate_limit_wait_seconds),
                banner=self.banner,
            )
        )

    async def _begin(self) -> None:
        await self._is_drawn.wait()
        if self._workspace is None:
            self._workspace = await self._connect()
        await self._namespace_flow.refresh()
        self.start("load", self._load_flows, pane=Pane.NAMESPACES)
        self.start("recovery", self._recovery.begin, pane=Pane.NAMESPACES)
        if self._opened is None and self.opening.namespace is not None:
            wanted = await self.workspace.account.resolve(self.opening.namespace)
            self.namespaces.select(wanted.id)
            self._open(wanted, self.opening.prefix)

    async def _load_flows(self) -> None:
        """Load what the first frame had no need of, before somebody asks for it."""
        for name in LATER:
            await asyncio.to_thread(import_module, f"kvtui.ui.screens.{name}")

    def _open(self, namespace: Namespace, prefix: str = "") -> None:
        self._show_namespace(namespace, prefix)
        if self.pane is Pane.NAMESPACES:
            self.show_pane(Pane.KEYS)

    def _show_namespace(self, namespace: Namespace, prefix: str = "") -> None:
        self._opened = self.workspace.open(namespace)
        self._value_flow.show_row(None)
        self._listing.open(namespace, prefix)
        self._namespace_flow.show()
        self.frames[Pane.KEYS].border_title = title(namespace, prefix)

    def _path(self) -> tuple[str, ...]:
        row = self.explorer.highlighted
        if row is None or not row.path:
            return ()
        folders = row.path.split(SEPARATOR)
        return tuple(f"{folder}{SEPARATOR}" for folder in folders[:-1]) + tuple(
            part for part in folders[-1:] if part
        )

    @on(NamespaceList.Chosen, "#namespaces")
    def _open_chosen(self) -> None:
        namespace = self.namespaces.highlighted
        if namespace is not None:
            self._open(namespace)

    def row_changed(self) -> None:
        self._value_flow.show_row(self.explorer.highlighted)

    @on(RowView.Moved, "#keys")
    def _follow_cursor(self) -> None:
        self.row_changed()

    @on(KeyExplorer.Chosen, "#keys")
    def _enter_value(self) -> None:
        self._value_flow.show_row(self.explorer.highlighted)
        self.show_pane(Pane.VALUE)

    @on(KeyExplorer.MarksChanged)
    def _count_marks(self) -> None:
        marks = self.explorer.marks
        words = [f"{len(marks):,} marked · D deletes them"] if marks else []
        words += ["v ends the range"] if marks.is_in_range else []
        self.pane_state(Pane.KEYS, " · ".join(words) or self._listing.filter_state())

    @on(KeyExplorer.FolderToggled)
    def _list_folder(self, event: KeyExplorer.FolderToggled) -> None:
        self._listing.folder_toggled(event.prefix, is_expanded=event.is_expanded)
        self._value_flow.show_row(self.explorer.highlighted)

    @on(KeyExplorer.MoreWanted)
    def _list_more(self, event: KeyExplorer.MoreWanted) -> None:
        self._listing.more(event.prefix, is_explicit=event.is_explicit)

    @on(FindBar.Wanted, "#keys-find")
    def _filter(self, event: FindBar.Wanted) -> None:
        problem = self._listing.filter(event.text)
        self.pane_state(
            Pane.KEYS, problem or self._listing.filter_state(), is_problem=bool(problem)
        )

    @on(FindBar.Wanted, "#value-find")
    def _search(self, event: FindBar.Wanted) -> None:
        self._find_in_value(event.text)

    @on(FindBar.Closed)
    def _leave_find_bar(self, event: FindBar.Closed) -> None:
        self.show_pane(Pane.KEYS if event.bar.id == "keys-find" else Pane.VALUE)

    def action_filter(self) -> None:
        self.key_filter.open()

    def action_search(self) -> None:
        self.value_search.open()

    def action_find_next(self) -> None:
        self._find_on(is_backward=False)

    def action_find_previous(self) -> None:
        self._find_on(is_backward=True)

    def action_view(self, step: int) -> None:
        self.value.show_view(step)

    def action_pane(self, step: int) -> None:
        panes = list(Pane)
        self.show_pane(panes[(panes.index(self.pane) + step) % len(panes)])

    def action_show_pane(self, pane: str) -> None:
        self.show_pane(Pane(pane))

    def action_zoom(self) -> None:
        self.toggle_class("-zoom")

    def action_back(self) -> None:
        """Undo the innermost thing: never quits."""
        opened = self._opened
        if self.clear_field():
            return
        if self.pane is Pane.KEYS and self.explorer.clear_marks():
            return
        if self.has_class("-zoom"):
            self.remove_class("-zoom")
        elif self.stop("watch"):
            self.pane_state(Pane.VALUE, "")
        elif self._scanning.stop() or self._listing.stop():
            return
        elif self.pane is Pane.VALUE or (self.pane is Pane.NAMESPACES and opened is not None):
            self.show_pane(Pane.KEYS)
        elif opened is not None and opened.tree.root:
            self._open(opened.namespace)

    def action_refresh(self) -> None:
        if self._workspace is None:
            self.start("connect", self._begin, pane=Pane.NAMESPACES)
        elif self.pane is Pane.NAMESPACES or self._opened is None:
            self.start("namespaces", self._namespace_flow.refresh, pane=Pane.NAMESPACES)
        elif self.pane is Pane.VALUE:
            self._value_flow.reload()
        else:
            self._listing.refresh()
            self._value_flow.reload()

    def action_watch(self) -> None:
        self.start("watch", self._value_flow.watch, pane=Pane.VALUE)

    def action_request_log(self) -> None:
        from kvtui.ui.screens.request_log import RequestLogScreen

        if self._workspace is not None:
            workspace = self._workspace
            self.app.push_screen(
                RequestLogScreen(
                    entries=lambda: workspace.trace.entries,
                    curl=workspace.curl,
                    copy=self._copying.copy,
                )
            )

    def action_copy(self) -> None:
        row = self.explorer.highlighted
        namespace = self.namespaces.highlighted
        if self.pane is Pane.NAMESPACES and namespace is not None:
            self.start("copy", partial(self._copying.choose_of, namespace), pane=Pane.NAMESPACES)
        elif self._opened is not None and row is not None:
            copying = partial(self._copying.choose, self._opened, row)
            self.start("copy", copying, pane=Pane.VALUE)

    def action_add_namespace(self) -> None:
        self._write(self._namespace_flow.create, Pane.NAMESPACES)

    def action_delete_namespace(self) -> None:
        namespace = self.namespaces.highlighted
        if namespace is not None:
            self._write(partial(self._namespace_flow.delete, namespace), Pane.NAMESPACES)

    def action_namespace_details(self) -> None:
        namespace = self.namespaces.highlighted
        if namespace is not None:
            describe = partial(self._namespace_flow.describe, namespace)
            self.start("details", describe, pane=Pane.NAMESPACES)

    def action_ask_prefix(self) -> None:
        self.start("prefix", self._listing.ask_prefix, pane=Pane.KEYS)

    def action_go_to_key(self) -> None:
        if self._opened is not None:
            self.start("go to", partial(self._go_to_key, self._opened), pane=Pane.KEYS)

    def action_sort(self) -> None:
        if self._opened is not None:
            self.start("sort", partial(self._sort, self._opened), pane=Pane.KEYS)

    def action_load_all(self) -> None:
        if self._opened is not None:
            load_all = partial(self._scanning.load_all, self._opened, self._folder())
            self.start("load all", load_all, pane=Pane.KEYS)

    def action_show_sizes(self) -> None:
        if self._opened is not None:
            sizes = partial(self._scanning.sizes, self._opened, self._folder())
            self.start("sizes", sizes, pane=Pane.KEYS)

    def action_compare(self) -> None:
        self._listing.refresh(is_comparing=True)

    def action_add_key(self) -> None:
        opened = self._opened
        if opened is not None:
            self._write(partial(self._writing.add, opened, self._folder()), Pane.KEYS)

    def action_edit(self) -> None:
        self._edit_key(self._writing.edits.edit)

    def action_edit_bytes(self) -> None:
        self._edit_key(self._writing.edits.edit_bytes)

    def action_edit_node(self) -> None:
        self._change_key(self._writing.nodes.edit)

    def action_replace_with_file(self) -> None:
        self._change_key(self._writing.files.replace)

    def action_edit_outside(self) -> None:
        self._edit_key(self._writing.edits.edit_outside)

    def _resume(self, opened: OpenNamespace, left: "LeftDraft") -> None:
        self._write(partial(self._writing.edits.resume, opened, left), Pane.VALUE)

    def action_undo_write(self) -> None:
        opened, row = self._opened, self.explorer.highlighted
        if self._value_flow.masking.is_on:
            self.tell(MASKED)
        elif opened is not None:
            key = row.path if row is not None and row.kind is RowKind.KEY else None
            self._write(partial(self._undoing.undo, opened, key), Pane.VALUE)

    def action_rename_key(self) -> None:
        self._change_key(self._writing.rename)

    def action_delete_key(self) -> None:
        """Delete what is marked, else the folder or the key under the cursor."""
        opened, row, marks = self._opened, self.explorer.highlighted, self.explorer.marks.marks
        if opened is not None and marks:
            self._write(partial(self._bulk.delete_marked, opened, marks), Pane.KEYS)
        elif opened is not None and row is not None and row.kind is RowKind.FOLDER:
            self._write(partial(self._bulk.delete_folder, opened, row.path), Pane.KEYS)
        else:
            self._change_key(self._writing.delete)

    def action_mask(self) -> None:
        self._value_flow.toggle_mask()

    def action_arm_writes(self) -> None:
        if self._workspace is not None:
            self.start("arm", self._profiles.arm, pane=Pane.NAMESPACES)

    def action_switch_profile(self) -> None:
        switch = partial(self._profiles.switch, lambda: self.unsaved, self._go_over)
        self.start("switch", switch, pane=Pane.NAMESPACES)

    def _go_over(self, opening: Opening) -> None:
        """Leave this endpoint for another; its client is closed with this screen."""
        if opening.connect is not None:
            masked = replace(opening, is_masked=self._value_flow.masking.is_on)
            self.app.switch_screen(BrowserScreen(masked, opening.connect))

    def action_export(self) -> None:
        opened = self._opened
        if opened is not None:
            export = partial(self._exporting.export, opened, self._folder())
            self.start("export", export, pane=Pane.KEYS)

    def _folder(self) -> str:
        """Give the folder under the cursor, or the one around the key there."""
        row = self.explorer.highlighted
        return key_folder(row.path) if row is not None else self._root()

    def _root(self) -> str:
        return self._opened.tree.root if self._opened is not None else ""

    def _edit_key(self, change: Change) -> None:
        """Begin a change that shows the value."""
        row = self.explorer.highlighted
        if row is not None and self._value_flow.masking.hides(row.path):
            self.tell(MASKED)
        else:
            self._change_key(change)

    def _change_key(self, change: Change) -> None:
        """Begin a change of the key under the cursor, or of the one in the value pane."""
        row = self.explorer.highlighted
        opened = self._opened
        if opened is None or row is None or row.kind is not RowKind.KEY:
            self.tell("Put the cursor on a key first")
        elif (problem := dot_segment_problem(row.path)) is not None:
            self.tell(f"Refused: {problem}", is_problem=True)
        else:
            self._write(partial(change, opened, row.path), Pane.VALUE)

    def _write(self, work: Work, pane: Pane) -> None:
        """Run one write at a time; nothing cancels it."""
        if self._workspace is None:
            return
        if self._workspace.is_read_only:
            advice = "W arms writes" if self._workspace.needs_arming else "nothing can be changed"
            self.tell(f"Read-only: {advice}", is_problem=True)
        elif self._is_writing:
            self.tell("One change at a time: another one is under way")
        else:
            self._is_writing = True
            self.start("write", partial(self._writing_done, work), pane=pane)

    async def _writing_done(self, work: Work) -> None:
        try:
            await work()
        except KvtuiError as error:
            await self.ask(Problem("Not done", sentence(error)))
            raise
        finally:
            self._is_writing = False
            self.place_changed()

    async def _go_to_key(self, opened: OpenNamespace) -> None:
        from kvtui.ui.screens.write_flow import new_key_problem

        key = await self.ask(Prompt("Go to an exact key", label="Key", problem=new_key_problem))
        if key is None:
            return
        self._value_flow.show_key(opened, key, is_fresh=True)
        if await opened.listings.probe(key):
            opened.known.show_root(opened.tree.root if key.startswith(opened.tree.root) else "")
            opened.tree.reveal(key)
            self.explorer.tree_changed()
            self.explorer.select(key, RowKind.KEY)
        self.show_pane(Pane.VALUE)

    async def _sort(self, opened: OpenNamespace) -> None:
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
            self._listing.settle()

    def _find_on(self, *, is_backward: bool) -> None:
        bar = self.find_bar(Pane.VALUE)
        if self.pane is Pane.VALUE and bar is not None and bar.value:
            self._find_in_value(bar.value, is_backward=is_backward)
        elif self.pane is Pane.KEYS:
            self.explorer.action_move(-1 if is_backward else 1)

    def _find_in_value(self, needle: str, *, is_backward: bool = False) -> None:
        is_found = not needle or self.value.lines.search(needle, is_backward=is_backward)
        self.pane_state(Pane.VALUE, "" if is_found else "not found", is_problem=not is_found)


def title(namespace: Namespace, prefix: str) -> Content:
    """Give the title of the keys' pane."""
    return Content(f"Keys  {line(namespace.name)}" + (f"  {line(prefix)}…" if prefix else ""))
