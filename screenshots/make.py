"""Draws the pictures of the README from the sample data: `python -m screenshots.make [FOLDER]`."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kvtui.server.sample import MAIN_NAME, load_sample
from kvtui.ui.app import DARK, LIGHT
from kvtui.values.looks import View
from tests.support.clock import VirtualClock
from tests.support.driver import AppDriver
from tests.support.server import LocalServer, local_server
from tests.support.still import steady, still_app, stop_blinking

FOLDER: Final = Path(__file__).parent
PROFILE: Final = "user/1020/profile"
SIZE: Final = (120, 32)
HOST: Final = "127.0.0.1"

Steps = Callable[[AppDriver], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Picture:
    """What a person does to see it, and on what."""

    name: str
    steps: Steps
    size: tuple[int, int] = SIZE
    theme: str = DARK


async def go_to(app: AppDriver, key: str) -> None:
    """Show a key and its value, with the keys in focus."""
    await app.press("o")
    app.fill(key)
    await app.press("enter", "2")


async def browse(app: AppDriver) -> None:
    """Look at a value of a user, with what stands around it in view."""
    await go_to(app, PROFILE)
    for rows in (4, -4):
        app.browser.explorer.cursor += rows
        await app.settle()


async def look_at_bytes(app: AppDriver) -> None:
    """Look at a picture as bytes, over the whole width."""
    await go_to(app, "user/1020/avatar.png")
    await app.press("3", "f")
    while app.browser.value.view != View.HEX:
        await app.press("]")


async def review_a_save(app: AppDriver) -> None:
    """Edit a value, up to the question whether to save it."""
    await go_to(app, "examples/json/pretty")
    await app.press("e")
    text = app.editor_text().replace("149.90", "129.90").replace("null", '"gift wrap, please"')
    await app.write(text)
    await app.press("ctrl+s")


async def look_at_requests(app: AppDriver) -> None:
    """Save, and see what that took."""
    await review_a_save(app)
    await app.confirm()
    await app.press("@")


PICTURES: Final = (
    Picture("browser-dark", browse),
    Picture("browser-light", browse, theme=LIGHT),
    Picture("small", browse, (80, 24)),
    Picture("hex", look_at_bytes),
    Picture("diff", review_a_save),
    Picture("request-log", look_at_requests),
)
"""In this order, because all see one store and the last one writes."""


async def draw(picture: Picture, server: LocalServer, clock: VirtualClock) -> str:
    """Give the screen as SVG."""
    with TemporaryDirectory() as folder:
        app = still_app(
            server,
            clock,
            journal_folder=Path(folder) / "journal",
            profile="demo",
            host=HOST,
            namespace=MAIN_NAME,
            theme=picture.theme,
        )
        async with app.run_test(size=picture.size) as pilot:
            await picture.steps(await steady(app, pilot))
            stop_blinking(app)
            return app.export_screenshot(title="kvtui", simplify=True)


def main() -> None:
    """Write every picture, the same each time, to the folder that argv names or to this one."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(exist_ok=True)
    os.environ["TZ"] = "UTC"
    os.environ.pop("NO_COLOR", None)
    time.tzset()
    clock = VirtualClock()
    with local_server(clock=clock.epoch) as server:
        load_sample(server.store)
        for picture in PICTURES:
            drawn = asyncio.run(draw(picture, server, clock))
            (folder / f"{picture.name}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
