"""The bottom line: what the pane with the keys is for, with the keys in force."""

from pathlib import Path

import pytest

from tests.support.driver import driving
from tests.support.server import LocalServer
from tests.support.stored import put


async def test_each_pane_hints_at_what_it_is_for(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})

    async with driving(server) as app:
        sidebar = app.hints()
        await app.open("my-cache")
        keys = app.hints()
        await app.press("enter")
        value = app.hints()

        assert sidebar.split("  ") == [
            " ⏎ open",
            "a new",
            "D delete",
            "i details",
            "y copy",
            "? help ",
        ]
        assert "/ filter" in keys
        assert "1 namespaces" not in keys
        assert "/ search" in value
        assert "] view" in value
        assert "esc back" in value


async def test_where_the_namespaces_are_out_of_sight_their_key_is_shown(
    server: LocalServer,
) -> None:
    server.namespace("my-cache")

    async with driving(server, size=(80, 24)) as app:
        await app.open("my-cache")

        assert "1 namespaces" in app.hints()
        assert app.hints().rstrip().endswith("? help")


async def test_while_a_filter_is_typed_the_hints_say_how_to_leave(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("/")

        assert "⏎ keep" in app.hints()
        assert "esc clear" in app.hints()
        assert "e edit" not in app.hints()


@pytest.mark.parametrize("row", ["Name", "Id", "Binding for func.toml", "curl command"])
async def test_a_namespace_can_be_copied_from(server: LocalServer, row: str) -> None:
    server.namespace("my-cache")

    async with driving(server) as app:
        await app.press("y")

        assert row in app.screen_text()


async def test_the_binding_of_a_namespace_is_copied_as_func_toml_has_it(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")

    async with driving(server) as app:
        await app.press("y", "b")

        assert app.app.clipboard == f'[storage.kv.MY_CACHE]\nid = "{state.namespace.id}"\n'


async def test_a_file_that_exists_is_not_written_over(server: LocalServer, tmp_path: Path) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})
    kept = tmp_path / "kept"
    kept.write_text("mine")

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("y", "s")
        app.fill(str(kept))
        await app.press("enter")

        assert kept.read_text() == "mine"
        assert any("exists already" in notice for notice in app.notices())


async def test_keys_and_empty_parts_have_names_where_only_ascii_can_be_drawn(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), {"/lead": "1"})

    async with driving(server, is_ascii=True) as app:
        await app.open("my-cache")

        assert app.hints().startswith(" enter open")
        assert app.key_lines()[0].startswith('+ ""/')
