"""Every command of the palette can be given from it, and leaves the browser whole."""

from kvtui.ui.commands import COMMANDS
from tests.support.driver import driving
from tests.support.server import LocalServer
from tests.support.stored import put

LEAVING = {"app.quit", "app.suspend-process", "browser.edit-outside"}
"""They leave the screen; other stories tell of them."""


async def test_a_command_is_found_by_its_words_and_given(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.burst("ctrl+p")
        await app.type("exact key")
        await app.press("down", "enter")

        assert "Go to an exact key" in app.screen_text()


async def test_each_command_can_be_given_and_left_with_escape(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"user/1": '{"a": 1}', "flag": "on"})
    left_out = {command.text for command in COMMANDS if command.id in LEAVING}

    async with driving(server) as app:
        await app.open("my-cache")
        offered = list(app.app.get_system_commands(app.app.screen))
        assert len(offered) > len(COMMANDS) // 4

        for title, _, run, *_ in offered:
            if title in left_out:
                continue
            await run()
            await app.settle()
            await app.press("escape", "escape")

            assert app.app.screen is app.browser, title
            assert "my-cache" in app.breadcrumb(), title
            assert app.writes() == [], title


async def test_paging_before_the_commands_are_listed_does_nothing(server: LocalServer) -> None:
    server.namespace("my-cache")

    async with driving(server) as app:
        await app.open("my-cache")
        for size in [(80, 24), (20, 5)]:
            await app.resize(*size)
            for paging in ("pagedown", "pageup"):
                await app.burst("ctrl+p", paging, paging)
                await app.burst("s", paging, "t", paging)
                await app.press("escape")

        assert app.app.screen is app.browser
