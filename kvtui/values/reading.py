"""Other ways to read a value than the one that was found: a layer further out, another format."""

from dataclasses import dataclass, replace
from typing import Final

from kvtui.values.detect import innermost
from kvtui.values.detection import Detection, Encoding, Format
from kvtui.values.formats import cbor, form, image, json_text, jwt, msgpack, protobuf, text

_CHOSEN: Final = "chosen by you"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person chose; None leaves it to what was found."""

    depth: int | None = None
    """How many layers to peel."""
    format: Format | None = None


def reread(found: Detection, reading: Reading, content_type: str | None) -> Detection:
    """Read a value in the way that was chosen, as far as it can be."""
    depth = len(found.layers) if reading.depth is None else reading.depth
    if depth < len(found.layers):
        inner = innermost(found.stages[depth], content_type)
        found = replace(inner, stages=found.stages[: depth + 1], layers=found.layers[:depth])
    if reading.format is None or reading.format not in formats(found):
        return found
    return _as(found, reading.format)


def formats(found: Detection) -> tuple[Format, ...]:
    """Give the formats that the innermost bytes can be read in, the one that was found first."""
    body = _text(found)
    others = [*(_text_formats(body.text) if body else []), *_byte_formats(found.content)]
    return tuple(dict.fromkeys([found.format, *others, Format.BINARY]))


def _text_formats(body: str) -> list[Format]:
    possible = {
        Format.JSON: json_text.problem(body) is None,
        Format.JSON_LINES: json_text.document_count(body) > 0,
        Format.JWT: jwt.parsed(body) is not None,
        Format.FORM: form.is_form(body, is_expected=True),
        Format.TEXT: True,
    }
    return [name for name, is_possible in possible.items() if is_possible]


def _byte_formats(content: bytes) -> list[Format]:
    possible = {
        Format.IMAGE: image.header(content) is not None,
        Format.MSGPACK: msgpack.decoded(content) is not None,
        Format.CBOR: cbor.decoded(content) is not None,
        Format.PROTOBUF: protobuf.decoded(content) is not None,
    }
    return [name for name, is_possible in possible.items() if is_possible]


def _text(found: Detection) -> text.Decoded | None:
    body = found.text
    if body is not None and found.encoding is not None:
        return text.Decoded(body, found.encoding)
    return text.decoded(found.content) or (
        text.Decoded(found.content.decode(Encoding.LATIN_1), Encoding.LATIN_1)
        if found.content
        else None
    )


def _as(found: Detection, chosen: Format) -> Detection:
    body = _text(found)
    return replace(
        found,
        format=chosen,
        reason=found.reason if chosen is found.format else _CHOSEN,
        encoding=body.encoding if body else None,
        language=found.language if chosen is found.format else None,
    )
