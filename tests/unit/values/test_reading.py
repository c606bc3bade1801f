import base64
import gzip

import pytest

from kvtui.values.detect import detect
from kvtui.values.detection import Format
from kvtui.values.layers import is_packed
from kvtui.values.reading import Reading, formats, reread
from kvtui.values.view import views
from tests.support.values import JSON, KINDS, texts_of


def test_a_layer_further_out_is_what_it_is_by_itself() -> None:
    packed = gzip.compress(JSON, mtime=0)
    found = detect(base64.b64encode(packed))
    outer = reread(found, Reading(depth=0), None)
    assert (outer.format, outer.layers) == (Format.TEXT, ())
    middle = reread(found, Reading(depth=1), None)
    assert (middle.format, middle.content) == (Format.BINARY, packed)
    assert reread(found, Reading(depth=2), None) == found


def test_a_number_can_be_read_as_json_and_words_cannot() -> None:
    assert Format.JSON in formats(detect(b"42"))
    assert Format.JSON not in formats(detect(b"forty-two"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_on_offer_can_be_shown(kind: str) -> None:
    found = detect(KINDS[kind])
    offered = formats(found)
    assert offered[0] is found.format
    for form in offered:
        chosen = views(KINDS[kind], now=0)
        assert chosen.read(Reading(format=form)).format is form


def test_a_format_that_does_not_fit_leaves_what_was_found() -> None:
    found = detect(b"plain words")
    assert reread(found, Reading(format=Format.IMAGE), None) == found


def test_text_read_as_bytes_keeps_its_bytes() -> None:
    found = views(b"plain words", now=0)
    assert found.read(Reading(format=Format.BINARY)).content == b"plain words"
    assert "plain words" in "".join(texts_of(found.lines(found.default, 40)))


@pytest.mark.parametrize("kind", ["gzip", "zlib", "zstd", "base64 of gzip"])
def test_what_may_unpack_to_more_is_known_by_its_first_bytes(kind: str) -> None:
    assert is_packed(KINDS[kind])
    assert is_packed(base64.b64encode(KINDS[kind]))


@pytest.mark.parametrize("kind", ["json", "text", "empty", "binary", "base64", "jwt"])
def test_other_values_are_not_taken_for_packed(kind: str) -> None:
    assert not is_packed(KINDS[kind])
