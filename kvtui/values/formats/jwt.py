"""JSON Web Tokens: header and claims, read and never verified."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

import msgspec

from kvtui.values.formats.notation import bytes_text

_TOKEN: Final = re.compile(r"\s*(?:Bearer )?([\w-]{8,})\.([\w-]{2,})\.([\w-]*)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """The three parts of a token, the first two as JSON text."""

    header: str
    claims: str
    signature: bytes


def parsed(text: str) -> Token | None:
    """Take a token apart; None when it is none."""
    match = _TOKEN.fullmatch(text)
    parts = [_decoded(part) for part in match.groups()] if match else []
    if not all(part is not None for part in parts) or len(parts) != 3:
        return None
    header, claims = _json_object(parts[0]), _json_object(parts[1])
    if header is None or claims is None or '"alg"' not in header:
        return None
    return Token(header, claims, parts[2] or b"")


def written(text: str) -> str | None:
    """Write a token like JSON, every token of its JSON as it is; None when it is none."""
    token = parsed(text)
    if token is None:
        return None
    signature = bytes_text(token.signature) if token.signature else "none"
    return "\n".join(
        [
            "{",
            f'  "header": {_indented(token.header)},',
            f'  "claims": {_indented(token.claims)},',
            f'  "signature": <{signature}; not verified>',
            "}",
        ]
    )


def _decoded(part: str) -> bytes | None:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        return None


def _json_object(part: bytes | None) -> str | None:
    """Give the part formatted, if it is an object."""
    try:
        text = msgspec.json.format((part or b"").decode(), indent=2)
    except (ValueError, RecursionError):
        return None
    return text if text.startswith("{") else None


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
