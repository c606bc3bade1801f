"""One node of JSON is changed from the browser; the bytes around it stay."""

import base64
import gzip
from pathlib import Path

from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.ui.screens.diff import DiffScreen
from kvtui.ui.screens.editor import EditorScreen
from tests.support.driver import AppDriver, driving
from tests.support.server import LocalServer
from tests.support.stored import content, put

USER = b'{"id":12345678901234567890.10,"id":1E2 ,\n "tags": ["a",  "b"],"name":"\\u00e9"}\n'


async def open_node(app: AppDriver, path: str) -> None:
    await app.open("my-cache")
    await app.press("m")
    app.fill(path)
    await app.press("enter")


async def save(app: AppDriver) -> None:
    assert isinstance(app.app.screen, DiffScreen)
    await app.confirm()


async def test_a_value_is_changed_and_nothing_else(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": USER})

    async with driving(server) as app:
        await open_node(app, "$.tags[1]")
        await app.press("c")
        app.fill('{"new": 1.0}')
        await app.press("enter")
        await save(app)

        assert content(server, state, "k") == USER.replace(b'"b"', b'{"new": 1.0}')


async def test_the_node_under_the_cursor_is_the_first_suggestion(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": '{"a": 1, "b": 2}'})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("3", "j", "j", "m", "enter", "d")
        await save(app)

        assert content(server, state, "k") == b'{"a": 1}'


async def test_of_members_with_one_name_the_one_under_the_cursor_is_suggested(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": '{"a": 1, "a": 2}'})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("3", "j", "j", "m", "enter", "d")
        await save(app)

        assert content(server, state, "k") == b'{"a": 1}'


async def test_a_member_is_renamed(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": USER})

    async with driving(server) as app:
        await open_node(app, "id#2")
        await app.press("r")
        app.fill("number")
        await app.press("enter")
        await save(app)

        assert content(server, state, "k") == USER.replace(b'"id":1E2', b'"number":1E2')


async def test_members_and_items_are_added(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": '{"a": [1]}'})

    async with driving(server) as app:
        await open_node(app, "$.a")
        await app.press("a")
        app.fill("2")
        await app.press("enter")
        await save(app)
        assert content(server, state, "k") == b'{"a": [1,2]}'

        await app.press("m")
        app.fill("$")
        await app.press("enter", "a")
        app.fill("b")
        await app.press("enter")
        app.fill("null")
        await app.press("enter")
        await save(app)
        assert content(server, state, "k") == b'{"a": [1,2],"b": null}'


async def test_a_node_of_several_lines_opens_in_the_editor(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": '{"a": {\n  "b": 1\n}, "c": 1E2}'})

    async with driving(server) as app:
        await open_node(app, "a")
        await app.press("c")
        assert isinstance(app.app.screen, EditorScreen)
        assert app.editor_text() == '{\n  "b": 1\n}'
        await app.write("{")
        await app.press("ctrl+s")
        assert any("Not saved" in notice for notice in app.notices())
        await app.write("[]")
        await app.press("ctrl+s")
        await save(app)

        assert content(server, state, "k") == b'{"a": [], "c": 1E2}'


async def test_a_node_inside_layers_is_changed(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": base64.b64encode(gzip.compress(USER, mtime=5))})

    async with driving(server) as app:
        await open_node(app, "name")
        await app.press("d")
        await save(app)

        packed = base64.b64decode(content(server, state, "k") or b"")
        assert gzip.decompress(packed) == USER.replace(b',"name":"\\u00e9"', b"")


async def test_a_change_that_was_not_saved_is_kept_as_a_draft(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": '{"a": 1}'})

    async with driving(server) as app:
        await open_node(app, "a")
        await app.press("d", "escape")
        assert content(server, state, "k") == b'{"a": 1}'
        await app.press("m")
        assert any("There is a draft of k" in notice for notice in app.notices())

        await app.press("e")
        assert app.editor_text() == "{}"


async def test_what_is_not_json_has_no_nodes(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "plain"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("m")

        assert app.app.screen is app.browser
        assert any("k is not JSON" in notice for notice in app.notices())


async def replace_with(app: AppDriver, path: Path) -> None:
    await app.open("my-cache")
    await app.app.run_action("replace_with_file", app.browser)
    await app.settle()
    app.fill(str(path))
    await app.press("enter")


async def test_a_file_takes_the_place_of_a_value(server: LocalServer, tmp_path: Path) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "before"})
    file = tmp_path / "new"
    file.write_bytes(b"\0\xff")

    async with driving(server) as app:
        await replace_with(app, file)
        await save(app)

        assert content(server, state, "k") == b"\0\xff"


async def test_a_file_that_cannot_be_a_value_is_refused(
    server: LocalServer, tmp_path: Path
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "before"})
    large = tmp_path / "large"
    large.write_bytes(bytes(MAX_VALUE_BYTES + 1))

    async with driving(server) as app:
        await replace_with(app, large)
        assert "1,048,577 B, and a value may have 1,048,576 B" in app.screen_text()
        app.fill(str(tmp_path))
        await app.press("enter")
        assert "no ordinary file" in app.screen_text()
        app.fill(str(tmp_path / "none"))
        await app.press("enter")
        assert "no such file" in app.screen_text()

        assert content(server, state, "k") == b"before"
