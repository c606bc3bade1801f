"""Editing what is inside the layers of a value, as a person does it."""

import base64
import gzip
import zlib

from kvtui.ui.screens.diff import DiffScreen
from kvtui.ui.screens.editor import EditorScreen
from tests.support.driver import AppDriver, driving
from tests.support.server import LocalServer
from tests.support.stored import content, put

USER = b'{"name": "Alice", "age": 42, "note": "' + b"long enough " * 20 + b'"}'
OTHER = USER.replace(b"Alice", b"Bob")


async def edit_to(app: AppDriver, text: str) -> str:
    """Edit and save; give the diff that was shown on the way."""
    await app.press("e")
    await app.write(text)
    await app.press("ctrl+s")
    assert isinstance(app.app.screen, DiffScreen)
    shown = app.screen_text()
    await app.confirm()
    return shown


async def test_the_innermost_text_is_edited_and_packed_again_as_it_was(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": base64.b64encode(gzip.compress(USER, mtime=1_700_000_000))})

    async with driving(server) as app:
        await app.open("my-cache")
        diff = await edit_to(app, OTHER.decode())

        expected = base64.b64encode(gzip.compress(OTHER, mtime=1_700_000_000))
        assert content(server, state, "k") == expected
        assert '"Bob"' in diff
        assert "compared inside base64 ▸ gzip" in diff
        assert "differ from the original encoder" not in diff


async def test_the_editor_says_inside_what_it_is(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": gzip.compress(USER)})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")

        assert "inside gzip ▸ JSON" in app.screen_text()
        assert f"{len(USER)} B unpacked" in app.screen_text()


async def test_what_cannot_be_packed_as_it_was_is_told_before_saving(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    packer = zlib.compressobj(6, zlib.DEFLATED, 31, 8, zlib.Z_HUFFMAN_ONLY)
    put(server, state, {"k": packer.compress(USER) + packer.flush()})

    async with driving(server) as app:
        await app.open("my-cache")
        diff = await edit_to(app, OTHER.decode())

        assert "gzip bytes differ from the original encoder's" in diff
        assert gzip.decompress(content(server, state, "k") or b"") == OTHER


async def test_packed_content_that_is_not_changed_is_not_written(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": gzip.compress(USER)})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e", "ctrl+s")

        assert isinstance(app.app.screen, EditorScreen)
        assert app.writes() == []


async def test_text_is_saved_in_the_encoding_it_was_in(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "caf\xe9 cr\xe8me\n".encode("latin-1")})

    async with driving(server) as app:
        await app.open("my-cache")
        diff = await edit_to(app, "th\xe9 cr\xe8me\n")

        assert "thé" in diff
        assert content(server, state, "k") == "th\xe9 cr\xe8me\n".encode("latin-1")


async def test_what_the_encoding_cannot_hold_is_not_saved(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": "caf\xe9 cr\xe8me\n".encode("latin-1")})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        await app.write("5 € for a café\n")
        await app.press("ctrl+s")

        assert isinstance(app.app.screen, EditorScreen)
        assert any("LATIN-1 has no € (U+20AC)" in notice for notice in app.notices())
        assert app.writes() == []


async def test_the_layer_that_is_looked_at_is_the_one_that_is_edited(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    inner = base64.b64encode(USER)
    put(server, state, {"k": gzip.compress(inner)})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("3", "L", "2", "e")
        assert app.editor_text() == inner.decode()
        await app.write(base64.b64encode(OTHER).decode())
        await app.press("ctrl+s")
        await app.confirm()

        assert gzip.decompress(content(server, state, "k") or b"") == base64.b64encode(OTHER)


async def test_a_draft_of_a_layer_goes_on_in_that_layer(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"k": gzip.compress(base64.b64encode(USER)), "l": "other"})
    digits = base64.b64encode(OTHER).decode()

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("3", "L", "2", "e")
        await app.write(digits)
        await app.press("escape", "2", "j", "k", "e")
        assert app.editor_text() == digits
        await app.press("ctrl+s")
        await app.confirm()

        assert gzip.decompress(content(server, state, "k") or b"").decode() == digits
