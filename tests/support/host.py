"""The smallest app that can show one screen of kvtui, driven as a person does."""

import html
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.pilot import Pilot
from textual.screen import Screen

from kvtui.ui.screens.question import Question
from tests.support.rest import come_to_rest, key_event

_CELL: Final = 12.2
_TEXT: Final = re.compile(r'<text [^>]*x="([\d.]+)"[^>]*-line-(\d+)\)">([^<]*)</text>')


class HostApp(App[None]):
    """Asks with a screen when D is pressed, and keeps what comes back."""

    BINDINGS = [Binding("D", "ask", "Ask"), Binding("q", "quit", "Quit")]

    def __init__(self, make: Callable[[], Screen[Any]]) -> None:
        super().__init__()
        self._make = make
        self.answers: list[Any] = []
        self.copied: list[str] = []
        self.notices: list[str] = []
        self.animation_level = "none"

    def action_ask(self) -> None:
        self.push_screen(self._make(), self.answers.append)

    def notify(self, message: str, **options: Any) -> None:
        assert options["markup"] is False
        self.notices.append(message)
        super().notify(message, **options)

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)


class Host:
    """Keys in; answers and what is on screen out."""

    def __init__(self, app: HostApp, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    @property
    def answers(self) -> list[Any]:
        """What the screen gave each time it was closed."""
        return self.app.answers

    @property
    def screen(self) -> Screen[Any]:
        return self.app.screen

    async def press(self, *keys: str) -> None:
        """Press keys one by one, each after what the one before it did can be seen."""
        for key in keys:
            await self.press_ahead(key)

    async def type(self, text: str) -> None:
        await self.press_ahead(*text)

    async def press_ahead(self, *keys: str) -> None:
        """Press keys in one burst, before anything that they do can be seen."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.settle()

    async def paste(self, text: str) -> None:
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        await self._pilot.resize_terminal(width, height)
        await self.settle()

    async def click(self, selector: str, *, row: int = 0) -> None:
        await self._pilot.click(selector, offset=(2, row))
        await self.settle()

    async def drag(self, selector: str, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Hold the mouse button down from one place of a widget to another."""
        await self._pilot.mouse_down(selector, offset=start)
        await self._pilot.hover(selector, offset=end)
        await self._pilot.mouse_up(selector, offset=end)
        await self.settle()

    async def settle(self) -> None:
        """Wait until everything that was set off is done and drawn."""
        await come_to_rest(self._pilot, self._is_opening)

    def _is_opening(self) -> bool:
        return isinstance(self.screen, Question) and not self.screen.is_ready

    @property
    def notices(self) -> list[str]:
        return self.app.notices

    def lines(self) -> list[str]:
        """Every row of the terminal, as text."""
        width, height = self.app.size
        rows = [[" "] * width for _ in range(height)]
        for x, row, text in _TEXT.findall(self.app.export_screenshot(simplify=True)):
            start = round(float(x) / _CELL)
            shown = html.unescape(text).replace("\xa0", " ")
            rows[int(row)][start : start + len(shown)] = shown
        return ["".join(row).rstrip() for row in rows]

    def text(self) -> str:
        return "\n".join(self.lines())


@asynccontextmanager
async def hosting(
    make: Callable[[], Screen[Any]], *, size: tuple[int, int] = (80, 24), is_open: bool = True
) -> AsyncIterator[Host]:
    """Run the app, with the screen open unless told otherwise."""
    app = HostApp(make)
    async with app.run_test(size=size, notifications=True) as pilot:
        host = Host(app, pilot)
        await host.settle()
        if is_open:
            await host.press("D")
        yield host
