import base64
import json

import cbor2
import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.formats import cbor, form, image, jwt
from kvtui.values.formats import msgpack as packed
from kvtui.values.formats.notation import MAX_DEPTH
from tests.support.values import jwt as token_of
from tests.support.values import png

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@given(st.lists(plain, min_size=1) | st.dictionaries(st.text(), plain, min_size=1))
def test_decoded_values_are_written_as_json_where_json_has_words(value: object) -> None:
    for written in (packed.written(msgpack.packb(value)), cbor.written(cbor2.dumps(value))):
        assert written is not None
        assert json.loads(written) == value


def test_what_json_has_no_words_for_stands_in_brackets() -> None:
    value = {
        "bytes": b"\x00\x01<>",
        "long": bytes(100),
        "time": msgpack.Timestamp(1, 2),
        "extension": msgpack.ExtType(5, b"abc"),
        "not a number": float("nan"),
    }
    written = packed.written(msgpack.packb(value))
    assert written is not None
    lines = written.splitlines()
    assert lines[1] == '  "bytes": <4 bytes: 00 01 3c 3e>,'
    assert lines[2].startswith('  "long": <100 bytes: 00 00')
    assert lines[2].endswith("00 …>,")
    assert lines[3] == '  "time": <Timestamp(seconds=1, nanoseconds=2)>,'
    assert lines[4] == '  "extension": <extension 5, 3 bytes: 61 62 63>,'
    assert lines[5] == '  "not a number": <float: nan>'


def test_cbor_keeps_what_only_it_can_say() -> None:
    value = {1: b"x", "big": 2**70, "tag": cbor2.CBORTag(999, [1]), "none": cbor2.undefined}
    written = cbor.written(cbor2.dumps(value))
    assert written is not None
    assert f'"big": {2**70}' in written
    assert "1: <1 byte: 78>" in written
    assert "<CBORTag(999" in written


def test_numbers_too_long_to_spell_are_described() -> None:
    written = cbor.written(cbor2.dumps([2**20_000]))
    assert written == "[\n  <int, too long to spell>\n]"


def test_repeated_names_and_odd_names_of_a_map_stay() -> None:
    assert packed.written(b"\x82\xa1a\x01\xa1a\x02") == '{\n  "a": 1,\n  "a": 2\n}'
    assert packed.written(b"\x81\x91\x01\x02") == "{\n  [\n    1\n  ]: 2\n}"


def test_values_nested_too_deep_are_shown_down_to_a_depth() -> None:
    deep = b"\x91" * 600 + b"\x90"
    written = packed.written(deep)
    assert written is not None
    assert written.count("[") == MAX_DEPTH + 1
    assert "too deep to show" in written
    assert packed.written(b"\x91" * 5000 + b"\x90") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x01",
        b"\xa1a",
        b"\x80",
        b"\x90",
        b"\x91\x01\x02",
        b"\x91",
        b"\x91\xa2\xff\xfe",
        b"\xc1",
    ],
)
def test_scalars_rests_and_rubbish_are_no_messagepack(content: bytes) -> None:
    assert packed.written(content) is None


@pytest.mark.parametrize(
    "content", [b"", b"\x01", b"aA", b"\x81\x01\x02", b"\x81", b"\xa1\x01", b"\xff"]
)
def test_scalars_rests_and_rubbish_are_no_cbor(content: bytes) -> None:
    assert cbor.written(content) is None


def test_references_in_circles_come_to_an_end() -> None:
    written = cbor.written(bytes.fromhex("d81c81d81d00"))
    assert written is not None
    assert written.count("[") == MAX_DEPTH + 1


def test_a_token_is_shown_in_its_parts_as_they_are_spelled() -> None:
    token = b".".join(
        base64.urlsafe_b64encode(part).rstrip(b"=")
        for part in (b'{"alg":"RS256"}', b'{"exp":1.70e9,"exp":1,"a":[]}', b"\x01\x02")
    )
    assert (jwt.written(token.decode()) or "").splitlines() == [
        "{",
        '  "header": {',
        '    "alg": "RS256"',
        "  },",
        '  "claims": {',
        '    "exp": 1.70e9,',
        '    "exp": 1,',
        '    "a": []',
        "  },",
        '  "signature": <2 bytes: 01 02; not verified>',
        "}",
    ]


def test_a_token_may_be_unsigned_or_named_as_a_bearer_token() -> None:
    unsigned = token_of({"alg": "none"}, {"sub": "1"}, b"").decode()
    assert "<none; not verified>" in (jwt.written(unsigned) or "")
    assert jwt.parsed(f"Bearer {unsigned}\n") == jwt.parsed(unsigned)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b.c",
        "www.example.com",
        "1234567890.1234567890.1234567890",
        token_of({"typ": "JWT"}, {}).decode(),
        token_of(["alg"], {}).decode(),
        token_of({"alg": "x"}, [1]).decode(),
        token_of({"alg": "x"}, {}).decode() + ".e",
    ],
)
def test_what_only_looks_like_a_token_is_none(text: str) -> None:
    assert jwt.parsed(text) is None


def test_a_form_is_written_with_its_escapes_undone() -> None:
    text = "name=New+York&name=%C3%A9&raw=%FF&empty="
    assert form.is_form(text)
    assert form.written(text) == (
        '{\n  "name": "New York",\n  "name": "é",\n  "raw": <1 byte: ff>,\n  "empty": ""\n}'
    )


@pytest.mark.parametrize(
    "text", ["a=1", "a=1&", "a=1&b", "a=%zz&b=1", "x: a=1&b=2", "a=1 & b=2", ""]
)
def test_text_with_equals_signs_is_no_form(text: str) -> None:
    assert not form.is_form(text)


@pytest.mark.parametrize(
    ("content", "kind", "size"),
    [
        (png(640, 480), "PNG", (640, 480)),
        (b"GIF89a" + b"\x40\x01\xf0\x00" + bytes(10), "GIF", (320, 240)),
        (
            b"\xff\xd8\xff\xe0\x00\x04xx\xff\xc2\x00\x0b\x08\x00\xf0\x01\x40\x03",
            "JPEG",
            (320, 240),
        ),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(7) + b"\x9d\x01\x2a\x40\x01\xf0\x00", "WebP", (320, 240)),
        (b"RIFF\0\0\0\0WEBPVP8L" + bytes(5) + b"\x3f\xc1\x3b\x00", "WebP", (320, 240)),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x3f\x01\x00\xef\x00\x00", "WebP", (320, 240)),
        (
            b"BM" + (26).to_bytes(4, "little") + bytes(12) + b"\x40\x01\0\0\x10\xff\xff\xff",
            "BMP",
            (320, 240),
        ),
    ],
)
def test_images_tell_their_dimensions(content: bytes, kind: str, size: tuple[int, int]) -> None:
    header = image.header(content)
    assert header is not None
    assert (header.type, header.width, header.height) == (kind, *size)
    for length in range(len(content)):
        cut = image.header(content[:length])
        assert cut is None or (cut.width, cut.height) == size


def test_images_written_by_an_image_library_are_read() -> None:
    from io import BytesIO

    from PIL import Image

    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP"):
        target = BytesIO()
        Image.new("RGB", (321, 45), "red").save(target, kind)
        header = image.header(target.getvalue())
        assert header is not None, kind
        assert (header.width, header.height) == (321, 45)
