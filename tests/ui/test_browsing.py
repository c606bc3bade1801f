"""Looking around: what is under the cursor, what the panes show of it, what the keys do."""

from kvtui.server.shapes import fill
from tests.support.driver import driving
from tests.support.server import LocalServer
from tests.support.stored import put, put_many


async def test_facts_too_long_for_the_pane_are_cut_with_a_sign(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"big": "x" * 100_000})

    async with driving(server, size=(80, 24)) as app:
        await app.open("my-cache")

        (facts,) = [line for line in app.screen_lines() if "application/" in line]
        assert "…│" in facts


async def test_a_large_folder_is_sorted_too_and_stays_so_as_pages_come(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    fill(server.store, state, [f"k{number:05}" for number in range(9000)])
    put(server, state, {"a-large-one": "x" * 100, "z-largest": "x" * 200})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("s", "s")
        await app.press(*["G"] * 10)
        await app.press("g")

        assert "9,002 keys" in app.breadcrumb()
        assert [line.split()[0] for line in app.key_lines()[:2]] == ["z-largest", "a-large-one"]


async def test_the_newest_come_first_by_age(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"b": "1"})
    put(server, state, {"a": "2"})
    put(server, state, {"c": "3"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("s", "a")

        assert [line.split()[0] for line in app.key_lines()] == ["c", "a", "b"]
        assert "Keys  my-cache  by age" in app.screen_lines()[1]
        await app.press("s", "n")
        assert "by age" not in app.screen_text()


async def test_a_filter_is_offered_to_the_server_as_a_prefix(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put_many(server, state, [f"a{number:05}" for number in range(3000)] + ["zoo"])

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("/")
        await app.type("zo")
        assert "p  asks the server for zo…" in app.screen_lines()[2]
        await app.press("escape", "/")
        assert "asks the server" not in app.screen_text()
        await app.type("re:zo")
        assert "asks the server" not in app.screen_text()
        await app.press("escape", "/")
        await app.type("zo")
        await app.press("enter", "p", "enter")

        assert [line.split()[0] for line in app.key_lines()] == ["zoo"]
        assert "asks the server" not in app.screen_text()
        assert not app.browser.key_filter.is_open


async def test_a_filter_ends_with_the_namespace_it_was_typed_for(server: LocalServer) -> None:
    put(server, server.namespace("first"), {"a": "1", "b": "2"})
    put(server, server.namespace("second"), {"a": "1", "b": "2"})

    async with driving(server) as app:
        await app.open("first")
        await app.press("/")
        await app.type("b")
        await app.press("enter")
        assert len(app.key_lines()) == 1
        for name in ("second", "first"):
            await app.open(name)
            assert len(app.key_lines()) == 2
            assert not app.browser.key_filter.is_open
