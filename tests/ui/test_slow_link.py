"""While answers are on their way: nothing waits for them, and nothing is mixed up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from starlette.types import Receive, Scope, Send

from kvtui.server.app import LocalApi
from kvtui.server.options import ServerOptions
from tests.support.driver import AppDriver, driving
from tests.support.server import LocalServer
from tests.support.stored import put


class SlowLink(LocalApi):
    """The local server; its answers can be held back."""

    def __init__(self, server: LocalServer) -> None:
        super().__init__(server.store, ServerOptions(), server.token)
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.is_open.wait()
        await super().__call__(scope, receive, send)


@asynccontextmanager
async def held_back_after_one_value(
    server: LocalServer,
) -> AsyncIterator[tuple[AppDriver, SlowLink]]:
    """Show the value of `a`, and let no further answer through; below it is `b`."""
    put(server, server.namespace("my-cache"), {"a": '{"old": 1}', "b": '{"new": 2}'})
    link = SlowLink(server)
    async with driving(replace(server, app=link)) as app:
        await app.open("my-cache")
        assert '"old": 1' in app.value_text()
        link.is_open.clear()
        yield app, link


async def go_to(app: AppDriver, namespace: str) -> None:
    """Open a namespace without waiting for its keys."""
    await app.begin("1", "g")
    while f" {namespace} " not in app.namespace_lines()[app.browser.namespaces.cursor]:
        await app.begin("j")
    await app.begin("enter")


async def test_a_namespace_left_while_it_was_loading_loads_when_it_is_opened_again(
    server: LocalServer,
) -> None:
    put(server, server.namespace("first"), {"a": "1"})
    put(server, server.namespace("second"), {"b": "2"})
    link = SlowLink(server)

    async with driving(replace(server, app=link)) as app:
        link.is_open.clear()
        await go_to(app, "first")
        await go_to(app, "second")
        link.is_open.set()
        await app.settle()
        assert [line.split()[0] for line in app.key_lines()] == ["b"]

        await app.open("first")
        assert [line.split()[0] for line in app.key_lines()] == ["a"]


async def test_a_listing_that_was_stopped_says_how_to_go_on(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})
    link = SlowLink(server)

    async with driving(replace(server, app=link)) as app:
        link.is_open.clear()
        await go_to(app, "my-cache")
        assert "loading …" in app.screen_text()
        await app.begin("escape")
        assert "r  lists the keys" in app.screen_text()

        link.is_open.set()
        await app.press("r")
        assert [line.split()[0] for line in app.key_lines()] == ["a"]


async def test_a_value_that_comes_late_is_not_shown_under_another_key(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), {"a": "late", "b": "wanted"})
    link = SlowLink(server)

    async with driving(replace(server, app=link)) as app:
        link.is_open.clear()
        await go_to(app, "my-cache")
        link.is_open.set()
        await app.until(lambda: bool(app.key_lines()))
        link.is_open.clear()
        await app.until(lambda: "/keys/a" in app.targets()[-1])
        await app.begin("j")
        assert "late" not in app.screen_text()
        link.is_open.set()
        await app.settle()

        assert app.value_text().endswith("wanted")
        assert "late" not in app.screen_text()


async def test_what_was_shown_stays_with_its_title_until_the_cursor_rests(
    server: LocalServer,
) -> None:
    async with held_back_after_one_value(server) as (app, link):
        await app.begin("j")
        assert app.breadcrumb().startswith(" test ▸ my-cache ▸ b")
        assert '"old": 1' in app.screen_text()

        await app.until(lambda: "reading …" in app.screen_text())
        assert '"old": 1' not in app.screen_text()
        link.is_open.set()
        await app.settle()
        assert '"new": 2' in app.value_text()


async def test_what_is_only_left_on_screen_is_not_taken_for_the_value_under_the_cursor(
    server: LocalServer,
) -> None:
    async with held_back_after_one_value(server) as (app, link):
        await app.begin("j", "y")
        assert "Print the value" not in app.screen_text()
        assert "JSON node" not in app.screen_text()
        await app.begin("escape", "e")
        assert app.app.screen is app.browser
        link.is_open.set()
        await app.settle()
        assert '"new": 2' in app.editor_text()


async def test_every_key_is_answered_while_nothing_answers(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": "1", "b": "2"})
    link = SlowLink(server)

    async with driving(replace(server, app=link)) as app:
        await app.open("my-cache")
        link.is_open.clear()
        await app.begin("j", "r")
        await app.begin("?")
        assert "Command palette" in app.screen_text()
        await app.begin("escape", "k")

        assert app.breadcrumb().startswith(" test ▸ my-cache ▸ a")
        link.is_open.set()
        await app.settle()


async def test_a_slow_line_is_told_and_a_dialog_no_longer_dims_what_is_around_it(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})

    async with driving(server) as app:
        await app.open("my-cache")
        assert "slow line" not in app.breadcrumb()
        bright = app.line_looks(0)
        await app.press("o")
        assert app.line_looks(0) != bright
        await app.press("escape")

        app.app.is_line_slow = True
        await app.settle()
        assert "slow line" in app.breadcrumb()
        bright = app.line_looks(0)
        await app.press("o")
        assert app.line_looks(0) == bright


async def test_low_bandwidth_drops_the_ring_around_the_pane_in_use(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})

    async with driving(server, is_low_bandwidth=True) as app:
        await app.open("my-cache")
        assert "slow line" not in app.breadcrumb()
        bottom = len(app.screen_lines()) - 2
        before = app.line_looks(bottom)
        await app.press("3")
        assert app.line_looks(bottom) == before


async def test_a_value_waits_longer_for_the_cursor_to_rest_where_the_line_is_slow(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), {"a": "1", "b": "2"})
    rests: list[float] = []

    async def sleep(seconds: float) -> None:
        rests.append(seconds)

    async with driving(server) as app:
        app.browser.opening = replace(app.browser.opening, sleep=sleep)
        await app.open("my-cache")
        app.app.is_line_slow = True
        await app.press("j")

        assert app.value_text().endswith("2")
        usual, on_a_slow_line = rests
        assert on_a_slow_line > 2 * usual
