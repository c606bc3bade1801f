"""Looking at values: what is stored, what the person does, what is seen."""

import base64
import gzip
import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import Static

from kvtui.records import StoredValue
from kvtui.ui.widgets.inspector import Inspector
from kvtui.values.view import views
from tests.support.driver import AppDriver, driving
from tests.support.server import LocalServer
from tests.support.stored import put

ORDER = b'{"id":12345678901234567890123,"items":[{"sku":"A"},{"sku":"B"}],"paid":true}'


def status(app: AppDriver) -> str:
    """Give the line below the value."""
    return str(app.browser.value.query_one("#value-status", Static).content).strip()


async def look_at(app: AppDriver) -> None:
    await app.open("my-cache")
    await app.press("enter")


async def test_json_folds_under_the_cursor_and_tells_its_path(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": ORDER})

    async with driving(server) as app:
        await look_at(app)
        assert '  2   "id": 12345678901234567890123,' in app.value_text()
        assert status(app) == "$"

        await app.press("j", "j", "j", "j")
        assert status(app) == "$.items[0].sku"

        await app.press("h")
        assert status(app) == "$.items[0]"

        await app.press("h")
        assert "+    { 1 member }," in app.value_text()

        await app.press("h", "h")
        assert '+  "items": [ 2 items ],' in app.value_text()
        assert status(app) == "$.items"

        await app.press("l", "l")
        assert '      "sku": "A"' in app.value_text()
        assert status(app) == "$.items[0]"

        await app.press("k", "space")
        assert "2 items" in app.value_text()


async def test_z_and_a_digit_fold_to_a_level_and_do_not_change_the_pane(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), {"k": ORDER})

    async with driving(server) as app:
        await look_at(app)
        await app.press("z")
        assert status(app) == "fold to level: 1-9"

        await app.press("2")
        assert "+    { 1 member }," in app.value_text()

        await app.press("z", "1")
        assert '+  "items": [ 2 items ],' in app.value_text()
        assert app.browser.value.lines.has_focus

        await app.press("z", "escape", "2")
        assert app.browser.explorer.has_focus


async def test_a_search_opens_the_fold_that_holds_what_is_found(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": ORDER})

    async with driving(server) as app:
        await look_at(app)
        await app.press("z", "1", "/")
        await app.type("sku")
        assert '"sku": "A"' in app.value_text()
        assert status(app) == "$.items[0].sku"

        await app.press("enter", "n")
        assert status(app) == "$.items[1].sku"

        await app.press("n")
        assert status(app) == "$.items[0].sku"

        await app.press("N")
        assert status(app) == "$.items[1].sku"


async def test_an_expression_filters_json_as_it_is_typed(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": ORDER})

    async with driving(server) as app:
        await look_at(app)
        await app.press("J")
        await app.type("items[].sku")
        await app.until(lambda: '  2   "A",' in app.value_text())
        assert status(app).startswith("filtered (not the stored value)")

        await app.type("[")
        await app.until(lambda: "incomplete" in app.screen_text().lower())
        assert '  2   "A",' in app.value_text()

        await app.press("backspace", "enter", "escape")
        assert "12345678901234567890123" in app.value_text()
        assert status(app) == "$"


async def test_the_exact_size_gives_way_to_the_age_where_it_is_narrow(
    server: LocalServer,
) -> None:
    state = server.namespace("my-cache")
    value = StoredValue(b'"' + b"x" * 2_000 + b'"', "application/json")
    server.store.put(state, "k", value)

    async with driving(server, size=(80, 24)) as app:
        await look_at(app)
        assert "2.0 kB · application/json · now" in app.screen_text()
        await app.press("f")
        assert "2.0 kB (2,002 B) · application/json · now" in app.screen_text()


async def test_while_a_large_value_is_laid_out_nothing_is_said_of_the_one_before(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), {"k": b"plain\n"})

    async with driving(server) as app:
        await look_at(app)
        assert status(app) == "UTF-8 · 1 LF"
        large = views(b"[" + b"1," * 100_000 + b"1]", now=0)
        app.browser.value.show_value("large", "", large, is_same_key=False)
        assert status(app) == "laying out …"
        await app.until(lambda: status(app) == "$")


async def test_what_is_no_json_cannot_be_filtered(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": b"plain"})

    async with driving(server) as app:
        await look_at(app)
        await app.press("J")
        assert app.notices() == ["Only JSON can be filtered"]


async def test_a_filter_ends_with_the_key_it_is_for(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": b'{"x":[1]}', "b": b'{"y":2}'})

    async with driving(server) as app:
        await look_at(app)
        await app.press("J")
        await app.type("x")
        await app.until(lambda: "filtered" in status(app))
        await app.press("enter", "2", "j")
        await app.until(lambda: '"y": 2' in app.value_text())
        assert "filtered" not in app.screen_text()


async def test_bytes_have_a_cursor_and_are_told_as_numbers(server: LocalServer) -> None:
    content = b"\xff\x01" + b"x" * 100 + (1_800_000_000).to_bytes(4, "big") + b"\0" * 6
    put(server, server.namespace("my-cache"), {"k": content})

    async with driving(server) as app:
        await look_at(app)
        await app.press("right_square_bracket", "left_square_bracket")
        assert status(app).startswith("0 of 112")
        assert "-1 (255)" in app.screen_text()

        await app.press("l", "j", "h")
        assert status(app).startswith("8 of 112")

        await app.press("ctrl+g")
        await app.type("0x66")
        await app.press("enter")
        assert status(app) == "102 of 112  0x66"
        assert "2027-01-15 08:00:00" in app.screen_text()

        await app.press("g", "G")
        assert status(app).startswith("111 of 112")


@pytest.mark.parametrize("size", [(80, 24), (120, 32), (40, 10)], ids=str)
async def test_what_bytes_mean_takes_the_same_room_everywhere_and_is_never_cut(
    server: LocalServer, size: tuple[int, int]
) -> None:
    time = (1_800_000_000).to_bytes(4, "big")
    put(server, server.namespace("my-cache"), {"k": time + bytes(range(128, 256))})

    async with driving(server, size=size) as app:
        await look_at(app)
        value = app.browser.value
        inspector = value.query_one(Inspector)
        heights = set()
        for key in ("g", "pagedown", "G", "h", "h", "g"):
            await app.press(key)
            heights.add((inspector.size.height, value.lines.size.height))
        assert len(heights) == 1
        rows = inspector.size.height - 1
        assert inspector.row_count - 1 == rows
        assert rows < 2 or "2027-01-15 08:00:00" in app.screen_text()


async def test_bytes_are_searched_as_text_and_in_hex(server: LocalServer) -> None:
    put(
        server,
        server.namespace("my-cache"),
        {"k": b"\0" * 50 + b"\xde\xadname\0\xde\xad\0\xff\xfe"},
    )

    async with driving(server) as app:
        await look_at(app)
        await app.press("/")
        await app.type("x:de ad")
        assert status(app).startswith("50 of")

        await app.press("enter", "n")
        assert status(app).startswith("57 of")

        await app.press("n", "/")
        app.fill("name")
        await app.settle()
        assert status(app).startswith("52 of")


async def test_the_inside_of_layers_is_a_tree_too(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": gzip.compress(json.dumps([[1]]).encode())})

    async with driving(server) as app:
        await look_at(app)
        await app.press("j")
        assert status(app) == "$[0]"


async def test_the_value_pane_works_in_tiny_terminals(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": ORDER, "b": bytes(range(256))})

    async with driving(server, size=(20, 5)) as app:
        await look_at(app)
        for _ in range(5):
            await app.press("right_square_bracket", "j", "l", "h", "G")
        await app.resize(80, 24)
        await app.press("left_square_bracket")
        assert app.browser.value.lines.has_focus


async def test_every_layer_can_be_looked_at(server: LocalServer) -> None:
    packed = base64.b64encode(gzip.compress(ORDER, mtime=0))
    put(server, server.namespace("my-cache"), {"k": packed})

    async with driving(server) as app:
        await look_at(app)
        assert "base64 ▸ gzip ▸ [JSON]" in app.screen_text()

        await app.press("L", "1")
        assert "[base64] ▸ gzip ▸ JSON" in app.screen_text()
        assert packed.decode()[:30] in app.value_text()

        await app.press("L", "2")
        assert "base64 ▸ [gzip] ▸ JSON" in app.screen_text()
        assert "1f 8b 08" in app.value_text()

        await app.press("L", "3")
        assert '"paid": true' in app.value_text()


async def test_what_is_inside_the_layers_can_be_copied(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": base64.b64encode(ORDER)})

    async with driving(server) as app:
        await look_at(app)
        await app.press("y", "i")
        assert app.app.clipboard == ORDER.decode()

        await app.press("j", "j", "j", "y", "j")
        assert app.app.clipboard == "$.items[0]"

        await app.press("y", "n")
        assert json.loads(app.app.clipboard) == {"sku": "A"}


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
async def test_text_is_copied_as_text_in_whatever_encoding_it_is(
    server: LocalServer, encoding: str
) -> None:
    put(server, server.namespace("my-cache"), {"k": "café crème".encode(encoding)})

    async with driving(server) as app:
        await look_at(app)
        await app.press("y", "v")
        assert app.app.clipboard == "café crème"


async def test_bytes_that_are_no_text_are_not_copied(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"k": bytes(range(256))})

    async with driving(server) as app:
        await look_at(app)
        await app.press("y", "v")
        assert app.notices() == ["The value is not text: save it to a file instead"]


async def test_what_is_inside_the_layers_can_be_saved(server: LocalServer, tmp_path: Path) -> None:
    put(server, server.namespace("my-cache"), {"k": gzip.compress(ORDER)})

    async with driving(server) as app:
        await look_at(app)
        await app.press("y", "S")
        app.fill(str(tmp_path / "inside.json"))
        await app.press("enter")
        assert (tmp_path / "inside.json").read_bytes() == ORDER


async def test_a_layer_between_is_saved_under_the_name_of_what_it_is(
    server: LocalServer, tmp_path: Path
) -> None:
    packed = gzip.compress(ORDER)
    put(server, server.namespace("my-cache"), {"k": base64.b64encode(packed)})

    async with driving(server) as app:
        await look_at(app)
        await app.press("L", "2", "y")
        assert "Inside: base64 ▸ gzip " in app.screen_text()
        await app.press("S")
        assert "Save to a file: base64 ▸ gzip " in app.screen_text()
        app.fill(str(tmp_path / "layer.gz"))
        await app.press("enter")
        assert (tmp_path / "layer.gz").read_bytes() == packed


async def test_another_format_can_be_chosen_and_stays_for_the_folder(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"n/1": b"42", "n/2": b"43", "other": b"44"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.select("n/")
        await app.press("l", "j", "enter")
        assert "[Text]" in app.screen_text()

        await app.press("F")
        assert "JSON" in app.screen_text()
        await app.press("2")
        assert "[JSON]" in app.screen_text()

        await app.press("2", "j", "enter")
        assert "[JSON]" in app.screen_text()
        assert "43" in app.value_text()

        await app.press("2", "j", "enter")
        assert "44" in app.value_text()
        assert "[Text]" in app.screen_text()


async def test_an_image_is_drawn_in_its_colours(server: LocalServer) -> None:
    content = BytesIO()
    Image.new("RGB", (4, 4), (10, 200, 30)).save(content, "PNG")
    put(server, server.namespace("my-cache"), {"k": content.getvalue()})

    async with driving(server) as app:
        await look_at(app)
        assert "▀▀▀▀" in app.screen_text()
        assert status(app) == "PNG, 4 × 4 pixels"
        view = app.browser.value.lines
        style = next(iter(view.render_line(0))).style
        assert style is not None
        assert style.color is not None
        assert tuple(style.color.get_truecolor()) == (10, 200, 30)


async def test_text_is_wrapped_or_not_and_shows_what_is_hidden(server: LocalServer) -> None:
    content = b"one two\r\n" + b"x" * 300 + b" end\r\nlast"
    put(server, server.namespace("my-cache"), {"k": content})

    async with driving(server) as app:
        await look_at(app)
        assert status(app) == "UTF-8 · 2 CRLF"
        assert len(app.value_text().split("\n")) > 3

        await app.press("w")
        assert len(app.value_text().split("\n")) == 3
        assert "not wrapped, from column 1" in status(app)

        await app.press("i")
        assert "one·two␍␊" in app.value_text()

        await app.press("i", "/")
        await app.type("end")
        assert " end" in app.value_text()
        await app.press("enter", "l")
        assert "from column 302" in status(app)

        await app.press("w")
        assert status(app) == "UTF-8 · 2 CRLF"


async def test_raw_json_says_from_where_it_is_seen_when_it_is_not_wrapped(
    server: LocalServer,
) -> None:
    put(server, server.namespace("my-cache"), {"k": ORDER})

    async with driving(server) as app:
        await look_at(app)
        await app.press("]", "w", "l")
        assert "[Raw]" in app.screen_text()
        assert status(app) == "not wrapped, from column 9"


async def test_every_match_of_an_unwrapped_line_is_gone_to_in_turn(server: LocalServer) -> None:
    content = b"first\n" + b"x" * 300 + b"here" + b"y" * 300 + b"Here\nlast here"
    put(server, server.namespace("my-cache"), {"k": content})

    async with driving(server) as app:
        await look_at(app)
        await app.press("w", "/")
        await app.type("here")
        await app.press("enter")
        seen = []
        for key in ("", "n", "n", "n", "N", "N"):
            await app.press(*filter(None, [key]))
            seen.append(status(app).partition("from column ")[2])
        assert seen == ["293", "597", "1", "293", "1", "597"]


async def test_the_keys_go_to_the_value_that_comes_after_them(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": b"text", "b": ORDER})

    async with driving(server) as app:
        await look_at(app)
        await app.press("o")
        app.fill("b")
        await app.press("enter", "j")
        assert status(app) == "$.id"
        assert "fold" in app.hints()


async def test_another_value_of_the_same_kind_is_shown_without_laying_the_screen_out(
    server: LocalServer,
) -> None:
    names = ("a", "b", "c", "d")
    put(server, server.namespace("my-cache"), {name: f'{{"is": "{name}"}}' for name in names})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("j")
        laid_out: list[object] = []
        screen = app.app.screen
        screen.screen_layout_refresh_signal.subscribe(screen, laid_out.append)
        await app.press("j")
        assert '"is": "c"' in app.value_text()
        await app.press("k")
        assert '"is": "b"' in app.value_text()
        assert laid_out == []

        await app.resize(100, 30)
        assert laid_out
