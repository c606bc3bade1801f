"""Editing, creating, renaming and deleting, as a person does it."""

from dataclasses import replace

import httpx
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from kvtui.records import StoredValue
from kvtui.server.app import LocalApi
from kvtui.ui.screens.conflict import ConflictScreen
from kvtui.ui.screens.diff import DiffScreen
from kvtui.ui.screens.editor import EditorScreen
from kvtui.ui.screens.hex_editor import HexEditorScreen
from tests.support.driver import AppDriver, driving
from tests.support.server import AT_ONCE, LocalServer
from tests.support.stored import content, put


async def save(app: AppDriver) -> None:
    await app.press("ctrl+s")
    assert isinstance(app.app.screen, DiffScreen)
    await app.confirm()


async def test_an_edit_is_shown_as_a_diff_and_saved_with_its_content_type(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": '{"name": "Alice"}'})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write('{"name": "Bob"}')
        await app.press("ctrl+s")
        diff = app.screen_text()
        await app.confirm()

        assert '"Bob"' in diff
        assert "application/json" in diff
        assert server.store.get(state, "k") == StoredValue(b'{"name": "Bob"}', "application/json")
        assert '"Bob"' in app.value_text()


async def test_an_unchanged_value_is_not_written(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "same"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e", "ctrl+s")

        assert not isinstance(app.app.screen, DiffScreen)
        assert app.writes() == []


async def test_enter_alone_never_saves(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "before"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("after")
        await app.press("ctrl+s", "enter")

        assert content(server, state, "k") == b"before"
        assert isinstance(app.app.screen, EditorScreen)


async def test_a_closed_editor_keeps_the_draft(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "before"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("half done")
        await app.press("escape")
        assert content(server, state, "k") == b"before"

        await app.press("e")
        assert app.editor_text() == "half done"
        await save(app)
        assert content(server, state, "k") == b"half done"


async def test_somebody_elses_write_is_a_conflict_and_nothing_is_lost(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "base"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("mine")
        put(server, state, {"k": "theirs"})
        await save(app)

        assert isinstance(app.app.screen, ConflictScreen)
        shown = app.screen_text()
        assert all(text in shown for text in ("base", "mine", "theirs"))
        await app.press("enter")

        assert isinstance(app.app.screen, EditorScreen)
        assert app.editor_text() == "mine"
        assert content(server, state, "k") == b"theirs"


async def test_a_new_key_is_created_where_the_cursor_is(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"user/1": "a"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("enter", "j", "a")
        await app.type("2")
        await app.press("enter")
        await app.write("hello")
        await save(app)

        assert content(server, state, "user/2") == b"hello"
        assert any(line.startswith("2") for line in app.key_lines())


async def test_creating_a_key_that_exists_is_refused(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "a"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("a")
        app.fill("k")
        await app.press("enter")

        assert any("exists already" in notice for notice in app.notices())
        assert app.app.screen is app.browser


async def test_a_lifetime_is_an_explicit_choice(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "a"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("b")
        await app.press("ctrl+s")
        assert "no expiry" in app.screen_text()
        await app.set_lifetime("1h")
        await app.confirm()

        assert app.writes() == [("PUT", "ttl_secs=3600")]


async def test_a_key_is_deleted_only_after_moving_to_the_button(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "a", "l": "b"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("D", "enter")
        assert content(server, state, "k") == b"a"

        await app.press("D")
        await app.confirm()
        assert content(server, state, "k") is None
        assert [line.split()[0] for line in app.key_lines()] == ["l"]


async def test_a_key_that_changed_since_it_was_seen_is_not_deleted(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "seen"})

    async with driving(server) as app:
        await app.open("my-cache")
        put(server, state, {"k": "new"})
        await app.press("D")
        await app.confirm()

        assert content(server, state, "k") == b"new"
        assert any("not deleted" in notice for notice in app.notices())


async def test_a_key_is_renamed(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"old": "a"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("R")
        app.fill("new/name")
        await app.press("enter")
        await app.confirm()

        assert content(server, state, "old") is None
        assert content(server, state, "new/name") == b"a"
        assert any(line.startswith("name") for line in app.key_lines())


async def test_read_only_refuses_every_write_before_any_request(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "a"})

    async with driving(server, is_read_only=True) as app:
        await app.open("my-cache")
        assert "RO" in app.breadcrumb()
        for key in ("e", "E", "a", "R", "D"):
            await app.press(key)
            assert app.app.screen is app.browser

        assert app.writes() == []


async def test_what_the_editor_cannot_hold_exactly_is_edited_as_bytes_and_told_why(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": b"bell\x07inside"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")

        assert isinstance(app.app.screen, HexEditorScreen)
        assert any("it holds the control character U+0007" in text for text in app.notices())


async def test_quitting_asks_only_when_something_is_unsaved(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "before"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("half done")
        await app.press("escape", "q")

        assert "a draft of k" in app.screen_text()
        await app.press("escape")
        assert app.app.screen is app.browser


async def test_changes_that_do_not_overlap_are_merged_in_the_editor(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "one\ntwo\nthree\nfour\n"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("ONE\ntwo\nthree\nfour\n")
        put(server, state, {"k": "one\ntwo\nthree\nFOUR\n"})
        await save(app)
        assert "do not overlap" in app.screen_text()
        await app.press("tab", "enter")

        assert isinstance(app.app.screen, EditorScreen)
        assert app.editor_text() == "ONE\ntwo\nthree\nFOUR\n"
        assert content(server, state, "k") == b"one\ntwo\nthree\nFOUR\n"
        await save(app)
        assert content(server, state, "k") == b"ONE\ntwo\nthree\nFOUR\n"


class CutValues(LocalApi):
    """Gives three bytes of every value, and says that this is all of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" and "/keys/" in scope["path"]:
            await Response("abc", media_type="text/plain")(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


async def test_an_edit_of_less_than_is_listed_is_doubted_before_and_in_the_diff(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), {"k": "abcdef"})
    cutting = replace(server, app=CutValues(server.store, AT_ONCE, server.token))

    async with driving(cutting) as app:
        await app.open("my-cache")
        await app.press("e")
        assert "k: 3 B came, but 6 B are listed" in app.notices()[-1]
        await app.write("abcX")
        await app.press("ctrl+s")

        assert "3 B came, but 6 B are listed" in app.screen_text()


async def test_what_a_save_cannot_exclude_is_said_before_it(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": "1"})

    async with driving(server, size=(80, 24)) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("2")
        await app.press("ctrl+s")

        assert "Somebody else's write in this very moment would be lost" in app.screen_text()


class LosesAnswers(LocalApi):
    """Does what it is told, loses the answer to the first write, and lets nobody read after."""

    is_deaf = False
    has_lost = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" and self.is_deaf:
            await Response(status_code=401)(scope, receive, send)
        elif scope["method"] == "PUT" and not self.has_lost:
            self.is_deaf = self.has_lost = True
            await super().__call__(scope, receive, _ignore)
            raise httpx.ReadError("")
        else:
            await super().__call__(scope, receive, send)


async def _ignore(message: Message) -> None:
    """Take what is said, and say it to nobody."""


async def test_what_is_not_known_is_not_called_unsaved_and_is_no_conflict_with_oneself(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "base"})
    api = LosesAnswers(server.store, AT_ONCE, server.token)

    async with driving(replace(server, app=api)) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("mine")
        await save(app)
        shown = app.screen_text()
        assert "it is not known whether this was done" in shown
        assert "Not saved" not in shown
        await app.press("escape")
        assert app.editor_text() == "mine"

        api.is_deaf = False
        await save(app)
        assert app.notices()[-1] == "k: saved"
        assert content(server, state, "k") == b"mine"
