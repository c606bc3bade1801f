"""Drives the app as a person does: keys in, what is on screen out.

The only place that looks inside Textual.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import platformdirs
from textual.pilot import Pilot
from textual.widgets import Button, Input, TextArea

from kvtui.session.journaling import Journaling
from kvtui.session.workspace import Workspace
from kvtui.settings import Binding
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening
from kvtui.ui.screens.browser import BrowserScreen
from kvtui.ui.screens.question import Question
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.vault.draft_keeper import DraftKeeper
from kvtui.vault.drafts import FOLDER, Drafts
from kvtui.vault.journal import Journal
from tests.support.client import AnswerSeconds, client_on, untimed
from tests.support.rest import come_to_rest, key_event
from tests.support.server import TOKEN, LocalServer

MOST_ROUNDS = 400
ENDLESS = {"poll", "watch"}
"""Worker groups that wait on purpose."""
READING = {"connect", "namespaces", "value", "filter", "keys"}
"""Worker groups that never wait for a person; below a dialog others do."""


class AppDriver:
    """Verbs a person would use; each ends when the app has nothing more to do."""

    def __init__(self, app: KvtuiApp, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    async def press(self, *keys: str) -> None:
        await self.begin(*keys)
        await self.settle()

    async def begin(self, *keys: str) -> None:
        """Press keys, without waiting for what they begin."""
        for key in keys:
            self.app.post_message(key_event(key))
            await come_to_rest(self._pilot)

    async def burst(self, *keys: str) -> None:
        """Press keys that arrive together, as over a slow link."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.settle()

    async def type(self, text: str) -> None:
        await self.press(*text)

    async def open(self, namespace: str) -> None:
        """Open a namespace from the sidebar."""
        browser = self.browser
        for row, item in enumerate(browser.workspace.account.namespaces):
            if item.name == namespace:
                browser.namespaces.focus()
                browser.namespaces.cursor = row
        await self.press("enter")

    async def select(self, label: str) -> None:
        """Move the cursor, with keys, to the first row that holds `label`."""
        await self.press("g")
        for _ in range(len(self.key_lines())):
            if label in self.key_lines()[self.browser.explorer.cursor]:
                return
            await self.press("j")
        raise AssertionError(f"no row holds {label!r}: {self.key_lines()}")

    async def resize(self, width: int, height: int) -> None:
        await self._pilot.resize_terminal(width, height)
        await self.settle()

    async def settle(self) -> None:
        """Wait until workers and message queues are idle, but for those that wait on purpose."""
        await come_to_rest(self._pilot, self._is_busy)

    def _is_busy(self) -> bool:
        screen = self._browser_or_none()
        workspace = screen._workspace if screen is not None else None
        if workspace is not None and workspace.trace.in_flight_count:
            return True
        asking = self.app.screen
        if isinstance(asking, Question) and not asking.is_ready:
            return True
        groups = {worker.group for worker in self.app.workers if not worker.is_finished}
        if self.app.screen is screen:
            return bool(groups - ENDLESS)
        return any(group in READING or group.startswith("listing") for group in groups)

    @property
    def browser(self) -> BrowserScreen:
        screen = self._browser_or_none()
        assert screen is not None, "the browser is not open"
        return screen

    def _browser_or_none(self) -> BrowserScreen | None:
        for screen in self.app.screen_stack:
            if isinstance(screen, BrowserScreen):
                return screen
        return None

    def screen_lines(self) -> list[str]:
        """Every line of the terminal, as text."""
        width, height = self.app.size
        rows = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in rows[:height]] if width else []

    def line_looks(self, row: int) -> list[tuple[str, str]]:
        """Give the runs of a line of the terminal, each with its style."""
        strip = self.app.screen._compositor.render_strips()[row]
        return [(text, str(style)) for text, style, _ in strip]

    def live_parts(self) -> list[str]:
        """Give what text on screen links somewhere, or acts when it is clicked."""
        rows = self.app.screen._compositor.render_strips()
        return [
            text
            for strip in rows
            for text, style, _ in strip
            if style is not None and (style.link or "@click" in style.meta)
        ]

    def screen_text(self) -> str:
        return "\n".join(self.screen_lines())

    def key_lines(self) -> list[str]:
        """Every row of the explorer, also those scrolled out of view."""
        explorer = self.browser.explorer
        rows = [explorer.runs(row, 60) for row in range(explorer.row_count)]
        return ["".join(text for text, _ in runs).strip() for runs in rows]

    def namespace_lines(self) -> list[str]:
        listed = self.browser.namespaces
        rows = [listed.runs(row, 40) for row in range(listed.row_count)]
        return ["".join(text for text, _ in runs).strip() for runs in rows]

    def value_text(self) -> str:
        """Give the lines of the value pane."""
        lines = self.browser.value.lines.lines_shown
        if lines is None:
            return ""
        return "\n".join("".join(span.text for span in lines.row(row)) for row in range(len(lines)))

    def breadcrumb(self) -> str:
        return self.browser.breadcrumb.render().plain

    def hints(self) -> str:
        return self.app.screen.query_one(HintBar).render().plain

    def notices(self) -> list[str]:
        return [notice.message for notice in self.app._notifications]

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something that comes by itself."""
        for _ in range(MOST_ROUNDS):
            if is_so():
                return
            await self._pilot.pause(0.02)
        raise AssertionError("it did not come")

    async def confirm(self) -> None:
        """Move to the button that does it, and press it."""
        buttons = [button for button in self.app.screen.query(Button) if button.id != "cancel"]
        for _ in range(6):
            if self.app.focused is buttons[-1]:
                break
            await self.press("tab")
        await self.press("enter")

    async def write(self, text: str) -> None:
        """Replace the text in the editor."""
        self._editor().text = text
        await self.settle()

    async def set_lifetime(self, text: str) -> None:
        self.app.screen.query_one("#lifetime", Input).value = text
        await self.settle()

    def editor_text(self) -> str:
        return self._editor().text

    def _editor(self) -> TextArea:
        return self.app.screen.query_one(TextArea)

    def request_count(self) -> int:
        return self.browser.workspace.trace.request_count

    def targets(self) -> list[str]:
        return [entry.target for entry in self.browser.workspace.trace.entries]

    def writes(self) -> list[tuple[str, str]]:
        """Give method and query of every write that was sent."""
        entries = self.browser.workspace.trace.entries
        return [(e.method, e.target.partition("?")[2]) for e in entries if e.is_write]

    def fill(self, text: str) -> None:
        """Replace what stands in the input that has the keys."""
        focused = self.app.focused
        assert isinstance(focused, Input), f"{focused} takes no text"
        focused.value = text


def workspace_on(
    server: LocalServer,
    *,
    token: str = TOKEN,
    is_read_only: bool = False,
    is_journaled: bool = True,
    bindings: tuple[Binding, ...] = (),
    answer_seconds: AnswerSeconds = untimed,
) -> Workspace:
    client = client_on(
        server, token=token, is_read_only=is_read_only, answer_seconds=answer_seconds
    )
    state_folder = platformdirs.user_state_path("kvtui")
    journaling = partial(Journaling, Journal(state_folder), profile="test", endpoint=client.host)
    return Workspace(
        client,
        profile="test",
        bindings=bindings,
        state_folder=state_folder,
        journaling=journaling if is_journaled else None,
        drafts=lambda: DraftKeeper(Drafts(state_folder / FOLDER)),
    )


@asynccontextmanager
async def driving(
    server: LocalServer,
    *,
    size: tuple[int, int] = (120, 32),
    token: str = TOKEN,
    is_read_only: bool = False,
    is_journaled: bool = True,
    bindings: tuple[Binding, ...] = (),
    namespace: str | None = None,
    is_ascii: bool = False,
    is_low_bandwidth: bool | None = None,
    answer_seconds: AnswerSeconds = untimed,
    shows_notices: bool = False,
) -> AsyncIterator[AppDriver]:
    """Run the app on a local server, without a terminal and without a socket."""

    async def connect() -> Workspace:
        return workspace_on(
            server,
            token=token,
            is_read_only=is_read_only,
            is_journaled=is_journaled,
            bindings=bindings,
            answer_seconds=answer_seconds,
        )

    opening = Opening(
        connect,
        connect,
        profile="test",
        host="127.0.0.1",
        namespace=namespace,
        is_ascii=is_ascii,
    )
    app = KvtuiApp(opening)
    app.is_low_bandwidth = is_low_bandwidth
    async with app.run_test(size=size, notifications=shows_notices) as pilot:
        driver = AppDriver(app, pilot)
        await driver.settle()
        yield driver
