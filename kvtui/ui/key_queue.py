"""Keys act one after the other, each on the screen that the one before left behind."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from textual.app import App
from textual.events import Event, Key
from textual.message_pump import MessagePump
from textual.worker import Worker

UNDISTURBED_SECONDS: Final = 0.02
"""So long a key has the loop for itself, up to its frame, before its end is looked for."""
MOST_ROUNDS: Final = 10
LOOK_SECONDS: Final = 0.1
"""How often to look whether the part of the screen that is waited for went away."""
MOST_LOOKS: Final = 50

MOVING: Final = frozenset(
    {"j", "k", "up", "down", "left", "right", "pageup", "pagedown", "ctrl+d", "ctrl+u"}
)

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
        self._undisturbed: asyncio.TimerHandle | None = None
        self._under_way: Event | None = None
        self._place_before: object = None
        self._moving_key = ""
        """What moved something last, and left the focus and the screen where they were."""

    async def add(self, event: Event) -> None:
        """Deliver a key: at once where no other is under way, else when that one is through."""
        if not self._is_passing and self._undisturbed is None:
            loop = asyncio.get_running_loop()
            self._undisturbed = loop.call_later(UNDISTURBED_SECONDS, self._pass)
            self._note(event)
            await self._deliver(event)
            return
        self._waiting.append(event)
        if not self._is_passing:
            self._pass()

    def _pass(self) -> None:
        if self._undisturbed is not None:
            self._undisturbed.cancel()
            self._undisturbed = None
        if self._app.is_running:
            self._is_passing = True
            _: Worker[None] = self._app.run_worker(self._pass_on, group="keys")

    async def _pass_on(self) -> None:
        """Wait for the key that is under way, then deliver what came after it."""
        try:
            await self._settled()
            while self._waiting:
                for event in self._next_keys():
                    self._app.call_later(self._deliver, event)
                await self._settled()
        finally:
            self._is_passing = False

    def _next_keys(self) -> Iterator[Event]:
        """Give the next key, with its repeats where it is held and only moves something.

        Drawing each step of them would fall behind the key.
        """
        event = self._waiting.popleft()
        self._note(event)
        yield event
        while self._waiting and _moving_key(self._waiting[0]) == self._moving_key != "":
            yield self._waiting.popleft()

    def _note(self, event: Event) -> None:
        if _moving_key(event) != self._moving_key:
            self._moving_key = ""
        self._under_way, self._place_before = event, self._place

    @property
    def _place(self) -> tuple[object, object]:
        return self._app.screen, self._app.focused

    async def _settled(self) -> None:
        """Wait until the key was handled, and the focus stays where it put it."""
        before = None
        for _ in range(MOST_ROUNDS):
            await self._round()
            now = self._place
            if now == before:
                break
            before = now
        is_still = self._place == self._place_before and self._under_way is not None
        self._moving_key = _moving_key(self._under_way) if is_still else ""

    async def _round(self) -> None:
        """Wait for the way of a key: from the app to the focused widget, and back up."""
        await _handled(self._app)
        for node in (self._app.focused or self._app.screen).ancestors_with_self:
            await _handled(node)


def _moving_key(event: Event | None) -> str:
    """Give the key, if all it may do is to move something."""
    return event.key if isinstance(event, Key) and event.key in MOVING else ""


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
