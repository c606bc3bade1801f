"""The editor of bytes: typing digits and characters, and never another byte than was meant."""

from collections.abc import Callable

import pytest

from kvtui.ui.screens.diff import DiffScreen
from kvtui.ui.screens.hex_editor import HexEditorScreen
from tests.support.driver import driving
from tests.support.host import Host, hosting
from tests.support.server import LocalServer
from tests.support.stored import content, put

BYTES = bytes(range(256))


def editing(value: bytes = BYTES, draft: bytes | None = None) -> Callable[[], HexEditorScreen]:
    async def keep(content: bytes) -> bool:
        raise AssertionError("nothing is saved here")

    return lambda: HexEditorScreen(
        title="my-cache ▸ blob", content=value, on_save=keep, draft=draft
    )


def held(host: Host) -> bytes:
    assert isinstance(host.screen, HexEditorScreen)
    return host.screen.editor.buffer.content


def state(host: Host) -> str:
    return host.lines()[-2]


async def test_bytes_stand_as_digits_and_as_text() -> None:
    async with hosting(editing(b"Hello\0\xff")) as host:
        assert "00000000  48 65 6c 6c 6f 00 ff" in host.text()
        assert "Hello⋄×" in host.text()
        assert "unchanged   overwrite   hex   0x00000000  0 of 7 B   48 72 01001000" in state(host)


async def test_digits_overwrite_a_byte_in_two_keys() -> None:
    async with hosting(editing(b"abc")) as host:
        await host.type("7a")
        assert held(host) == b"zbc"
        assert "● changed" in state(host)
        assert "1 of 3 B" in state(host)


async def test_what_is_no_digit_does_nothing_and_leaves_the_app_alone() -> None:
    async with hosting(editing(b"abc")) as host:
        await host.type("qzD")
        assert isinstance(host.screen, HexEditorScreen)
        assert held(host) == b"\xd1bc"


async def test_characters_overwrite_in_the_column_of_text() -> None:
    async with hosting(editing(b"abcdef")) as host:
        await host.press("tab")
        await host.type("qé")
        assert held(host) == "qé".encode() + b"def"


async def test_inserting_moves_what_follows() -> None:
    async with hosting(editing(b"ab")) as host:
        await host.press("right", "ctrl+t")
        await host.type("7a")
        await host.press("tab")
        await host.type("!")
        assert held(host) == b"az!b"
        assert "insert   text" in state(host)


async def test_typing_behind_the_last_byte_adds_to_it() -> None:
    async with hosting(editing(b"ab")) as host:
        await host.press("ctrl+end")
        assert "behind the last byte" in state(host)
        await host.type("63")
        assert held(host) == b"abc"


async def test_bytes_are_taken_out_at_and_before_the_cursor() -> None:
    async with hosting(editing(b"abcd")) as host:
        await host.press("right", "delete", "backspace")
        assert held(host) == b"cd"
        await host.press("backspace")
        assert held(host) == b"cd"


async def test_every_step_is_undone_and_done_again() -> None:
    async with hosting(editing(b"abcd")) as host:
        await host.type("ff")
        await host.press("delete", "tab")
        await host.type("x")
        assert held(host) == b"\xffxd"
        await host.press("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z")
        assert held(host) == b"abcd"
        await host.press("ctrl+y", "ctrl+y", "ctrl+y", "ctrl+y")
        assert held(host) == b"\xffxd"


@pytest.mark.parametrize(
    ("keys", "offset"),
    [
        (["down"], 16),
        (["down", "right", "up"], 1),
        (["end"], 15),
        (["down", "end", "home"], 16),
        (["ctrl+end"], 256),
        (["ctrl+end", "ctrl+home"], 0),
        (["up"], 0),
        (["left"], 0),
        (["pagedown"], 256),
    ],
)
async def test_the_cursor_goes_where_it_is_sent(keys: list[str], offset: int) -> None:
    async with hosting(editing(), size=(100, 24)) as host:
        await host.press(*keys)
        assert f"  {offset} of 256 B" in state(host)


@pytest.mark.parametrize(
    ("asked", "offset"), [("0x1f", 31), ("200", 200), ("+5", 21), ("-0x10", 0), ("end-8", 248)]
)
async def test_an_offset_is_gone_to(asked: str, offset: int) -> None:
    async with hosting(editing()) as host:
        await host.press("down", "ctrl+g")
        await host.type(asked)
        await host.press("enter")
        assert f"  {offset} of 256 B" in state(host)


async def test_an_offset_that_is_not_there_is_refused() -> None:
    async with hosting(editing()) as host:
        await host.press("ctrl+g")
        await host.type("256")
        await host.press("enter")
        assert "no offset in the value" in host.text()


async def test_text_and_hex_are_found_and_the_next_one_too() -> None:
    async with hosting(editing(b"..key..KEY..\xde\xad")) as host:
        await host.press("ctrl+f")
        await host.type("key")
        await host.press("enter")
        assert "  2 of 14 B" in state(host)
        await host.press("f3")
        assert "  7 of 14 B" in state(host)
        await host.press("escape", "ctrl+f")
        await host.press("ctrl+u")
        await host.type("dead")
        await host.press("enter")
        assert "  12 of 14 B" in state(host)


async def test_hex_is_pasted_as_bytes_and_nothing_else_is() -> None:
    async with hosting(editing(b"abcd")) as host:
        await host.paste("0x00 01\n")
        assert held(host) == b"\0\1cd"
        await host.paste("no hex")
        assert held(host) == b"\0\1cd"
        assert host.notices == ["Nothing was pasted: it is not bytes in hex."]


async def test_closing_gives_what_was_not_saved() -> None:
    async with hosting(editing(b"ab")) as host:
        await host.type("00")
        await host.press("escape")
        assert host.answers == [b"\0b"]


async def test_closing_what_was_not_changed_gives_nothing() -> None:
    async with hosting(editing(b"ab")) as host:
        await host.type("00")
        await host.press("ctrl+z", "escape")
        assert host.answers == [None]


def looks(host: Host, name: str) -> str:
    """Give what of the first rows looks like a component class."""
    assert isinstance(host.screen, HexEditorScreen)
    runs = [host.screen.editor.runs(row, 80) for row in range(4)]
    return "|".join(text for row in runs for text, kind in row if kind == f"hex--{name}")


async def test_shift_selects_and_a_move_ends_it() -> None:
    async with hosting(editing(b"abcdefghij")) as host:
        await host.press("right", "shift+right", "shift+right", "shift+right")
        assert "3 B selected" in state(host)
        assert looks(host, "selected") == "62 63 64|bcd"
        await host.press("shift+left", "shift+left", "shift+left", "shift+left")
        assert looks(host, "selected") == ""
        assert "1 B selected" in state(host)
        await host.press("right")
        assert "selected" not in state(host)

        await host.press("ctrl+a")
        assert "10 B selected" in state(host)
        await host.press("ctrl+home", "ctrl+shift+end")
        assert "10 B selected" in state(host)


async def test_what_is_selected_is_copied_as_the_column_has_it() -> None:
    async with hosting(editing(b"abc\xff\x1b[m")) as host:
        await host.press("shift+right", "shift+right", "shift+right", "ctrl+c", "tab", "ctrl+c")
        assert host.app.copied == ["61 62 63", "abc"]
        await host.press("ctrl+a", "ctrl+c")
        assert host.app.copied[-1] == "61 62 63 ff 1b 5b 6d"
        await host.press("ctrl+home", "ctrl+c")
        assert len(host.app.copied) == 3
        assert host.notices[-1] == "Nothing is selected: shift and an arrow key selects."


async def test_more_than_the_clipboard_takes_is_not_copied_and_not_cut() -> None:
    async with hosting(editing(b"x" * 20_000)) as host:
        await host.press("ctrl+a", "ctrl+x")
        assert not host.app.copied
        assert len(held(host)) == 20_000
        assert host.notices == ["Not copied: more than 16,384 bytes."]


async def test_what_is_selected_is_cut_deleted_and_replaced_as_one_step_each() -> None:
    async with hosting(editing(b"abcdef")) as host:
        await host.press("shift+right", "shift+right", "ctrl+x")
        assert (held(host), host.app.copied) == (b"cdef", ["61 62"])
        await host.press("shift+right", "delete")
        assert held(host) == b"def"
        await host.press("end", "shift+left", "backspace")
        assert held(host) == b"de"
        await host.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert held(host) == b"abcdef"

        await host.press("ctrl+home", "ctrl+t", "shift+right", "shift+right")
        await host.type("00")
        assert held(host) == b"\0cdef"
        await host.press("shift+right", "shift+right")
        await host.paste("01 02 03")
        assert held(host) == b"\0\1\2\3ef"


async def test_pasting_and_typing_over_a_selection_overwrites_from_where_it_begins() -> None:
    async with hosting(editing(b"abcdef")) as host:
        await host.press("right", "shift+right", "shift+right")
        await host.type("00")
        assert held(host) == b"a\0cdef"
        await host.press("shift+right", "shift+right")
        await host.paste("ff")
        assert held(host) == b"a\0\xffdef"


async def test_every_match_of_a_search_is_marked_until_the_search_is_closed() -> None:
    content = b"..key" + b"." * 10 + b"k" + b"EY..key"
    async with hosting(editing(content)) as host:
        await host.press("ctrl+f")
        await host.type("key")
        assert looks(host, "match") == "6b 65 79|6b|key|k|45 59|6b 65 79|EY|key"
        await host.press("ctrl+u")
        await host.type("6b")
        assert looks(host, "match").count("6b") == 3
        await host.press("escape")
        assert looks(host, "match") == ""


async def test_a_mouse_drags_a_selection() -> None:
    async with hosting(editing()) as host:
        await host.drag("HexEditor", (10, 0), (16, 1))
        assert "18 B selected" in state(host)
        await host.click("HexEditor", row=2)
        assert "selected" not in state(host)


async def test_a_click_puts_the_cursor_on_a_byte() -> None:
    async with hosting(editing()) as host:
        await host.click("HexEditor", row=2)
        assert "  32 of 256 B" in state(host)


async def test_a_binary_value_is_edited_as_bytes_and_saved(server: LocalServer) -> None:
    namespace = server.namespace("my-cache")
    put(server, namespace, {"k": BYTES})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("e")
        assert any("Edited as bytes: it is not text" in notice for notice in app.notices())
        await app.press("down")
        await app.type("ff")
        await app.press("ctrl+s")
        assert isinstance(app.app.screen, DiffScreen)
        assert "1 of 256 bytes differ" in app.screen_text()
        await app.confirm()

        assert content(server, namespace, "k") == BYTES[:16] + b"\xff" + BYTES[17:]


async def test_any_value_is_edited_as_bytes_on_request_and_a_draft_goes_on(
    server: LocalServer,
) -> None:
    namespace = server.namespace("my-cache")
    put(server, namespace, {"k": "text"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("b")
        await app.type("00")
        await app.press("escape", "e")
        assert "● changed" in app.screen_text()
        await app.press("ctrl+s")
        await app.confirm()

        assert content(server, namespace, "k") == b"\0ext"
