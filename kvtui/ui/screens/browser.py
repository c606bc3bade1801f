"""The browser: what is open and selected, and which flow does what with it."""

import asyncio
import sys
from dataclasses import replace
from functools import cached_property, partial
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import BindingType

from kvtui.errors import KvtuiError
from kvtui.ui.commands import Scope, bindings
from kvtui.ui.screens.namespace_flow import NamespaceFlow
from kvtui.ui.screens.stage import Pane
from kvtui.ui.screens.writing_screen import WritingScreen
from kvtui.ui.widgets.breadcrumb import Place
from kvtui.ui.widgets.find_bar import FindBar
from kvtui.ui.widgets.namespace_list import NamespaceList

if TYPE_CHECKING:
    from kvtui.records import Namespace
    from kvtui.session.workspace import Connect
    from kvtui.ui.opening import Opening
    from kvtui.ui.screens.copy_flow import CopyFlow
    from kvtui.ui.screens.export_flow import ExportFlow
    from kvtui.ui.screens.profile_flow import ProfileFlow

PARTS_SECONDS: Final = 3.0
"""How long connecting may take before the screen is completed without waiting for it."""
STATE_SECONDS: Final = 0.5
"""How often the counts in the top line are looked at."""
RECOVERING: Final = ("vault.journal", "vault.draft_keeper", "ui.screens.recovery_flow")
"""Modules that find what an earlier run left behind."""
OPENING: Final = "session.namespace"
"""The module that a namespace is opened with."""
LATER: Final = (
    "values.view",
    "ui.screens.prompt",
    "ui.screens.menu",
    "ui.screens.scan_flow",
    "ui.screens.write_flow",
    "ui.screens.undo_flow",
    "ui.screens.bulk_flow",
    "ui.screens.copy_flow",
    "ui.screens.export_flow",
    "ui.screens.request_log",
)
"""Modules for what can be done with an open namespace, in the order in which it is likely to be."""
CONNECTING: Final = ("connecting …",)
SWITCHING: Final = "switch"
"""The group of the worker that goes over to another profile."""
GONE: Final = ("The namespace is gone.", "", "1  shows the others")
_NUMBERS: Final = count(1)
NOTHING_OPEN: Final = ("No namespace is open.", "", "enter  opens the one on the left")


class BrowserScreen(WritingScreen):
    """Namespaces, keys and a value; `connect` opens the endpoint behind the first frame."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.BROWSER)]

    def __init__(self, opening: "Opening", connect: "Connect") -> None:
        super().__init__(opening, connect)
        self._namespace_flow = NamespaceFlow(self)

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
    def _exporting(self) -> "ExportFlow":
        from kvtui.ui.screens.export_flow import ExportFlow

        return ExportFlow(self, is_ascii=self.opening.is_ascii)

    @cached_property
    def _profiles(self) -> "ProfileFlow":
        from kvtui.ui.screens.profile_flow import ProfileFlow

        return ProfileFlow(self, self.opening)

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
        self.set_timer(PARTS_SECONDS, self.complete)
        self.start("connect", self._begin, pane=Pane.NAMESPACES)
        self.set_interval(STATE_SECONDS, self.place_changed)

    async def _begin(self) -> None:
        await self._is_drawn.wait()
        try:
            if self._workspace is None:
                self._workspace = await self._connect()
            await self._namespace_flow.refresh()
        except KvtuiError:
            await self.complete()
            raise
        is_shown = asyncio.Event()
        self.call_after_refresh(is_shown.set)
        await is_shown.wait()
        await self.complete()
        self.start("recovery", self._recover, pane=Pane.NAMESPACES)
        if self._opened is None and self.opening.namespace is not None:
            await _load(OPENING)
            wanted = await self.workspace.account.resolve(self.opening.namespace)
            self.namespaces.select(wanted.id)
            self._open(wanted, self.opening.prefix)

    async def _recover(self) -> None:
        await _load(*RECOVERING)
        await self._recovery.begin()

    def namespace_settled(self, now: "Namespace | None") -> None:
        if now is None:
            self._listing.leave()
            self._opened = None
            self.explorer.say_empty(*GONE)
            self.explorer.show_tree(None)
            self._value_flow.show_row(None)
        else:
            self._show_namespace(now)

    @on(NamespaceList.Moved, "#namespaces")
    def _expect_a_choice(self) -> None:
        if self.namespaces.row_count and not _is_loaded(OPENING):
            self.start("load", partial(_load, OPENING), pane=Pane.NAMESPACES)

    @on(NamespaceList.Chosen, "#namespaces")
    async def _open_chosen(self) -> None:
        await self.complete()
        namespace = self.namespaces.highlighted
        if namespace is not None:
            await _load(OPENING)
            self._open(namespace)

    def _open(self, namespace: "Namespace", prefix: str = "") -> None:
        self._show_namespace(namespace, prefix)
        if self.pane is Pane.NAMESPACES:
            self.show_pane(Pane.KEYS)

    def _show_namespace(self, namespace: "Namespace", prefix: str = "") -> None:
        self._drop_filter()
        self._opened = self.workspace.open(namespace)
        self.start("load", partial(_load, *LATER), pane=Pane.KEYS)
        self._value_flow.show_row(None)
        self._listing.open(namespace, prefix)
        self._namespace_flow.show()

    @on(FindBar.Closed)
    def _leave_find_bar(self, event: FindBar.Closed) -> None:
        is_filter = event.bar is self.key_filter
        if is_filter and event.bar.value:
            self.explorer.place.hold()
        self.show_pane(Pane.KEYS if is_filter else Pane.VALUE)

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

    def action_copy(self) -> None:
        row = self.explorer.highlighted
        namespace = self.namespaces.highlighted
        if self.pane is Pane.NAMESPACES and namespace is not None:
            self.start("copy", partial(self._copying.choose_of, namespace), pane=Pane.NAMESPACES)
        elif self._opened is not None and row is not None:
            copying = partial(self._copying.choose, self._opened, row)
            self.start("copy", copying, pane=Pane.VALUE)

    def action_export(self) -> None:
        opened = self._opened
        if opened is not None:
            export = partial(self._exporting.export, opened, self._folder())
            self.start("export", export, pane=Pane.KEYS)

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

    def action_arm_writes(self) -> None:
        if self._workspace is not None:
            self.start("arm", self._arm, pane=Pane.NAMESPACES)

    async def _arm(self) -> None:
        await self._profiles.arm()
        await self._recovery.offer_held_back()

    def action_switch_profile(self) -> None:
        switch = partial(self._profiles.switch, lambda: self.unsaved, self._go_over)
        self.start(SWITCHING, switch, pane=Pane.NAMESPACES)

    def _go_over(self, opening: "Opening") -> None:
        """Leave this endpoint for another; its client is closed with this screen."""
        if opening.connect is not None:
            self._stop_all()
            masked = replace(opening, is_masked=self._value_flow.masking.is_on)
            before, after = self.app.current_mode, f"browser-{next(_NUMBERS)}"
            self.app.add_mode(after, partial(BrowserScreen, masked, opening.connect))
            self.app.switch_mode(after)
            self.app.remove_mode(before)

    def _stop_all(self) -> None:
        """Let no answer come for a screen that is being taken apart; go on with going over."""
        for worker in self.workers:
            if worker.node is self and worker.group != SWITCHING:
                worker.cancel()


async def _load(*names: str) -> None:
    """Load what the first frame had no need of, before somebody asks for it."""
    for name in names:
        if not _is_loaded(name):
            await asyncio.to_thread(import_module, f"kvtui.{name}")


def _is_loaded(name: str) -> bool:
    return f"kvtui.{name}" in sys.modules
