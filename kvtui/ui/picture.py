"""Draws the app without a terminal, for screenshots."""

import asyncio
from pathlib import Path
from typing import Final

from textual.pilot import Pilot

from kvtui.ui.app import KvtuiApp
from kvtui.ui.screens.browser import BrowserScreen
from kvtui.vault.files import write_private

PAUSE_SECONDS: Final = 0.05
PATIENCE_SECONDS: Final = 20.0
REST_ROUNDS: Final = 4


def draw(app: KvtuiApp, size: tuple[int, int], path: Path) -> None:
    """Run `app` until it has nothing more to do, and write its screen to `path` as SVG."""
    drawn: list[str] = []

    async def wait_and_draw(_pilot: Pilot[object]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await _rest(app)
        drawn.append(app.export_screenshot(title="kvtui"))
        app.exit()

    app.run(headless=True, size=size, auto_pilot=wait_and_draw)
    write_private(path, "".join(drawn).encode(), may_replace=True)


async def _rest(app: KvtuiApp) -> None:
    rounds = 0
    while rounds < REST_ROUNDS:
        await asyncio.sleep(PAUSE_SECONDS)
        screen = app.screen
        is_resting = not isinstance(screen, BrowserScreen) or screen.is_resting
        rounds = rounds + 1 if is_resting else 0
