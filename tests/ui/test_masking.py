"""Values hidden while others look at the screen."""

import stat
from pathlib import Path

from kvtui.ui.masking import Masking
from tests.support.driver import driving
from tests.support.installed import kvtui
from tests.support.server import LocalServer
from tests.support.stored import put

CANARY = "canary-value"


async def test_x_hides_every_value_and_shows_them_again(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": CANARY, "b": "other value"})

    async with driving(server) as app:
        await app.open("my-cache")
        assert CANARY in app.screen_text()
        await app.press("x")
        assert CANARY not in app.screen_text()
        assert "••• 12 B sha256:" in app.screen_text()
        assert "masked" in app.breadcrumb()
        await app.press("j")
        assert "other value" not in app.screen_text()
        await app.press("k", "x")
        assert CANARY in app.screen_text()
        assert "masked" not in app.breadcrumb()


async def test_x_hides_also_what_was_only_left_on_screen(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": CANARY, "b": "other value"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.begin("j", "x")
        assert CANARY not in app.screen_text()


async def test_a_key_that_sounds_secret_is_hidden_until_it_is_revealed(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"api/Token": CANARY, "plain": "open"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("l", "j")
        assert CANARY not in app.screen_text()
        await app.press("x")
        assert CANARY in app.screen_text()
        await app.press("j")
        assert "open" in app.value_text()
        await app.press("k")
        assert CANARY not in app.screen_text()


async def test_what_is_hidden_cannot_be_edited_or_found_by_accident(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"password": CANARY})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        assert app.app.screen is app.browser
        assert any("x reveals" in notice for notice in app.notices())
        await app.press("3", "]")
        assert CANARY not in app.screen_text()


async def test_what_is_hidden_is_not_shown_on_the_way_to_a_change_of_it(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"password": f'{{"a": "{CANARY}"}}'})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("D")
        await app.confirm()
        await app.press("u", "u")
        assert app.app.screen is app.browser
        assert CANARY not in app.screen_text()
        put(server, state, {"password": f'{{"a": "{CANARY}"}}'})
        await app.press("r")
        for command in ("edit_node", "replace_with_file", "edit_bytes", "edit_outside"):
            getattr(app.browser, f"action_{command}")()
            await app.settle()
            assert app.app.screen is app.browser, command
            assert CANARY not in app.screen_text()


async def test_a_draft_of_a_hidden_value_waits_until_it_is_revealed(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"password": "open"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("x", "e")
        await app.write(CANARY)
        await app.press("escape")
    async with driving(server) as app:
        await app.open("my-cache")
        assert CANARY not in app.screen_text()
        assert any("x reveals the value, e goes on" in notice for notice in app.notices())
        await app.press("x", "e")
        assert CANARY in app.screen_text()


def test_revealing_one_key_reveals_no_other() -> None:
    masking = Masking()
    masking.toggle("a/secret")
    assert not masking.hides("a/secret")
    assert masking.hides("b/secret")
    masking.moved_to("b/secret")
    assert masking.hides("a/secret")


def test_a_picture_is_private_and_masked_when_asked_for(tmp_path: Path) -> None:
    shown = kvtui("demo", "--screenshot", "shown.svg", "--prefix", "user/1001/", folder=tmp_path)
    masked = kvtui(
        "demo", "--screenshot", "masked.svg", "--prefix", "user/1001/", "--mask", folder=tmp_path
    )
    assert (shown.returncode, masked.returncode) == (0, 0), shown.stderr + masked.stderr
    assert stat.S_IMODE((tmp_path / "masked.svg").stat().st_mode) == 0o600
    assert "sha256:" in (tmp_path / "masked.svg").read_text()
    assert "sha256:" not in (tmp_path / "shown.svg").read_text()
