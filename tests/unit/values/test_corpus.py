"""Every kind of value, bare and in layers: seen in every view, saved as it was, changed by a token.

What is stored after a change is unpacked with other code than ours, and compared byte by byte.
"""

import base64
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image

from kvtui.ui.widgets.exact_document import ExactDocument
from kvtui.values.byte_edit import ByteBuffer
from kvtui.values.detect import detect
from kvtui.values.detection import Detection, Format
from kvtui.values.editing import EditableText, editable
from kvtui.values.formats.json_tree import TreeLines
from kvtui.values.json_edit import changed, find_node
from kvtui.values.json_places import path_text
from kvtui.values.looks import View
from kvtui.values.rewrap import Rewrapped, rewrapped
from kvtui.values.view import views
from tests.support.layers import unpacked
from tests.support.values import KINDS
from tests.support.zstd import zstd

NOW = 1_800_000_000.0
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\w.+-]+')
PROTOBUF = b"\x08\x96\x01\x12\x07testing\x1a\x03\x08\xac\x02"


def image_of(form: str) -> bytes:
    content = BytesIO()
    Image.new("RGB", (6, 4), (200, 30, 10)).save(content, form)
    return content.getvalue()


CORPUS = KINDS | {
    "protobuf": PROTOBUF,
    "text with a mark": b"\xef\xbb\xbfone two\n",
    "utf-16 of the other order": "\ufeffone two\r\n".encode("utf-16-be"),
    "one line of JSON": b"[" + b",".join([b'{"a":1.10,"b":"x"}'] * 200) + b"]",
    **{form: image_of(form) for form in ("PNG", "JPEG", "GIF", "WEBP", "BMP")},
}
LAYERS: dict[str, Callable[[bytes], bytes]] = {
    "bare": bytes,
    "gzip": lambda inner: gzip.compress(inner, 9, mtime=7),
    "zlib": zlib.compress,
    "zstd": zstd.compress,
    "base64": base64.b64encode,
    "base64 of gzip": lambda inner: base64.encodebytes(gzip.compress(inner, mtime=0)),
}
CASES = [(kind, layers) for kind in CORPUS for layers in LAYERS]


def stored_after(found: Detection, edited: bytes) -> bytes:
    packed = rewrapped(found, edited)
    assert isinstance(packed, Rewrapped), packed
    return packed.content


def found_in(kind: str, layers: str) -> Detection:
    return detect(LAYERS[layers](CORPUS[kind]))


def edits_of_text(checked: EditableText) -> Iterator[tuple[str, str]]:
    """Give what stands before some of the tokens of a text, and the tokens."""
    tokens = list(TOKEN.finditer(checked.text))
    for token in {0, len(tokens) // 2, len(tokens) - 1}:
        if tokens:
            start, end = tokens[token].span()
            yield checked.text[:start], checked.text[start:end]


def with_other(content: bytes, checked: EditableText, before: str, old: str, new: str) -> bytes:
    """Put the bytes of `new` in place of those of `old`, which stand after `before`."""
    start = len((checked.mark + before).encode(checked.encoding))
    end = start + len(old.encode(checked.encoding))
    return content[:start] + new.encode(checked.encoding) + content[end:]


def typed(text: str, start: int, end: int, new: str) -> str:
    """Put `new` in place of a part of a text, in the document that the editor holds it in."""
    document = ExactDocument(text)

    def place(at: int) -> tuple[int, int]:
        line = text.count(document.newline, 0, at)
        before = text.rfind(document.newline, 0, at) + len(document.newline) if line else 0
        return line, at - before

    document.replace_range(place(start), place(end), new)
    return document.text


@pytest.mark.parametrize(("kind", "layers"), CASES)
def test_it_is_seen_in_every_view_to_its_last_row(kind: str, layers: str) -> None:
    content = LAYERS[layers](CORPUS[kind])
    found = views(content, now=NOW)
    assert found.whole.reason
    assert View.HEX in found.available
    assert View.INFO in found.available
    for view in found.available:
        for width in (36, 100):
            lines = found.lines(view, width)
            assert len(lines) > 0
            for row in {0, len(lines) // 2, len(lines) - 1}:
                lines.row(row)


@pytest.mark.parametrize(("kind", "layers"), CASES)
def test_saved_without_a_change_it_is_the_same(kind: str, layers: str) -> None:
    found = found_in(kind, layers)
    assert found.stored == LAYERS[layers](CORPUS[kind])
    assert stored_after(found, ByteBuffer(found.content).content) == found.stored
    checked = editable(found)
    if isinstance(checked, EditableText):
        content = checked.to_bytes(ExactDocument(checked.text).text)
        assert stored_after(found, content) == found.stored


@pytest.mark.parametrize(("kind", "layers"), CASES)
def test_a_changed_byte_or_token_is_all_that_differs(kind: str, layers: str) -> None:
    found = found_in(kind, layers)
    if found.content:
        at = len(found.content) // 2
        wanted = found.content[:at] + b"\x7e" + found.content[at + 1 :]
        buffer = ByteBuffer(found.content)
        buffer.replace(at, at + 1, b"\x7e")
        assert unpacked(stored_after(found, buffer.content), found.layers) == wanted
    checked = editable(found)
    if isinstance(checked, EditableText):
        for before, token in edits_of_text(checked):
            text = typed(checked.text, len(before), len(before) + len(token), "changed")
            wanted = with_other(found.content, checked, before, token, "changed")
            stored = stored_after(found, checked.to_bytes(text))
            assert unpacked(stored, found.layers) == wanted


TREES = [
    kind
    for kind, content in CORPUS.items()
    if View.JSON in views(content, now=NOW).available
    and isinstance(editable(detect(content)), EditableText)
]


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("kind", TREES)
def test_every_node_of_json_is_changed_through_the_path_that_its_row_has(
    kind: str, layers: str
) -> None:
    content = LAYERS[layers](CORPUS[kind])
    found = views(content, now=NOW)
    checked = editable(found.detection)
    assert isinstance(checked, EditableText)
    tree = found.lines(View.JSON, 100)
    assert isinstance(tree, TreeLines)
    changes = 0
    for row in range(min(len(tree), 40)):
        path = path_text(tree.path(row))
        if kind == "JSON with duplicate names" and path == "$.a":
            path += f"#{row}"
        is_sequence = found.detection.format is Format.JSON_LINES
        node = find_node(checked.text, path, is_sequence=is_sequence)
        edited = checked.to_bytes(changed(checked.text, node, '"new"'))
        before, old = checked.text[: node.start], checked.text[node.start : node.end]
        content = found.detection.content
        assert edited == with_other(content, checked, before, old, '"new"')
        stored = stored_after(found.detection, edited)
        assert unpacked(stored, found.detection.layers) == edited
        changes += 1
    assert changes
