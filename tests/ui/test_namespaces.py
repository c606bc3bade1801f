"""The sidebar: status, creating, deleting, bindings."""

from kvtui.server.options import ServerOptions
from kvtui.settings import Binding
from tests.support.driver import driving
from tests.support.server import LocalServer, ManualClock, local_server


async def test_a_new_namespace_is_seen_to_become_ready_without_a_key() -> None:
    clock = ManualClock()
    with local_server(ServerOptions(provisioning_seconds=30), clock=clock) as server:
        async with driving(server) as app:
            await app.press("a")
            await app.type("fresh")
            await app.press("enter")
            assert "pending" in app.namespace_lines()[0]

            clock.advance(60)
            await app.until(lambda: "ok" in app.namespace_lines()[0])

            assert any("fresh is ready" in notice for notice in app.notices())


async def test_a_bad_name_is_told_beside_the_field(server: LocalServer) -> None:
    async with driving(server) as app:
        await app.press("a")
        await app.type("Not_Allowed")
        await app.press("enter")

        assert "lowercase letters, digits and hyphens" in app.screen_text()
        assert app.writes() == []


async def test_a_name_that_is_taken_is_told_and_nothing_is_lost(server: LocalServer) -> None:
    server.namespace("taken")

    async with driving(server) as app:
        await app.press("a")
        await app.type("taken")
        await app.press("enter")

        assert "already" in app.screen_text()
        assert len(app.namespace_lines()) == 1


async def test_a_namespace_is_deleted_only_when_its_name_was_typed() -> None:
    clock = ManualClock()
    options = ServerOptions(provisioning_seconds=0, deleting_seconds=30)
    with local_server(options, clock=clock) as server:
        server.namespace("precious")
        async with driving(server) as app:
            await app.press("D")
            await app.type("preci")
            await app.confirm()
            assert app.writes() == []
            await app.press("escape")

            await app.press("D")
            await app.type("precious")
            await app.confirm()
            assert "deleting" in app.namespace_lines()[0]

            clock.advance(60)
            await app.until(lambda: app.namespace_lines() == [])
            assert any("precious is gone" in notice for notice in app.notices())


async def test_bindings_of_the_project_are_marked(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    binding = Binding("MY_CACHE", state.namespace.id, "func.toml")

    async with driving(server, bindings=(binding,)) as app:
        assert "@MY_CACHE" in app.namespace_lines()[0]

        await app.press("i")
        assert "[storage.kv.MY_CACHE]" in app.screen_text()


async def test_no_namespaces_says_what_to_press(server: LocalServer) -> None:
    async with driving(server) as app:
        assert "No namespaces yet" in app.screen_text()
