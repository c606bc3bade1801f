"""One character is changed in the real editors, and all else of the stored bytes stays."""

import asyncio
import base64
import gzip
import json
import random
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.widget import Widget

from kvtui.ui.widgets.hex_editor import HexEditor
from kvtui.ui.widgets.text_editor import TextEditor
from kvtui.values.detect import detect
from kvtui.values.detection import Detection, Format
from kvtui.values.editing import EditableText, editable
from kvtui.values.json_edit import changed, find_node
from kvtui.values.rewrap import Rewrapped, rewrapped
from tests.support.dose import Dose
from tests.support.layers import unpacked
from tests.support.values import KINDS, random_values
from tests.support.zstd import zstd

TYPED = 'x7 "}\té漢😀'
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def wrapped_value(source: random.Random) -> bytes:
    """Give a value of any kind, in up to three layers as different programs write them."""
    value: bytes = source.choice([*KINDS.values(), *random_values(source.randrange(1 << 30), 3)])
    for _ in range(source.choice([0, 0, 1, 1, 2, 3])):
        match source.randrange(6):
            case 0:
                value = gzip.compress(value, source.randrange(1, 10), mtime=source.randrange(9))
            case 1:
                value = zlib.compress(value)
            case 2:
                value = zstd.compress(value)
            case 3:
                value = base64.b64encode(value)
            case 4:
                value = base64.urlsafe_b64encode(value).rstrip(b"=")
            case _:
                value = base64.encodebytes(value)
    return value


def only_that_differs(found: Detection, edited: bytes) -> None:
    """Pack what was edited, and unpack what would be stored with other code than ours."""
    packed = rewrapped(found, edited)
    assert isinstance(packed, Rewrapped), packed
    assert unpacked(packed.content, found.layers) == edited
    if edited == found.content:
        assert packed.content == found.stored


class Editors:
    """Gives keys to an editor that is on screen, and waits until it has taken them."""

    def __init__(self, app: App[None]) -> None:
        self._app = app

    async def press(self, editor: Widget, *keys: str) -> None:
        await self._app.mount(editor)
        for key in keys:
            editor.post_message(events.Key(key, key if len(key) == 1 else None))
        taken = asyncio.Event()
        editor.call_later(taken.set)
        async with asyncio.timeout(20):
            await taken.wait()

    async def of_text(self, source: random.Random, checked: EditableText) -> tuple[str, str]:
        """Change a character; give the text that comes out, and the one that should."""
        text = checked.text
        editor = TextEditor(text, syntax=checked.syntax)
        newline = editor.document.newline
        places = [
            at for at in range(len(text) + 1) if not text.startswith("\n", at) or newline == "\n"
        ]
        at = source.choice(places)
        line = text.count(newline, 0, at)
        editor.move_cursor((line, at - (text.rfind(newline, 0, at) + len(newline) if line else 0)))
        fitting = [character for character in TYPED if checked.problem(character) is None]
        typed = source.choice([*fitting, "delete"])
        if typed == "delete":
            gone = len(newline) if text.startswith(newline, at) else 1
            wanted = text[:at] + text[at + gone :]
        elif typed == "\t":
            typed, wanted = "x", f"{text[:at]}x{text[at:]}"
        else:
            wanted = f"{text[:at]}{typed}{text[at:]}"
        await self.press(editor, typed)
        given = editor.text
        await editor.remove()
        return given, wanted

    async def of_bytes(self, source: random.Random, content: bytes) -> tuple[bytes, bytes]:
        """Change a byte; give the bytes that come out, and those that should."""
        editor = HexEditor(content)
        at = source.randrange(len(content) + 1)
        byte = source.randrange(256)
        editor.offset_in_value = at
        editor.is_insert = source.random() < 0.5
        end = at if editor.is_insert else at + 1
        await self.press(editor, *f"{byte:02x}")
        given = editor.buffer.content
        await editor.remove()
        return given, content[:at] + bytes([byte]) + content[end:]


class Members(list[tuple[str, Any]]):
    """The members of an object, those of one name too."""

    def step(self, place: int) -> str:
        name = self[place][0]
        which = sum(before == name for before, _ in self[: place + 1])
        return f"[{json.dumps(name)}]#{which}"


def token_changed(source: random.Random, text: str) -> bool:
    """Change one node of JSON text through its path; tell whether it had one to change."""
    try:
        value = json.loads(text, object_pairs_hook=Members)
    except (ValueError, RecursionError):
        return False
    path = "$"
    while isinstance(value, list) and value:
        place = source.randrange(len(value))
        if isinstance(value, Members):
            path, value = path + value.step(place), value[place][1]
        else:
            path, value = f"{path}[{place}]", value[place]
    node = find_node(text, path)
    before, after = text[: node.start], text[node.end :]
    found = json.loads(text[node.start : node.end], object_pairs_hook=Members)
    assert repr(found) == repr(value)

    edited = changed(text, node, "12345")

    assert edited == f"{before}12345{after}"
    assert TOKEN.findall(edited) == [*TOKEN.findall(before), "12345", *TOKEN.findall(after)]
    return True


@pytest.mark.parametrize(
    "count", [150, pytest.param(10_000, marks=[pytest.mark.full, pytest.mark.timeout(3_600)])]
)
async def test_one_character_is_changed_and_nothing_else(count: int, tmp_path: Path) -> None:
    is_full = count == 10_000
    dose = Dose("one-character", count) if is_full else Dose("one", count, folder=tmp_path)
    app = App[None]()
    async with app.run_test():
        editors = Editors(app)
        for number in dose.rounds_left():
            source = random.Random(number)
            found = detect(wrapped_value(source))
            checked = editable(found)
            is_text = isinstance(checked, EditableText)
            if isinstance(checked, EditableText):
                given, wanted = await editors.of_text(source, checked)
                assert given == wanted
                only_that_differs(found, checked.to_bytes(given))
            given_bytes, wanted_bytes = await editors.of_bytes(source, found.content)
            assert given_bytes == wanted_bytes
            only_that_differs(found, given_bytes)
            is_json = found.format is Format.JSON and token_changed(source, found.text or "")
            dose.add(texts=is_text, bytes=1, layered=bool(found.layers), nodes=is_json)
    totals = dose.totals
    assert min(totals["texts"], totals["layered"]) > totals["rounds"] / 4
    assert totals["nodes"] > totals["rounds"] / 20
