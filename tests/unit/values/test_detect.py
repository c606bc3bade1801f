import base64
import gzip
import os
import zlib
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.detect import MAX_LAYERS, detect
from kvtui.values.detection import Encoding, Format, Layer
from kvtui.values.layers import MAX_UNPACKED_BYTES, unbase64, uncompress
from tests.support.values import JSON, KINDS, NASTY_JSON, png, random_values
from tests.support.zstd import zstd


@pytest.mark.parametrize(
    ("kind", "breadcrumb"),
    [
        ("json", "JSON"),
        ("pretty json", "JSON"),
        ("json lines", "JSON Lines"),
        ("text", "text"),
        ("yaml", "text"),
        ("utf-16", "text"),
        ("latin-1", "text"),
        ("chinese", "text"),
        ("empty", "empty"),
        ("binary", "binary"),
        ("gzip", "gzip ▸ JSON"),
        ("zlib", "zlib ▸ JSON"),
        ("zstd", "zstd ▸ JSON"),
        ("base64", "base64 ▸ JSON"),
        ("base64 of gzip", "base64 ▸ gzip ▸ JSON"),
        ("cut gzip", "binary"),
        ("msgpack", "MessagePack"),
        ("cbor", "CBOR"),
        ("jwt", "JWT"),
        ("form", "form"),
        ("png", "image"),
    ],
)
def test_each_kind_of_value_is_told(kind: str, breadcrumb: str) -> None:
    detection = detect(KINDS[kind])
    assert detection.breadcrumb == breadcrumb
    assert detection.stored == KINDS[kind]
    assert detection.reason


def test_random_values_get_an_answer_whatever_they_are() -> None:
    for value in random_values(2, 20_000):
        detection = detect(value, "application/json")
        assert detection.stored == value
        assert len(detection.stages) == len(detection.layers) + 1
        if detection.text is not None and detection.encoding is not None:
            assert detection.text.encode(detection.encoding) == detection.content.removeprefix(
                b"\xff\xfe" if detection.encoding is Encoding.UTF_16_LE else b"\xfe\xff"
            )


def test_layers_are_peeled_to_the_innermost_bytes() -> None:
    stored = base64.b64encode(gzip.compress(zstd.compress(JSON)))
    detection = detect(stored)
    assert detection.layers == (Layer.BASE64, Layer.GZIP, Layer.ZSTD)
    assert detection.content == JSON
    assert detection.stages[1] == base64.b64decode(stored)


def test_layers_are_peeled_so_often_and_not_more() -> None:
    content = JSON
    for _ in range(MAX_LAYERS + 2):
        content = zlib.compress(content)
    assert len(detect(content).layers) == MAX_LAYERS


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress, zstd.compress])
def test_a_bomb_is_not_unpacked(compress: Callable[[bytes], bytes]) -> None:
    bomb = compress(bytes(MAX_UNPACKED_BYTES + 1))
    detection = detect(bomb)
    assert detection.layers == ()
    assert "more than 67,108,864 bytes" in detection.reason


def test_nested_bombs_share_one_limit() -> None:
    peeled = uncompress(gzip.compress(bytes(1000)), limit=999)
    assert peeled is not None
    assert peeled.content is None


def test_what_is_cut_short_or_damaged_or_followed_by_more_stays_as_it_is() -> None:
    whole = gzip.compress(JSON, mtime=0)
    damaged = whole[:-8] + bytes(8)
    assert "cut short" in detect(whole[:-1]).reason
    assert "damaged" in detect(damaged).reason
    assert detect(whole + b"more").layers == ()
    assert detect(whole + whole).content == JSON * 2


@pytest.mark.parametrize(
    "text",
    [
        "configurationservice",
        "deadbeefdeadbeefdeadbeefdeadbeef",
        "1234567890123456",
        "AAAAAAAAAAAAAAAAAAAAAAAA",
        "a/path/to/something/else",
        "user-profile-settings-v2",
    ],
)
def test_words_that_happen_to_be_base64_stay_text(text: str) -> None:
    assert detect(text.encode()).breadcrumb == "text"


def test_base64_of_random_bytes_is_text_in_nearly_every_case() -> None:
    found = [detect(base64.b64encode(os.urandom(32))).layers for _ in range(2000)]
    assert found.count(()) == len(found)


@pytest.mark.parametrize(
    "encode",
    [
        base64.b64encode,
        base64.urlsafe_b64encode,
        base64.encodebytes,
        lambda content: base64.urlsafe_b64encode(content).rstrip(b"="),
    ],
)
def test_every_spelling_of_base64_is_peeled(encode: Callable[[bytes], bytes]) -> None:
    content = '{"text":"äöü???>>>", "more": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}'.encode()
    assert detect(encode(content)).content == content


def test_base64_that_would_not_be_spelled_so_again_stays_text() -> None:
    assert unbase64(b"QUJDREVGR0hJSktMTU5PUB==") is None
    assert unbase64(b"QUJDREVGR0hJSktMTU5PUA==") == b"ABCDEFGHIJKLMNOP"
    assert unbase64(b"QUJDREVGR0hJSktM TU5PUA==") is None
    assert unbase64(b"QUJD") is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("duplicate names", Format.JSON),
        ("too large a number", Format.JSON),
        ("lone surrogate", Format.JSON),
        ("NaN", Format.JSON),
        ("deep", Format.JSON),
        ("byte order mark", Format.JSON),
        ("trailing text", Format.TEXT),
        ("cut short", Format.TEXT),
        ("several", Format.JSON_LINES),
        ("string", Format.JSON),
    ],
)
def test_nasty_json_is_told_from_text_that_begins_like_it(name: str, found: Format) -> None:
    detection = detect(NASTY_JSON[name])
    assert detection.format is found
    if found is Format.TEXT:
        assert "no JSON" in detection.reason


@pytest.mark.parametrize("text", ['"quoted" words', '"""A docstring."""', "[section]\n", "[a](b)"])
def test_text_that_nobody_takes_for_json_is_not_told_to_be_none(text: str) -> None:
    detection = detect(text.encode())
    assert detection.format is Format.TEXT
    assert not detection.doubt


def test_the_content_type_decides_only_what_the_bytes_leave_open() -> None:
    assert detect(b"42").format is Format.TEXT
    assert detect(b"42", "application/json; charset=utf-8").format is Format.JSON
    assert detect(b'{"a":', "application/json").format is Format.JSON
    assert detect(b"plain", "application/json").format is Format.TEXT
    assert detect(png(), "text/plain").format is Format.IMAGE
    assert detect(JSON, "image/png").format is Format.JSON
    assert detect(b"\x92\x01\x02").format is Format.MSGPACK
    assert detect(b"\x82\x01\x02", "application/cbor").format is Format.CBOR
    assert detect(b"a=1", "application/x-www-form-urlencoded").format is Format.FORM
    assert detect(b"a=1").format is Format.TEXT


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("grüße".encode(), Encoding.UTF_8),
        ("grüße".encode("utf-8-sig"), Encoding.UTF_8_BOM),
        ("\ufeffgrüße".encode("utf-16-le"), Encoding.UTF_16_LE),
        ("\ufeffgrüße".encode("utf-16-be"), Encoding.UTF_16_BE),
        ("without a mark".encode("utf-16-le"), Encoding.UTF_16_LE),
        ("without a mark".encode("utf-16-be"), Encoding.UTF_16_BE),
        ("grüße aus Köln".encode("latin-1"), Encoding.LATIN_1),
    ],
)
def test_the_encoding_of_text_is_told(content: bytes, encoding: Encoding) -> None:
    detection = detect(content)
    assert detection.format is Format.TEXT
    assert detection.encoding is encoding
    assert detection.text is not None
    assert "\ufeff" not in detection.text


def test_one_byte_order_mark_is_none_of_the_text_and_a_second_one_is() -> None:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        assert detect("\ufeff\ufeffa b c d".encode(encoding)).text == "\ufeffa b c d"


def test_a_large_text_is_judged_by_parts_from_everywhere_in_it() -> None:
    assert detect(b"words " * 400_000).text == "words " * 400_000
    assert detect(b"w" * 2_000_000 + b"\0").format is Format.BINARY
    assert detect(b"w" * 1_000_000 + b"\x01" * 1_000_000).format is Format.BINARY


def test_valid_utf_8_of_control_characters_is_binary() -> None:
    assert detect(bytes(range(8)) * 4).format is Format.BINARY
    assert detect(b"text with one \x01 control").format is Format.TEXT
    assert detect(b"text\0").format is Format.BINARY


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a: 1\nb: 2\n", "yaml"),
        ("# comment\n\nlist:\n  - a\n", "yaml"),
        ("---\na\n", "yaml"),
        ("[server]\nport = 1\n", "toml"),
        ('name = "x"\n', "toml"),
        ("<?xml version='1.0'?><a/>", "xml"),
        ("<note>x</note>", "xml"),
        ("<!doctype html><p>", "html"),
        ("#!/usr/bin/env python3\n", "python"),
        ("from os import path\n", "python"),
        ('"""What it is\nand does."""\n\nimport json\n', "python"),
        ('"""Only words."""\n', None),
        ("#!/bin/sh\n", "bash"),
        ("SELECT a FROM b;", "sql"),
        ("# Title\n\ntext", "markdown"),
        ("Dear Alice: hello\nworld", None),
        ("just words", None),
    ],
)
def test_the_language_of_text_is_guessed(text: str, language: str | None) -> None:
    assert detect(text.encode()).language == language


def test_guessing_the_language_never_takes_long() -> None:
    for first, second in product(["\n", " ", "#", "a:", "[a", "<a ", "a = "], repeat=2):
        assert detect(((first + second) * 2000).encode()).reason


@given(st.binary(max_size=200))
def test_packed_bytes_come_out_as_they_went_in(content: bytes) -> None:
    assert detect(gzip.compress(content)).stages[1] == content
    assert detect(zlib.compress(content)).stages[1] == content
    assert detect(zstd.compress(content)).stages[1] == content
