import pytest
from textual.app import App
from textual.widgets import TextArea

from kvtui.ui.widgets.exact_document import ExactDocument
from kvtui.ui.widgets.text_editor import TextEditor
from kvtui.values.byte_edit import ByteBuffer
from kvtui.values.detect import detect
from kvtui.values.detection import Encoding
from kvtui.values.editing import EditableText, NotEditable, editable_text
from kvtui.values.hex_text import bytes_of, hex_text
from kvtui.values.rewrap import Rewrapped, rewrapped
from kvtui.values.suffix import suffix
from tests.support.values import JSON, KINDS, png, random_values


def reason(content: bytes) -> str:
    checked = editable_text(content)
    assert isinstance(checked, NotEditable)
    assert checked.alternative
    return checked.reason


def editable(content: bytes) -> EditableText:
    checked = editable_text(content)
    assert isinstance(checked, EditableText), checked
    return checked


@pytest.mark.parametrize(
    "count", [5_000, pytest.param(100_000, marks=[pytest.mark.full, pytest.mark.timeout(900)])]
)
def test_whatever_is_opened_and_saved_unedited_keeps_every_byte(count: int) -> None:
    let_in = 0
    for value in [*KINDS.values(), *random_values(6, count)]:
        found = detect(value)
        checked = editable_text(value)
        as_hex = bytes_of(hex_text(found.content), found.content)
        assert rewrapped(found, as_hex) == rewrapped(found, found.content) == Rewrapped(value)
        assert ByteBuffer(value).content == value
        if isinstance(checked, EditableText):
            let_in += 1
            content = checked.to_bytes(ExactDocument(checked.text).text)
            assert rewrapped(found, content) == Rewrapped(value)
    assert let_in > count / 5


async def test_the_editor_holds_its_text_in_such_a_document() -> None:
    async with App[None]().run_test() as pilot:
        for text in ("mixed\r\nline\nends", "x" * 50_000, '{"a": 1}\r\n'):
            editor = TextEditor(text, syntax="")
            await pilot.app.mount(editor)
            assert editor.text == text


async def test_what_a_text_area_would_change_is_not_let_in() -> None:
    changed = 0
    async with App[None]().run_test() as pilot:
        area = TextArea()
        await pilot.app.mount(area)
        for character in "\v\f\x1c\x1d\x1e\x85\u2028\u2029\r":
            for text in (f"a{character}b\n", f"{character}\r\n", f"a\nb{character}"):
                area.text = text
                if area.text != text:
                    changed += 1
                    assert isinstance(editable_text(text.encode()), NotEditable)
    assert changed > 15


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a\rb", "it holds carriage returns that end no line"),
        (b"a\x0bb", "it holds U+000B, which an editor takes for the end of a line"),
        ("a\u2028b".encode(), "it holds U+2028, which an editor takes for the end of a line"),
        (b"a\x1b[m", "it holds the control character U+001B"),
        (b"a\0", "it holds the control character U+0000"),
        ("\u009b2J".encode(), "it holds the control character U+009B"),
        (KINDS["cut gzip"], "it is not text (binary)"),
        (KINDS["msgpack"], "it is not text (MessagePack)"),
        (KINDS["binary"], "it is not text (binary)"),
        (png(), "it is not text (image)"),
    ],
)
def test_what_is_not_let_in_is_told_why(content: bytes, why: str) -> None:
    assert reason(content) == why


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"a",
        b"a\nb\n",
        b"a\r\nb\r\n",
        b"\xef\xbb\xbfwith a mark\n",
        "tabs\tand ❤\ufe0f 漢字 \u200b\u202e".encode(),
        b"x" * 50_000,
        b"a\nb\r\n",
    ],
)
def test_ordinary_text_is_let_in_and_given_back_exactly(content: bytes) -> None:
    checked = editable(content)
    assert checked.to_bytes(checked.text) == content


@pytest.mark.parametrize(
    ("content", "syntax"),
    [(JSON, "json"), (KINDS["json lines"], "jsonl"), (b"a: 1\nb: 2\n", "yaml"), (b"words", "")],
)
def test_the_syntax_is_told(content: bytes, syntax: str) -> None:
    assert editable(content).syntax == syntax
    assert editable_text(b"words", "text/markdown") == EditableText("words", "markdown")


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        ("json", ".json"),
        ("json lines", ".jsonl"),
        ("yaml", ".yaml"),
        ("text", ".txt"),
        ("empty", ".txt"),
        ("png", ".png"),
        ("gzip", ".gz"),
        ("zstd", ".zst"),
        ("base64 of gzip", ".txt"),
        ("msgpack", ".msgpack"),
        ("cbor", ".cbor"),
        ("binary", ".bin"),
    ],
)
def test_files_get_the_ending_of_what_is_stored(kind: str, ending: str) -> None:
    assert suffix(detect(KINDS[kind])) == ending


def test_files_named_by_how_they_begin_get_their_own_ending() -> None:
    assert suffix(detect(b"%PDF-1.7\n\xff\xfe\x00")) == ".pdf"


@pytest.mark.parametrize("kind", ["gzip", "zlib", "zstd", "base64", "base64 of gzip"])
def test_what_is_inside_layers_is_let_in(kind: str) -> None:
    assert editable(KINDS[kind]) == EditableText(JSON.decode(), "json", is_packed=True)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (KINDS["latin-1"], Encoding.LATIN_1),
        (KINDS["utf-16"], Encoding.UTF_16_LE),
        ("\ufefftwo\r\nlines".encode("utf-16-be"), Encoding.UTF_16_BE),
    ],
)
def test_text_in_another_encoding_is_given_back_in_it(content: bytes, encoding: Encoding) -> None:
    checked = editable(content)
    assert checked.encoding is encoding
    assert checked.to_bytes(checked.text) == content
    assert checked.to_bytes(checked.text + "\xfc") == content + "\xfc".encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["words", "\ufeffwords", '{"a": 1}'])
def test_nothing_can_be_typed_before_a_byte_order_mark(encoding: str, text: str) -> None:
    content = f"\ufeff{text}".encode(encoding)
    checked = editable(content)
    assert checked.text == text
    assert checked.to_bytes(checked.text) == content
    assert checked.to_bytes(f"x{text}") == f"\ufeffx{text}".encode(encoding)
    assert checked.to_text(content) == text
    assert checked.to_text(text.removeprefix("\ufeff").encode(encoding)) is None


def test_a_character_that_the_encoding_has_no_bytes_for_is_named() -> None:
    checked = editable(KINDS["latin-1"])
    assert checked.problem(checked.text) is None
    assert checked.problem("5 \u20ac") == "LATIN-1 has no \u20ac (U+20AC)"
