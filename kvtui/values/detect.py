"""Finding out what a value is: always with an answer and its reason, never with an exception.

The content type is only a hint: it decides where the bytes alone would leave it open.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Final

from kvtui.values.detection import Detection, Encoding, Format, Layer
from kvtui.values.display import hidden_count
from kvtui.values.formats import cbor, form, image, json_text, jwt, msgpack, protobuf, text
from kvtui.values.formats.language import language
from kvtui.values.layers import MAX_UNPACKED_BYTES, unbase64, uncompress
from kvtui.values.signatures import signature

MAX_LAYERS: Final = 5

_WEAK: Final = frozenset({Format.BINARY, Format.EMPTY, Format.CBOR, Format.PROTOBUF})
"""What any bytes may be read as."""
_MAX_TOKEN: Final = 64 * 1024
_MAX_FORM: Final = 64 * 1024
_MAX_LENIENT: Final = 2 * 1024 * 1024
_JSON_START: Final = re.compile(r"\s*([{[\"])")
_LIKE_JSON: Final = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*(?:[\"\]\[{\d-]|true|false|null))")
"""How text begins that people take for JSON; quotes and brackets alone begin much else."""
_BINARY_REASONS: Final = {
    Format.MSGPACK: "a list or map of MessagePack that ends with the last byte",
    Format.CBOR: "a list or map of CBOR that ends with the last byte",
    Format.PROTOBUF: "fields with words in them that end with the last byte, a guess",
}
_ENCODING_REASONS: Final = {
    Encoding.UTF_8: "text in UTF-8",
    Encoding.UTF_8_BOM: "text in UTF-8 with a byte order mark",
    Encoding.UTF_16_LE: "text in UTF-16, little-endian",
    Encoding.UTF_16_BE: "text in UTF-16, big-endian",
    Encoding.LATIN_1: "no valid UTF-8, but legible as Latin-1",
}


def detect(content: bytes, content_type: str | None = None) -> Detection:
    """Find out what `content` is."""
    return _detect(content, _Hint(content_type or ""), MAX_LAYERS, MAX_UNPACKED_BYTES)


def innermost(content: bytes, content_type: str | None = None) -> Detection:
    """Find out what `content` is when it is not looked for layers."""
    return _innermost(content, _Hint(content_type or ""))


@dataclass(frozen=True, slots=True)
class _Hint:
    """What the content type claims."""

    content_type: str

    def says(self, word: str) -> bool:
        return word in self.content_type.partition(";")[0].lower()


def _detect(content: bytes, hint: _Hint, layers_left: int, room: int) -> Detection:
    peeled = uncompress(content, room) if layers_left else None
    if peeled and peeled.content is not None:
        room -= len(peeled.content)
        inner = _detect(peeled.content, hint, layers_left - 1, room)
        return _wrapped(content, peeled.layer, inner)
    decoded = unbase64(content) if layers_left else None
    if decoded is not None:
        inner = _detect(decoded, hint, layers_left - 1, room)
        if _is_meaningful(inner):
            return _wrapped(content, Layer.BASE64, inner)
    if peeled:
        return _found(
            content, Format.BINARY, f"begins like {peeled.layer}, but is {peeled.problem}"
        )
    return _innermost(content, hint)


def _wrapped(content: bytes, layer: Layer, inner: Detection) -> Detection:
    return replace(inner, stages=(content, *inner.stages), layers=(layer, *inner.layers))


def _is_meaningful(inner: Detection) -> bool:
    """Tell whether bytes that a word of letters happened to decode to are more than chance."""
    if inner.layers:
        return True
    if inner.format in _WEAK:
        return False
    if inner.format is Format.MSGPACK:
        return msgpack.is_record(inner.content)
    if (body := inner.text) is None:
        return True
    return inner.encoding in {Encoding.UTF_8, Encoding.UTF_8_BOM} and not hidden_count(body)


def _found(content: bytes, found: Format, reason: str) -> Detection:
    return Detection((content,), (), found, reason)


def _innermost(content: bytes, hint: _Hint) -> Detection:
    if not content:
        return _found(content, Format.EMPTY, "there are no bytes")
    decoded = text.decoded(content)
    if decoded and text.is_legible(decoded.text):
        return _text(content, decoded, hint)
    binary = _binary(content, hint)
    if decoded:
        return replace(binary, encoding=decoded.encoding)
    latin_1 = text.latin_1(content) if binary.format is Format.BINARY else None
    return _text(content, latin_1, hint) if latin_1 else binary


def _binary(content: bytes, hint: _Hint) -> Detection:
    if header := image.header(content):
        return _found(content, Format.IMAGE, f"has the header of a {header.type} image")
    if named := signature(content):
        return _found(content, Format.BINARY, f"begins like a {named[0]}")
    readers = [
        (Format.MSGPACK, msgpack.decoded),
        (Format.CBOR, cbor.decoded),
        (Format.PROTOBUF, protobuf.decoded),
    ]
    readers.sort(key=lambda reader: not hint.says(reader[0].lower()))
    for found, decoded in readers:
        if decoded(content) is not None:
            return _found(content, found, _BINARY_REASONS[found])
    return _found(content, Format.BINARY, "neither text nor any format known here")


def _text(content: bytes, decoded: text.Decoded, hint: _Hint) -> Detection:
    found, reason = _text_format(decoded, hint)
    return Detection(
        (content,),
        (),
        found,
        reason,
        decoded.encoding,
        language(decoded.text, hint.content_type) if found is Format.TEXT else None,
    )


def _text_format(decoded: text.Decoded, hint: _Hint) -> tuple[Format, str]:
    body = decoded.text
    if len(body) <= _MAX_TOKEN and jwt.parsed(body):
        return Format.JWT, "three parts in base64url, of which the first two are JSON objects"
    if _JSON_START.match(body):
        return _json_format(decoded, hint)
    if hint.says("json") and json_text.problem(body) is None:
        return Format.JSON, "parses as JSON, and its content type says so"
    if len(body) <= _MAX_FORM and form.is_form(body, is_expected=hint.says("form-urlencoded")):
        return Format.FORM, "fields in the encoding of web forms"
    return Format.TEXT, _ENCODING_REASONS[decoded.encoding]


def _json_format(decoded: text.Decoded, hint: _Hint) -> tuple[Format, str]:
    """Tell JSON from text that only begins like it."""
    problem = json_text.problem(decoded.text)
    if problem is None:
        return Format.JSON, "parses as JSON"
    is_alike = bool(_LIKE_JSON.match(decoded.text))
    count = json_text.document_count(decoded.text)
    if count > 1 and (is_alike or "\n" in decoded.text.strip()):
        return Format.JSON_LINES, f"{count:,} JSON documents that follow each other"
    if reason := _imperfect_json(decoded.text, problem, hint):
        return Format.JSON, reason
    reason = _ENCODING_REASONS[decoded.encoding]
    return Format.TEXT, f"{reason}; no JSON: {problem}" if is_alike else reason


def _imperfect_json(body: str, problem: str, hint: _Hint) -> str | None:
    """Say why text that does not parse is still best seen as JSON, or None."""
    if problem == json_text.TOO_DEEP:
        return f"begins like JSON, but is {problem} to be parsed"
    if _is_lenient_json(body):
        return "parses as JSON only with what the standard leaves out"
    if hint.says("json"):
        return f"said to be JSON by its content type, but does not parse: {problem}"
    return None


def _is_lenient_json(body: str) -> bool:
    """Tell whether Python reads it, which lets NaN, lone surrogates and control characters pass."""
    if len(body) > _MAX_LENIENT:
        return False
    try:
        json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return False
    return True
