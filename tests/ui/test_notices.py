"""Notices are drawn whole, however their words happen to wrap."""

from functools import partial

import pytest

from kvtui.session.workspace import Workspace
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening
from tests.support.driver import AppDriver, workspace_on
from tests.support.server import LocalServer


@pytest.mark.parametrize("size", [(80, 24), (120, 32), (40, 12)])
async def test_a_notice_is_drawn_to_its_last_word(
    server: LocalServer, size: tuple[int, int]
) -> None:
    async def connect() -> Workspace:
        return workspace_on(server)

    app = KvtuiApp(Opening(connect, connect, profile="test", host="127.0.0.1"))
    async with app.run_test(size=size, notifications=True) as pilot:
        driver = AppDriver(app, pilot)
        await driver.settle()
        for count in range(15, 40):
            words = ["no", *"so" * count, f"end{count}"]
            driver.browser.tell(" ".join(words))
            await driver.until(partial(_is_shown, driver, words[-1]))
            app.clear_notifications()


def _is_shown(driver: AppDriver, word: str) -> bool:
    return word in driver.screen_text()
