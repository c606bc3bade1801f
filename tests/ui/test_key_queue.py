"""Keys that arrive together, as they do over a slow link."""

import asyncio
import gc

from textual.events import Event, Key

from kvtui.ui.key_queue import KeyQueue
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


async def test_a_held_key_goes_as_far_as_it_was_repeated_and_what_follows_it_comes_after(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {f"key{number:02}": "a" for number in range(60)})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("g")
        await app.burst(*["j"] * 40, "k", "k", "k", "down")
        assert app.browser.explorer.cursor == 38

        await app.burst(*["k"] * 20, "/", *"key1", "enter", *["k"] * 20)
        assert app.browser.explorer.cursor == 0
        assert [line.split()[0] for line in app.key_lines()][:2] == ["key10", "key11"]


async def test_a_key_that_moves_is_no_repeat_where_it_did_something_else_before(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {f"key{number:02}": "{}" for number in range(60)})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("g")
        await app.burst("j", "y", "k", "j", "j", "j")
        assert app.app.screen is app.browser
        assert app.browser.explorer.cursor == 4


async def test_keys_that_wait_when_everything_ends_are_dropped_without_a_word(
    server: LocalServer,
) -> None:
    """Python would tell of a coroutine that was never awaited, on the user's screen."""
    delivered: list[Event] = []

    async def deliver(event: Event) -> None:
        delivered.append(event)

    async with driving(server) as app:
        queue = KeyQueue(app.app, deliver)
        for _ in range(2):
            await queue.add(Key("j", None))
        app.app.workers.cancel_all()
        await asyncio.sleep(0)
        gc.collect()

    assert len(delivered) == 1
