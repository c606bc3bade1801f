"""Keys act one after the other, each on the screen that the one before left behind."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from textual.app import App
from textual.events import Event
from textual.message_pump import MessagePump

MOST_ROUNDS: Final = 10
LOOK_SECONDS: Final = 0.1
"""How often to look whether the part of the screen that is waited for went away."""
MOST_LOOKS: Final = 50

Deliver = Callable[[Event], Awaitable[None]]


class KeyQueue:
    """Holds keys back until what the key before them began is on screen.

    Textual sends a key to the widget that has the focus when the key arrives, and runs what it is
    bound to later. Over a slow link keys come together: what is typed after `/` or `o` would then
    be taken as commands.
    """

    def __init__(self, app: App[Any], deliver: Deliver) -> None:
        self._app = app
        self._deliver = deliver
        self._waiting: deque[Event] = deque()
        self._is_passing = False

    def add(self, event: Event) -> None:
        self._waiting.append(event)
        if not self._is_passing:
            self._is_passing = True
            self._app.run_worker(self._pass_on(), group="keys")

    async def _pass_on(self) -> None:
        try:
            while self._waiting:
                self._app.call_later(self._deliver, self._waiting.popleft())
                await self._settled()
        finally:
            self._is_passing = False

    async def _settled(self) -> None:
        """Wait until the key was handled, and the focus stays where it put it."""
        before = None
        for _ in range(MOST_ROUNDS):
            await self._round()
            now = (self._app.screen, self._app.focused)
            if now == before:
                return
            before = now

    async def _round(self) -> None:
        """Wait for the way of a key: from the app to the focused widget, and back up."""
        await _handled(self._app)
        for node in (self._app.focused or self._app.screen).ancestors_with_self:
            await _handled(node)


async def _handled(pump: MessagePump) -> None:
    """Wait until `pump` has handled the messages it has now."""
    is_handled = asyncio.Event()
    if not pump.call_later(is_handled.set):
        return
    for _ in range(MOST_LOOKS):
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await is_handled.wait()
        if is_handled.is_set() or not pump.is_running:
            return
