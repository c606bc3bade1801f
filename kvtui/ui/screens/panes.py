"""The three panes and the ground they stand on: layout, workers, failures, top and bottom line."""

import asyncio
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.screen import Screen
from textual.worker import Worker

from kvtui.errors import KvtuiError
from kvtui.ui.hints import hints
from kvtui.ui.reporting import Where, failure
from kvtui.ui.screens.stage import Pane
from kvtui.ui.screens.swift_screen import SwiftScreen
from kvtui.ui.terminal.display import CellDisplay
from kvtui.ui.text import line
from kvtui.ui.widgets.breadcrumb import Breadcrumb
from kvtui.ui.widgets.find_bar import FindBar
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.ui.widgets.key_explorer import KeyExplorer
from kvtui.ui.widgets.namespace_list import NamespaceList

if TYPE_CHECKING:
    from kvtui.ui.opening import Opening
    from kvtui.ui.screens.stage import Result, Work
    from kvtui.ui.widgets.breadcrumb import Place
    from kvtui.ui.widgets.value_view import ValueView

ASIDE: Final = "browser.show-pane.namespaces"
"""Worth a hint where the namespaces are out of sight."""
UNHINTED: Final = {
    Pane.NAMESPACES: frozenset({ASIDE, "browser.edit", "browser.view.1", "browser.back"}),
    Pane.KEYS: frozenset({"browser.view.1", "browser.back"}),
    Pane.VALUE: frozenset({ASIDE}),
}
"""Commands that could be given in a pane, but are not what it is for."""


class PanesScreen(SwiftScreen[None]):
    """Shows panes side by side where there is room, else one over the other."""

    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
    ]
    DEFAULT_CSS = """
    PanesScreen { layers: ground overlay; }
    PanesScreen #panes { height: 1fr; }
    PanesScreen .pane {
        border: round $foreground 20%; border-title-color: $text-muted;
        border-subtitle-color: $text-muted; background: $background;
    }
    PanesScreen .pane:focus-within {
        border: round $primary; border-title-color: $text-primary; border-title-style: bold;
    }
    PanesScreen .pane.-problem { border-subtitle-color: $text-error; }
    PanesScreen #namespaces-pane { width: 32; }
    PanesScreen #keys-pane { width: 1fr; }
    PanesScreen #value-pane { width: 1fr; }
    PanesScreen.-medium #namespaces-pane {
        display: none; layer: overlay; dock: left; width: 36; height: 100%;
    }
    PanesScreen.-medium.-at-namespaces #namespaces-pane { display: block; }
    PanesScreen.-narrow .pane, PanesScreen.-zoom .pane { display: none; width: 1fr; }
    PanesScreen.-narrow #namespaces-pane, PanesScreen.-zoom #namespaces-pane { width: 1fr; }
    PanesScreen.-narrow.-at-namespaces #namespaces-pane,
    PanesScreen.-narrow.-at-keys #keys-pane,
    PanesScreen.-narrow.-at-value #value-pane,
    PanesScreen.-zoom.-at-namespaces #namespaces-pane,
    PanesScreen.-zoom.-at-keys #keys-pane,
    PanesScreen.-zoom.-at-value #value-pane { display: block; }
    """

    def __init__(self, opening: "Opening") -> None:
        super().__init__()
        # The classes that the first frame will have: each that comes later is one more layout.
        columns = self.app.size.width
        fitting = [name for least, name in self.HORIZONTAL_BREAKPOINTS if columns >= least]
        self.add_class(f"-at-{Pane.NAMESPACES}", *fitting[-1:], update=False)
        # As the app's own when it begins: else all styles would be made twice for the first frame.
        self._css_update_count = 0
        self.opening = opening
        self.pane = Pane.NAMESPACES
        """The pane that has the keys."""
        self.banner = ""
        """Something that is wrong until it is put right."""
        self.breadcrumb = Breadcrumb(is_ascii=opening.is_ascii)
        self.namespaces = NamespaceList(is_ascii=opening.is_ascii, id="namespaces")
        self.explorer = KeyExplorer(is_ascii=opening.is_ascii, id="keys")
        self.key_filter = FindBar(placeholder="filter, or re:…", id="keys-find")
        self.value_search = FindBar(placeholder="search", id="value-find")
        self.frames = {
            Pane.NAMESPACES: Vertical(self.namespaces, id="namespaces-pane", classes="pane"),
            Pane.KEYS: Vertical(self.explorer, id="keys-pane", classes="pane"),
            Pane.VALUE: Vertical(id="value-pane", classes="pane"),
        }
        self.hint_bar = HintBar()
        self._is_drawn = asyncio.Event()
        self._completing = asyncio.Lock()
        self._is_complete = False

    @cached_property
    def value(self) -> "ValueView":
        from kvtui.ui.widgets.value_view import ValueView

        return ValueView(id="value")

    def compose(self) -> ComposeResult:
        yield self.breadcrumb
        yield Horizontal(*self.frames.values(), id="panes")
        yield self.hint_bar

    async def complete(self) -> None:
        """Add what the first frame does without: where values are shown, and the lines to search.

        They take as long to load and to mount as all the rest.
        """
        async with self._completing:
            if self._is_complete:
                return
            await asyncio.to_thread(import_module, "kvtui.ui.widgets.value_view")
            if self.is_attached:
                self._is_complete = True
                await self.frames[Pane.KEYS].mount(self.key_filter)
                await self.frames[Pane.VALUE].mount(self.value, self.value_search)
                if self.pane is Pane.VALUE:
                    self.value.lines.focus()

    def _compositor_refresh(self) -> None:
        """Draw nothing that would be thrown away: opening would take two frames for one."""
        if isinstance(self.app, CellDisplay) and self.app.is_holding_frames:
            self._repaint_required = True
        else:
            super()._compositor_refresh()
            self._is_drawn.set()

    def on_mount(self) -> None:
        for pane in Pane:
            self.frames[pane].border_title = Content(pane.value.title())
        self.show_pane(Pane.NAMESPACES)
        if isinstance(self.app, CellDisplay):
            self.watch(self.app, "is_line_slow", self._show_line)

    def _show_line(self, is_slow: bool) -> None:
        self.breadcrumb.is_line_slow = is_slow

    def find_bar(self, pane: Pane) -> FindBar | None:
        return {Pane.KEYS: self.key_filter, Pane.VALUE: self.value_search}.get(pane)

    @property
    def is_line_slow(self) -> bool:
        return isinstance(self.app, CellDisplay) and self.app.is_line_slow

    def now(self) -> float:
        return self.opening.clock()

    async def sleep(self, seconds: float) -> None:
        await self.opening.sleep(seconds)

    def start(self, group: str, work: "Work", *, pane: Pane) -> Worker[None]:
        reporting: Work = partial(self._reporting, work, pane)
        return self.run_worker(reporting, group=group, exclusive=True, name=group)

    def stop(self, group: str) -> bool:
        return bool(self.workers.cancel_group(self, group))

    async def ask(self, screen: Screen["Result"]) -> "Result | None":
        return await self.app.push_screen_wait(screen)

    def tell(self, text: str, *, is_problem: bool = False) -> None:
        self.app.notify(
            line(text),
            severity="error" if is_problem else "information",
            timeout=8 if is_problem else 4,
            markup=False,
        )

    def pane_state(self, pane: Pane, text: str, *, is_problem: bool = False) -> None:
        frame = self.frames[pane]
        frame.set_class(is_problem, "-problem")
        frame.border_subtitle = Content(line(text)) if text else None

    def show_pane(self, pane: Pane) -> None:
        self.pane = pane
        before = self.classes
        for other in Pane:
            self.set_class(other is pane, f"-at-{other}", update=False)
        if self.classes != before:
            self.update_node_styles()
        if pane is Pane.NAMESPACES:
            self.namespaces.focus()
        elif pane is Pane.KEYS:
            self.explorer.focus()
        elif self._is_complete:
            self.value.lines.focus()

    @on(DescendantFocus)
    def _follow_focus(self) -> None:
        """Hints and layout belong to the pane that has the keys, also after a click."""
        for pane in Pane:
            if self.frames[pane].has_focus_within and pane is not self.pane:
                self.show_pane(pane)
        self.call_after_refresh(self._show_hints)

    def place_changed(self) -> None:
        """Take note that what the top line shows may have changed."""

    def show_place(self, place: "Place") -> None:
        self.breadcrumb.place = place

    def report(self, error: KvtuiError, pane: Pane) -> None:
        """Show a failure where it belongs."""
        words = failure(error)
        if words.where is Where.BANNER:
            self.banner = words.text
        self.pane_state(pane, words.text, is_problem=True)

    def recovered(self, pane: Pane) -> None:
        """Show a failure no longer."""
        self.banner = ""
        if self.frames[pane].has_class("-problem"):
            self.pane_state(pane, "")

    @property
    def request_count(self) -> int:
        """How many requests were made so far."""
        return 0

    async def _reporting(self, work: "Work", pane: Pane) -> None:
        asked_before = self.request_count
        try:
            await work()
        except KvtuiError as error:
            self.report(error, pane)
        else:
            if self.request_count > asked_before:
                self.recovered(pane)
        self.place_changed()

    def _show_hints(self) -> None:
        without = UNHINTED[self.pane]
        if self.has_class("-wide"):
            without |= {ASIDE}
        self.hint_bar.hints = hints(self, without)
