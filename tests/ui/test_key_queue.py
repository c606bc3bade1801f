"""Keys that arrive together, as they do over a slow link."""

from tests.support.driver import driving
from tests.support.server import LocalServer
from tests.support.stored import put


async def test_what_is_typed_after_a_slash_is_the_filter_and_no_command(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"small": "a", "Deed": "b", "other": "c"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.burst("/", *"small", "enter", "j")

        assert [line.split()[0] for line in app.key_lines()] == ["small"]
        assert app.app.screen is app.browser
        assert app.app.focused is app.browser.explorer


async def test_what_is_typed_after_the_key_of_a_question_is_its_answer(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"deep/key": '"found"', "other": "c"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.burst("o", *"deep/key", "enter")

        assert app.value_text().endswith('"found"')


async def test_keys_typed_ahead_do_not_confirm_what_was_not_yet_on_screen(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "1"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.burst("D", "tab", "enter")

        assert app.writes() == []
