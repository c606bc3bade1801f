"""Taking writes back, and hearing of those that an earlier run did not finish."""

from pathlib import Path

import platformdirs
import pytest

from kvtui.records import StoredValue
from kvtui.ui.screens.confirm import Confirm
from kvtui.ui.screens.diff import DiffScreen
from kvtui.ui.screens.menu import Menu
from kvtui.ui.screens.problem import Problem
from kvtui.vault.journal import Journal
from kvtui.vault.journal_row import Place, Write
from tests.support.client import client_on
from tests.support.driver import AppDriver, driving
from tests.support.server import LocalServer
from tests.support.stored import content, put

ODD = b'{"a": 1e2,\r\n "b": "\\u00e9"}'


async def save(app: AppDriver, text: str) -> None:
    await app.press("e")
    await app.write(text)
    await app.press("ctrl+s")
    await app.confirm()


async def test_u_puts_the_bytes_and_the_type_back_through_the_diff(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    server.store.put(state, "k", StoredValue(ODD, "application/x-odd"))

    async with driving(server) as app:
        await app.open("my-cache")
        await save(app, "new")
        await app.press("u")
        assert isinstance(app.app.screen, Menu)
        await app.press("u")
        assert isinstance(app.app.screen, DiffScreen)
        assert "undoes what was written at" in app.screen_text()
        assert content(server, state, "k") == b"new"
        await app.confirm()

        assert server.store.get(state, "k") == StoredValue(ODD, "application/x-odd")

        await app.press("u", "u")
        await app.confirm()
        assert content(server, state, "k") == b"new"


async def test_a_deleted_key_comes_back_from_the_menu(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": '{"a": 1}', "other": "x"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.select("k")
        await app.press("D")
        await app.confirm()
        assert content(server, state, "k") is None

        await app.press("u")
        assert "delete k" in app.screen_text()
        await app.press("enter")
        await app.confirm()

        assert server.store.get(state, "k") == StoredValue(b'{"a": 1}', "application/json")
        assert any(line.startswith("k") for line in app.key_lines())


async def test_undoing_a_creation_asks_and_deletes(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"other": "x"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("a")
        app.fill("fresh")
        await app.press("enter")
        await app.write("hello")
        await app.press("ctrl+s")
        await app.confirm()
        assert content(server, state, "fresh") == b"hello"

        await app.press("u", "u")
        assert isinstance(app.app.screen, Confirm)
        await app.confirm()

        assert content(server, state, "fresh") is None


async def test_an_undo_says_when_somebody_wrote_since_and_cancel_keeps_it(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "one"})

    async with driving(server) as app:
        await app.open("my-cache")
        await save(app, "two")
        put(server, state, {"k": "theirs"})
        await app.press("u", "u")

        assert "somebody else wrote since" in app.screen_text()
        await app.press("enter")
        assert content(server, state, "k") == b"theirs"


async def test_with_nothing_written_there_is_nothing_to_undo(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": "one"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("u")

        assert app.notices()[-1] == "Nothing was written to my-cache from here"


async def test_a_write_in_flight_at_the_end_of_a_run_is_told_once_at_the_next_start(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "new"})
    host = client_on(server).host
    place = Place("test", host, state.namespace.id, "my-cache", "k")
    earlier = Journal(platformdirs.user_state_path("kvtui"))
    earlier.intend(Write(place, StoredValue(b"old"), b"new"))
    earlier.close()

    async with driving(server) as app:
        assert app.notices() == [
            "1 save was in flight when kvtui stopped: it did land (my-cache ▸ k)"
        ]
    async with driving(server) as app:
        assert app.notices() == []


async def test_a_save_that_cannot_be_kept_is_refused_and_the_text_stays(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "one"})
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))

    async with driving(server) as app:
        await app.open("my-cache")
        await save(app, "two")

        assert isinstance(app.app.screen, Problem)
        assert "nothing was written" in app.screen_text()
        await app.press("escape")
        assert app.editor_text() == "two"
        assert content(server, state, "k") == b"one"
        assert app.writes() == []


async def test_without_a_journal_the_top_line_says_so_all_the_time(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "one"})

    async with driving(server, is_journaled=False) as app:
        await app.open("my-cache")
        assert "no undo journal" in app.breadcrumb()
        await save(app, "two")
        assert content(server, state, "k") == b"two"
        await app.press("u")

        assert "no undo journal" in app.notices()[-1]
        assert "no undo journal" in app.breadcrumb()
