"""Deleting folders and marked keys, as a person does it."""

from pathlib import Path

from kvtui.server.store import NamespaceState
from kvtui.ui.screens.confirm import Confirm
from kvtui.ui.screens.long_task import LongTask
from tests.support.driver import AppDriver, driving
from tests.support.server import LocalServer
from tests.support.stored import content, put

VALUES = {**{f"user/{number}": f"v{number}" for number in range(8)}, "user": "u", "users/1": "x"}


async def delete(app: AppDriver) -> None:
    """Ask for the deletion, and answer the question with the namespace's name."""
    await app.press("D")
    await app.until(lambda: isinstance(app.app.screen, Confirm))
    await app.settle()
    await app.type("my-cache")
    await app.confirm()
    await app.until(lambda: "done ·" in app.screen_text() and "0 left" in app.screen_text())


def left(server: LocalServer, state: NamespaceState, keys: list[str]) -> list[str]:
    return [key for key in keys if content(server, state, key) is not None]


async def test_a_folder_is_deleted_without_its_siblings(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, dict(VALUES))

    async with driving(server) as app:
        await app.open("my-cache")
        await app.select("user/")
        await delete(app)
        assert "8 done · 0 skipped · 0 failed · 0 unknown · 0 left of 8" in app.screen_text()
        await app.press("escape")

        assert left(server, state, list(VALUES)) == ["user", "users/1"]
        assert [line.split()[0] for line in app.key_lines()] == ["user", "▸"]


async def test_a_folder_is_not_deleted_before_its_namespace_was_typed(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, dict(VALUES))

    async with driving(server) as app:
        await app.open("my-cache")
        await app.select("user/")
        await app.press("D")
        await app.until(lambda: isinstance(app.app.screen, Confirm))
        await app.settle()
        assert "Keys       8" in app.screen_text()
        assert "user/0" in app.screen_text()
        await app.type("my-cach")
        await app.press("enter", "enter")
        assert app.app.screen is app.browser
        assert app.writes() == []


async def test_marked_keys_are_deleted_and_no_others(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, dict.fromkeys("abcdef", "v"))

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("space", "j", "v", "j", "v")
        assert "3 marked" in app.screen_text()
        assert [line[0] for line in app.key_lines()] == ["✓", "b", "✓", "✓", "e", "f"]
        await delete(app)
        await app.press("escape")

        assert left(server, state, list("abcdef")) == ["b", "e", "f"]
        assert "marked" not in app.screen_text()


async def test_escape_takes_marks_away(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), dict.fromkeys("abc", "v"))

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("space", "space", "escape", "v", "j")
        assert [line[0] for line in app.key_lines()] == ["a", "b", "✓"]
        await app.press("escape")
        assert [line[0] for line in app.key_lines()] == ["a", "b", "c"]


async def test_what_somebody_changed_meanwhile_stays_and_is_told(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, dict(VALUES))

    async with driving(server) as app:
        await app.open("my-cache")
        await app.select("user/")
        await app.press("D")
        await app.until(lambda: isinstance(app.app.screen, Confirm))
        await app.settle()
        put(server, state, {"user/3": "theirs"})
        await app.type("my-cache")
        await app.confirm()
        await app.until(lambda: "0 left of 8" in app.screen_text())

        assert isinstance(app.app.screen, LongTask)
        assert "7 done · 1 skipped" in app.screen_text()
        assert "user/3: skipped: changed since the plan was made" in app.screen_text()
        assert content(server, state, "user/3") == b"theirs"


async def test_a_folder_is_exported_to_files(server: LocalServer, tmp_path: Path) -> None:
    put(server, server.namespace("my-cache"), dict(VALUES))

    async with driving(server) as app:
        await app.open("my-cache")
        await app.select("user/")
        await app.press("X")
        app.fill(str(tmp_path / "out"))
        await app.press("enter")
        await app.until(lambda: "and a manifest in" in app.screen_text())

        assert "8 exported · 0 missing · 0 failed · 0 left of 8" in app.screen_text()
        assert len(list((tmp_path / "out" / "values").iterdir())) == 8
        await app.press("escape")
        assert app.app.screen is app.browser


async def test_u_puts_a_deleted_folder_back_but_for_what_exists_again(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, dict(VALUES))

    async with driving(server) as app:
        await app.open("my-cache")
        await app.select("user/")
        await delete(app)
        await app.press("escape")
        put(server, state, {"user/3": "theirs"})
        await app.press("u")
        assert "all 8 deletions since" in app.screen_text()
        await app.press("a")
        await app.until(lambda: isinstance(app.app.screen, Confirm))
        await app.settle()
        await app.confirm()
        await app.until(lambda: "7 put back · 1 skipped · 0 failed · 0 left" in app.screen_text())
        assert "user/3: kept as it is: it exists again" in app.screen_text()
        await app.press("escape")

        for key, value in VALUES.items():
            expected = b"theirs" if key == "user/3" else value.encode()
            assert content(server, state, key) == expected
        assert any(line.split()[1:] == ["user/", "7"] for line in app.key_lines())
        await app.press("u")
        assert "deletions since" not in app.screen_text()
