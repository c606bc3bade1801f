"""Which screen is up, theme, quitting, and the last line of defence."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from textual._styles_cache import StylesCache
from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Event, Key, Paste
from textual.screen import Screen
from textual.worker import WorkerFailed

from kvtui.ui.commands import COMMANDS, Scope, bindings
from kvtui.ui.idle_collector import LOOK_SECONDS, IdleCollector
from kvtui.ui.key_queue import MOVING, KeyQueue
from kvtui.ui.screens.browser import BrowserScreen
from kvtui.ui.terminal.display import CellDisplay
from kvtui.ui.text import plain
from kvtui.ui.widgets.key_explorer import KeyExplorer
from kvtui.ui.widgets.namespace_list import NamespaceList

if TYPE_CHECKING:
    from kvtui.ui.commands import Command
    from kvtui.ui.opening import Opening

DARK, LIGHT = "textual-dark", "textual-light"


class KvtuiApp(CellDisplay, inherit_bindings=False):
    """The terminal interface; `opening` says how it begins."""

    TITLE = "kvtui"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.APP)]
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ESCAPE_TO_MINIMIZE = False
    DEFAULT_MODE = "browser"

    def __init__(self, opening: "Opening") -> None:
        super().__init__()
        self._opening = opening
        self.add_mode(self.DEFAULT_MODE, self._first_screen)
        self._keys = KeyQueue(self, self._deliver)
        self._collector = IdleCollector(time.monotonic)
        self.animation_level = "none"
        self.is_ascii = opening.is_ascii
        self.bug: BaseException | None = None
        """What ended the app, where nobody foresaw it."""
        self.is_lent = False
        """Whether another program has the terminal."""
        self._running_loop: asyncio.AbstractEventLoop | None = None

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            self._collector.note_key()
            await self._keys.add(event)
        else:
            await super().on_event(event)

    async def _deliver(self, event: Event) -> None:
        """Let a key act that moves the cursor of a list, at once.

        Its way would be to the list, up through all that the list is in, and back to here.
        """
        is_in_list = isinstance(self.focused, KeyExplorer | NamespaceList)
        if is_in_list and isinstance(event, Key) and event.key in MOVING:
            self.app_focus = True
            if await self._check_bindings(event.key):
                return
        await super().on_event(event)

    def on_mount(self) -> None:
        self._running_loop = asyncio.get_running_loop()
        self.call_after_refresh(self._collector.begin)
        self.set_interval(LOOK_SECONDS, self._collector.look)
        self.theme = self._opening.theme
        self.set_keymap(dict(self._opening.keymap))
        if self._opening.connect is None:
            from kvtui.ui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(), self._start_demo)

    def _first_screen(self) -> Screen[None]:
        """Begin with the browser itself: a screen below it would be one more to lay out."""
        if self._opening.connect is None:
            return Screen()
        return BrowserScreen(self._opening, self._opening.connect)

    def pop_screen(self) -> AwaitComplete:
        """Close a screen, and let go of what was drawn of it.

        Textual remembers the colours of the last thousand widgets by the widgets' own caches of
        drawn lines, which stay in memory with them.
        """
        closing = super().pop_screen()
        StylesCache.get_inner_outer.cache_clear()
        return closing

    def end(self, status: int) -> None:
        """End with an exit status, without a question; can be called from any thread."""
        if self._running_loop is not None:
            with suppress(RuntimeError):
                self._running_loop.call_soon_threadsafe(partial(self.exit, return_code=status))

    @contextmanager
    def suspend(self) -> Iterator[None]:
        self.is_lent = True
        try:
            with super().suspend():
                yield
        finally:
            self.is_lent = False

    def get_key_display(self, binding: Binding) -> str:
        if binding.key.isalnum() and len(binding.key) == 1 and not binding.key_display:
            # Textual would look for a character of that name, all over a table of 800 kB.
            return binding.key
        shown = super().get_key_display(binding)
        return shown if shown.isascii() or not self.is_ascii else binding.key

    def _start_demo(self, is_wanted: bool | None) -> None:
        if is_wanted:
            self.push_screen(BrowserScreen(self._opening, self._opening.start_demo))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer the commands of the table that can be given here, and nothing else."""
        for command in COMMANDS:
            node = self._target(screen, command)
            if node is not None:
                run = partial(self.run_action, command.action.removeprefix("screen."), node)
                yield SystemCommand(command.text, command.keys.replace(",", "  "), run)

    def action_help(self) -> None:
        from kvtui.ui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self._opening.keymap))

    def action_command_palette(self) -> None:
        from kvtui.ui.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_redraw(self) -> None:
        self.forget_screen(is_clearing=True)
        self.refresh(repaint=True, layout=True)

    def action_toggle_theme(self) -> None:
        self.theme = LIGHT if self.current_theme.dark else DARK

    def action_toggle_mouse(self) -> None:
        is_used = self.toggle_mouse()
        if is_used is not None:
            told = "The mouse is used here" if is_used else "The mouse is left to the terminal"
            self.notify(told, timeout=4, markup=False)

    async def action_quit(self) -> None:
        """Quit; ask first where something would be lost."""
        unsaved = [
            what
            for screen in self.screen_stack
            if isinstance(screen, HoldsWork)
            for what in screen.unsaved
        ]
        if not unsaved:
            self.exit()
            return
        from kvtui.ui.screens.confirm import Confirm

        if not isinstance(self.screen, Confirm):
            lines = [
                Content("Not saved; drafts are kept and offered next time:"),
                *(plain(f"  {what}") for what in unsaved),
            ]
            self.push_screen(Confirm("Quit", lines, action="Quit"), self._quit_if)

    def _quit_if(self, is_confirmed: bool | None) -> None:
        if is_confirmed:
            self.exit()

    def _target(self, screen: Screen[object], command: "Command") -> DOMNode | None:
        """Give where a command of the palette is carried out; None where it cannot be given."""
        if not command.is_in_palette:
            return None
        if command.scope is Scope.APP:
            return self
        is_here = command.scope in {Scope.BROWSER, Scope.KEYS, Scope.NAMESPACES, Scope.VALUE}
        return screen if is_here and isinstance(screen, BrowserScreen) else None

    def _fatal_error(self) -> None:
        """End without a traceback, which would show keys and data: whoever ran the app tells."""
        bug = self._exception
        self.bug = bug.error if isinstance(bug, WorkerFailed) else bug
        self._close_messages_no_wait()


@runtime_checkable
class HoldsWork(Protocol):
    """A screen that may hold something unsaved."""

    @property
    def unsaved(self) -> tuple[str, ...]:
        """What would be lost, in words."""
        ...
