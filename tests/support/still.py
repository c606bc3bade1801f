"""The app while time stands still, so that it looks the same whenever it is drawn."""

import asyncio
import zlib
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from kvtui.api.client import KvClient
from kvtui.secret import Secret
from kvtui.session.journaling import Journaling
from kvtui.session.workspace import Workspace
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening
from kvtui.vault.journal import Journal
from tests.support.clock import VirtualClock
from tests.support.driver import AppDriver
from tests.support.server import BASE_URL, TOKEN, LocalServer

LEAST_MILLISECONDS: Final = 24
MOST_MILLISECONDS: Final = 90
LONG_SECONDS: Final = 0.5


class Line(httpx.AsyncBaseTransport):
    """Takes as long for a request as its target says, on a clock that nobody waits for."""

    def __init__(self, transport: httpx.AsyncBaseTransport, clock: VirtualClock) -> None:
        self._transport = transport
        self._clock = clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        spread = zlib.crc32(request.url.raw_path) % (MOST_MILLISECONDS - LEAST_MILLISECONDS)
        self._clock.advance((LEAST_MILLISECONDS + spread) / 1000)
        return await self._transport.handle_async_request(request)


async def sleep(seconds: float) -> None:
    """Let a moment pass at once, and a longer time never: nothing is looked at again by itself."""
    if seconds < LONG_SECONDS:
        await asyncio.sleep(0)
    else:
        await asyncio.Event().wait()


def still_app(
    server: LocalServer,
    clock: VirtualClock,
    *,
    token: str = TOKEN,
    journal_folder: Path | None = None,
    **opening: Any,
) -> KvtuiApp:
    """Make the app on a server that was made with `clock.epoch`; without a folder, no journal."""

    async def connect() -> Workspace:
        line = Line(httpx.ASGITransport(server.app), clock)
        client = KvClient(BASE_URL, Secret(token), transport=line, clock=clock)
        profile = opening.get("profile", "")
        journaling = None
        if journal_folder is not None:
            journal = Journal(journal_folder)
            journaling = partial(Journaling, journal, profile=profile, endpoint=client.host)
        return Workspace(client, profile=profile, journaling=journaling)

    return KvtuiApp(
        Opening(
            **{"connect": connect, **opening}, start_demo=connect, clock=clock.epoch, sleep=sleep
        )
    )


async def steady(app: KvtuiApp, pilot: Pilot[None]) -> AppDriver:
    """Give the driver of an app that has come to rest."""
    driver = AppDriver(app, pilot)
    await driver.settle()
    return driver


def stop_blinking(app: KvtuiApp) -> None:
    for field in app.screen.query(Input):
        field.cursor_blink = False
    for editor in app.screen.query(TextArea):
        editor.cursor_blink = False
