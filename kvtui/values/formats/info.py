"""What is known about a value besides its bytes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from kvtui.values.detection import Detection, Encoding, Format
from kvtui.values.display import hidden_count
from kvtui.values.expiry import described, expiries, instant
from kvtui.values.fixed_lines import Fact
from kvtui.values.formats import image, jwt
from kvtui.values.lines import Kind

ENCODING_NAMES: Final = {
    Encoding.UTF_8: "UTF-8",
    Encoding.UTF_8_BOM: "UTF-8 with a byte order mark",
    Encoding.UTF_16_LE: "UTF-16, little-endian",
    Encoding.UTF_16_BE: "UTF-16, big-endian",
    Encoding.LATIN_1: "Latin-1, assumed because it is not UTF-8",
}
_CLAIM_TIMES: Final = (("iat", "Issued"), ("nbf", "Not before"), ("auth_time", "Logged in"))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is told about a value by whoever read it."""

    content_type: str | None
    now: float
    """Seconds since the epoch."""
    extra: Sequence[tuple[str, str]] = ()
    """Further facts, shown as they are."""


def facts(detection: Detection, circumstances: Circumstances, readable: str | None) -> list[Fact]:
    """Gather the facts; `readable` is the value as JSON or written like it, if it can be."""
    return [
        Fact("Size", _size(len(detection.stored))),
        Fact("Content type", circumstances.content_type or "none"),
        *(Fact(label, text) for label, text in circumstances.extra),
        Fact("Format", f"{detection.breadcrumb}: {detection.reason}"),
        *_layer_facts(detection),
        *_text_facts(detection),
        *_image_facts(detection),
        *_token_facts(detection, circumstances.now),
        *_expiry_facts(readable, circumstances.now),
        Fact("SHA-256", hashlib.sha256(detection.stored).hexdigest()),
    ]


def _size(size_bytes: int) -> str:
    return f"{size_bytes:,} byte{'' if size_bytes == 1 else 's'}"


def _layer_facts(detection: Detection) -> Iterator[Fact]:
    stages = zip(detection.layers, detection.stages, detection.stages[1:], strict=False)
    for layer, outer, inner in stages:
        ratio = len(inner) / len(outer)
        yield Fact("Layer", f"{layer}: {len(outer):,} → {_size(len(inner))}, ×{ratio:.2f}")


def _text_facts(detection: Detection) -> Iterator[Fact]:
    text = detection.text
    if text is None or detection.encoding is None:
        return
    yield Fact("Encoding", ENCODING_NAMES[detection.encoding])
    if detection.language:
        yield Fact("Language", f"{detection.language}, a guess")
    yield Fact("Lines", _lines(text))
    if hidden := hidden_count(text):
        noun = "character" if hidden == 1 else "characters"
        yield Fact("Hidden", f"{hidden:,} hidden {noun}, shown as symbols", Kind.WARNING)


def line_endings(text: str) -> list[str]:
    """Name the line endings of a text with how many there are of each."""
    return [f"{count:,} {name}" for name, count in _ending_counts(text).items() if count]


def _ending_counts(text: str) -> dict[str, int]:
    if "\r" not in text:
        return {"LF": text.count("\n")}
    crlf = text.count("\r\n")
    return {"LF": text.count("\n") - crlf, "CRLF": crlf, "CR": text.count("\r") - crlf}


def _lines(text: str) -> str:
    present = line_endings(text)
    has_last = text.endswith(("\n", "\r"))
    count = sum(_ending_counts(text).values()) + (0 if has_last or not text else 1)
    end = "" if has_last else "; no newline at the end"
    return f"{count:,} ({', '.join(present) or 'no newlines'}{end if present else ''})"


def _image_facts(detection: Detection) -> Iterator[Fact]:
    header = image.header(detection.content) if detection.format is Format.IMAGE else None
    if header:
        yield Fact("Image", f"{header.type}, {header.dimensions}")


def _token_facts(detection: Detection, now: float) -> Iterator[Fact]:
    token = jwt.parsed(detection.text or "") if detection.format is Format.JWT else None
    if token is None:
        return
    header: dict[str, object] = msgspec.json.decode(token.header)
    claims: dict[str, object] = msgspec.json.decode(token.claims)
    yield Fact("Algorithm", f"{header.get('alg')}; the signature is not verified")
    for name, label in _CLAIM_TIMES:
        if at := instant(str(claims.get(name))):
            yield Fact(label, described(at, now))


def _expiry_facts(readable: str | None, now: float) -> Iterator[Fact]:
    for expiry in expiries(readable or ""):
        when = described(expiry.at, now)
        if expiry.has_passed(now):
            yield Fact("Expired", f"{expiry.name}: {when}", Kind.WARNING)
        else:
            yield Fact("Expires", f"{expiry.name}: {when}")
