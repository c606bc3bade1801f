"""Values of every kind, kind and unkind, for whatever looks at values."""

import base64
import gzip
import json
import random
import zlib
from typing import Final

import cbor2
import msgpack

from kvtui.values.lines import Kind, Lines, Span
from tests.support.zstd import zstd

JSON: Final = b'{"name":"Alice","tags":["a","b"],"age":42,"ok":true,"none":null}'
NASTY_JSON: Final = {
    "duplicate names": b'{"a":1,"a":2}',
    "too large a number": b'{"a":1e999}',
    "big integer": b'{"a":123456789012345678901234567890}',
    "odd spellings": rb'{"a":1E2,"b":-0,"c":0.10,"d":"\/\u00e9"}',
    "lone surrogate": rb'{"a":"\ud800"}',
    "NaN": b'{"a":NaN,"b":[Infinity,-Infinity]}',
    "deep": b"[" * 5000 + b"]" * 5000,
    "byte order mark": b'\xef\xbb\xbf{"a":1}',
    "trailing text": b'{"a":1} and more',
    "cut short": b'{"a":[1,2',
    "control in string": b'{"a":"\x01\x1b[31m"}',
    "bidi in string": '{"a":"\u202eevil\u2066"}'.encode(),
    "newline in string": b'{"a":"one\ntwo"}',
    "several": b'{"a":1}\n{"b":2}\n',
    "string": rb'"{\"a\":1}"',
    "only spaces": b"  \n ",
    "quotes and backslashes": rb'{"a\\":"\\\"","\\\\":"\\\\\""}',
}


def png(width: int = 640, height: int = 480) -> bytes:
    size = width.to_bytes(4) + height.to_bytes(4)
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + b"\x08\x06\0\0\0"


def jwt(header: object, claims: object, signature: bytes = b"signature") -> bytes:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)


KINDS: Final = {
    "json": JSON,
    "pretty json": json.dumps(json.loads(JSON), indent=2).encode(),
    "json lines": JSON + b"\n" + JSON + b"\n",
    "text": b"one\ntwo\n\tthree\n",
    "windows text": b"one\r\ntwo\r\n",
    "yaml": b"name: x\nlist:\n  - a  # c\n",
    "utf-16": "\ufeffgr\u00fc\u00dfe".encode("utf-16-le"),
    "latin-1": "caf\u00e9 cr\u00e8me".encode("latin-1"),
    "chinese": "\u6f22\u5b57\n".encode() * 200,
    "hindi": "\u0928\u092e\u0938\u094d\u0924\u0947 ".encode() * 100,
    "zalgo": ("e" + "\u0301" * 50).encode() * 20,
    "terminal codes": b"\x1b]52;c;aGk=\x07\x1b[2J\x9b31m",
    "empty": b"",
    "binary": bytes(range(256)) * 3,
    "gzip": gzip.compress(JSON, mtime=0),
    "zlib": zlib.compress(JSON),
    "zstd": zstd.compress(JSON),
    "base64": base64.b64encode(JSON),
    "base64 of gzip": base64.b64encode(gzip.compress(JSON, mtime=0)),
    "cut gzip": gzip.compress(JSON, mtime=0)[:-6],
    "msgpack": msgpack.packb({"a": [1, 2.5, None, b"\0\1"], "b": {"c": True}}),
    "cbor": cbor2.dumps({"a": [1, 2.5, None, b"\0\1"], "b": {"c": True}}),
    "jwt": jwt({"alg": "HS256"}, {"sub": "1", "exp": 1_700_000_000, "iat": 1_600_000_000}),
    "form": b"name=Alice&city=New+York&raw=%ff",
    "png": png(),
    "one long line": b"x" * 5000,
} | {f"JSON with {name}": content for name, content in NASTY_JSON.items()}


def random_values(seed: int, count: int) -> list[bytes]:
    """Byte strings of many shapes, more often near to something known than wholly random."""
    source = random.Random(seed)
    known = [*KINDS.values()]
    return [_random_value(source, known) for _ in range(count)]


def _random_value(source: random.Random, known: list[bytes]) -> bytes:
    match source.randrange(5):
        case 0:
            return source.randbytes(source.randrange(64))
        case 1:
            return "".join(source.choices(_UNKIND, k=source.randrange(40))).encode()
        case 2:
            newline = source.choice(["\n", "\r\n"])
            words = source.choices([*'ab {}:",\t漢é', newline], k=source.randrange(60))
            return "".join(words).encode()
        case 3:
            value = bytearray(source.choice(known)[:300])
            for _ in range(source.randrange(1, 4)):
                value[source.randrange(len(value) + 1) : 0] = source.randbytes(1)
            return bytes(value)
        case _:
            value = bytearray(source.choice(known)[:300] or b"x")
            value[source.randrange(len(value))] = source.randrange(256)
            return bytes(value)


_UNKIND: Final = [
    *'ab {}[]",:1\\\n\r\t',
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA1)),
    *"\u0301\u034f\u115f\u1160\u200b\u200d\u200e\u2028\u2029\u202e\u2066\u2800\u3000\u3164",
    *"\ufeff\ufe0f\uffa0\ue000\U000e0001\U000e0100\U0001f600\U0001f3fb\u00e9\u6f22\ud55c\u1161",
]
"""Characters with which texts go wrong."""


def text_of(row: list[Span]) -> str:
    return "".join(span.text for span in row)


def texts_of(lines: Lines) -> list[str]:
    return [text_of(lines.row(number)) for number in range(len(lines))]


def kinds_of(row: list[Span]) -> dict[str, Kind]:
    """Give the kind of each part of a row, by its text."""
    return {span.text: span.kind for span in row}
