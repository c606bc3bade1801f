"""A dialog is closed once, however often it was answered."""

from kvtui.ui.screens.menu import Menu
from tests.support.driver import driving
from tests.support.server import LocalServer
from tests.support.stored import put


async def test_a_row_taken_twice_closes_the_menu_alone(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("s")
        menu = app.app.screen
        assert isinstance(menu, Menu)
        menu.action_choose()
        menu.action_choose()
        await app.settle()

        assert app.app.screen is app.browser
        assert app.app.is_running
