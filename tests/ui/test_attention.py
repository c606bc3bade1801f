"""What comes by itself leaves the person where they are."""

from dataclasses import replace

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kvtui.server.app import LocalApi
from kvtui.server.options import ServerOptions
from kvtui.ui.screens.stage import Pane
from tests.support.driver import driving
from tests.support.server import LocalServer, ManualClock, local_server
from tests.support.stored import put


async def test_a_status_that_changes_does_not_take_the_keys_from_the_sidebar() -> None:
    clock = ManualClock()
    options = ServerOptions(provisioning_seconds=0, deleting_seconds=30)
    with local_server(options, clock=clock) as server:
        server.namespace("precious")
        async with driving(server) as app:
            await app.open("precious")
            await app.press("1", "D")
            await app.type("precious")
            await app.confirm()
            clock.advance(60)
            await app.until(lambda: app.namespace_lines() == [])
            await app.settle()

            assert app.app.focused is app.browser.namespaces
            assert "The namespace is gone" in app.screen_text()
            assert "1  shows the others" in app.screen_text()


class Gate(LocalApi):
    """The local server behind a gateway that may refuse everything."""

    is_closed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = Response(status_code=403) if self.is_closed else super().__call__
        await answer(scope, receive, send)


async def test_a_status_is_asked_for_again_after_the_server_refused_to_tell() -> None:
    clock = ManualClock()
    options = ServerOptions(provisioning_seconds=30)
    with local_server(options, clock=clock) as server:
        gate = Gate(server.store, options, server.token)
        async with driving(replace(server, app=gate)) as app:
            await app.press("a")
            await app.type("fresh")
            await app.press("enter")
            gate.is_closed = True
            await app.until(lambda: "not permitted" in app.screen_text())
            gate.is_closed = False
            clock.advance(60)
            await app.until(lambda: "ok" in app.namespace_lines()[0])

            await app.settle()

            assert "not permitted" not in app.screen_text()


async def test_a_new_key_is_where_the_cursor_goes(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "1", "user/1": "2"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("a")
        await app.type("user/2")
        await app.press("enter")
        await app.write("hello")
        await app.press("ctrl+s")
        await app.confirm()

        assert app.breadcrumb().startswith(" test ▸ my-cache ▸ user/ ▸ 2")
        assert app.value_text().endswith("hello")


async def test_a_failure_of_one_value_is_not_shown_under_the_next(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "1", "b": "2"})

    async with driving(server) as app:
        await app.open("my-cache")
        server.store.delete(state, "b")
        await app.press("j")
        frame = app.browser.frames[Pane.VALUE]
        assert frame.border_subtitle
        await app.press("k")

        assert not frame.border_subtitle
        assert not frame.has_class("-problem")


async def test_renaming_does_not_begin_with_a_reproach(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "1"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("R")
        assert "this is its name now" not in app.screen_text()

        await app.press("enter")
        assert "this is its name now" in app.screen_text()


async def test_refreshing_the_keys_reads_the_value_under_the_cursor_again(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "before"})

    async with driving(server) as app:
        await app.open("my-cache")
        put(server, state, {"a": "after"})
        await app.press("r")

        assert app.value_text().endswith("after")


async def test_taking_theirs_in_a_conflict_shows_theirs(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "base"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("mine")
        put(server, state, {"a": "theirs"})
        await app.press("ctrl+s")
        await app.confirm()
        await app.confirm()

        assert app.app.screen is app.browser
        assert app.value_text().endswith("theirs")


async def test_a_key_that_changed_before_it_would_be_deleted_shows_what_it_is_now(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"a": "before"})

    async with driving(server) as app:
        await app.open("my-cache")
        put(server, state, {"a": "after"})
        await app.press("D")
        await app.confirm()

        assert any("not deleted" in notice for notice in app.notices())
        assert app.value_text().endswith("after")


async def test_a_new_key_is_written_as_what_it_holds(server: LocalServer) -> None:
    state = server.namespace("my-cache")

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("a")
        await app.type("new")
        await app.press("enter")
        await app.write('{"a": 1}')
        await app.press("ctrl+s")
        assert "application/json" in app.screen_text()
        await app.confirm()

        stored = server.store.get(state, "new")
        assert stored is not None
        assert stored.content_type == "application/json"


async def test_a_notice_does_not_hide_what_a_save_would_do(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": b"plain"})
    async with driving(server, size=(80, 24), shows_notices=True) as app:
        await app.open("my-cache")
        await app.press("J", "e")
        await app.type("x")
        await app.press("ctrl+s")

        shown = app.screen_lines()
        assert any("Only JSON can be filtered" in line for line in shown)
        assert any("PUT 6 B" in line and "existing expiry is lost)" in line for line in shown)
        assert any("no client sees it" in line for line in shown)
