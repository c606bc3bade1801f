"""One value of every kind that people keep in a key-value store, and of some they should not."""

import base64
import gzip
import struct
import zlib
from collections.abc import Iterator
from typing import Final

import cbor2
import msgpack
import msgspec

from kvtui.protocol import DEFAULT_CONTENT_TYPE, MAX_VALUE_BYTES
from kvtui.server.dice import Dice

JSON: Final = "application/json"
TEXT: Final = "text/plain"
FORM: Final = "application/x-www-form-urlencoded"
"""What curl's `--data-binary` claims about everything."""

Example = tuple[str, bytes, str]
"""A key, a value and its content type."""

_ORDER: Final = {
    "id": "ord_7Qm2",
    "total": "149.90",
    "currency": "EUR",
    "items": [{"sku": "KB-87", "quantity": 1}, {"sku": "CBL-C", "quantity": 3}],
    "paid": True,
    "note": None,
}

_NUMBERS: Final = """{
  "account": 12345678901234567890123,
  "balance": 0.1000000000000000055511151231257827,
  "tiny": 1E-400,
  "huge": 1e400,
  "negative_zero": -0,
  "exponent": 1e2,
  "escaped": "caf\\u00e9 \\/ tab\\t",
  "twice": "first",
  "twice": "second"
}
"""

_LANGUAGES: Final = """English: The quick brown fox jumps over the lazy dog.
Deutsch: Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.
Ελληνικά: Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.
Русский: Съешь же ещё этих мягких французских булок.
日本語: いろはにほへと ちりぬるを
中文: 视野无限广,窗外有蓝天
한국어: 다람쥐 헌 쳇바퀴에 타고파
עברית: דג סקרן שט בים מאוכזב
العربية: نص حكيم له سر قاطع
ไทย: เป็นมนุษย์สุดประเสริฐเลิศคุณค่า
Emoji: 👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 ☎️ e\u0301 (combining)
"""

_HOSTILE: Final = {
    "escape-sequences": "before \x1b[31mred\x1b[0m \x1b]0;new title\x07 \x1b[2J after\n",
    "hyperlink": "\x1b]8;;https://evil.example/\x1b\\click me\x1b]8;;\x1b\\\n",
    "clipboard": "\x1b]52;c;cm0gLXJmIH4=\x07\n",
    "c1-controls": "before \x9b31m and \x90payload\x9c after\n",
    "bidi": "access = \u202e\u2066// nimda si resu fi\u2069 \u2066granted\n",
    "invisible": "pay\u200bpal\ufeff \u2060soft\u00adhyphen \U000e0041tag\n",
    "markup": "[/red] [bold]not bold[/bold] [@click=app.quit]x[/] [link=https://evil.example]y[/]\n",
    "backspaces": "password: hunter2\b\b\b\b\b\b\b*******\r overwritten\n",
    "controls": "".join(map(chr, [*range(32), 127])) + "\n",
    "zalgo": "Z" + "\u0335\u0321\u034d" * 40 + "algo\n",
}

_YAML: Final = """# deployment of the edge function
name: my-function
regions: [fra, iad, sin]
limits: &limits
  memory: 128Mi
  timeout: 30s
routes:
  - path: /api/*
    limits: *limits
  - path: /health
"""

_TOML: Final = """[edge_compute]
func_name = "my-function"

[storage.kv.MY_CACHE]
id = "550e8400-e29b-41d4-a716-446655440000"
"""

_HTML: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Status</title></head>
<body><h1>All systems operational</h1><p>Updated <time>14:48</time></p></body>
</html>
"""


def examples() -> Iterator[Example]:
    """Yield all of them, with keys that say what they are."""
    yield from _json()
    yield from _text()
    yield from _binary()
    yield from _layered()
    for name, text in _HOSTILE.items():
        yield f"examples/hostile/{name}", text.encode(), TEXT


def png(width: int, height: int, dice: Dice) -> bytes:
    """Draw a picture of coloured diagonal bands, stored: zlib packs not the same everywhere."""
    red, green, blue = (dice.below(200) for _ in range(3))
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            shade = (x + y) * 35 // (width + height) + (20 if (x - y) // 8 % 2 else 0)
            rows += bytes((red + shade, green + shade, blue + shade))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*chunk) for chunk in chunks)


def jwt(subject: str, issued_at: int, dice: Dice) -> bytes:
    """Make a token of the usual three parts; its signature signs nothing."""
    header = {"alg": "HS256", "typ": "JWT"}
    claims = {"sub": subject, "iss": "https://auth.shop.example", "iat": issued_at}
    parts = (msgspec.json.encode(header), msgspec.json.encode(claims), dice.content(32))
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)


def _json() -> Iterator[Example]:
    dice = Dice("json")
    orders = [_ORDER | {"id": f"ord_{dice.below(10**9):09d}"} for _ in range(8000)]
    compact = msgspec.json.encode(_ORDER)
    yield "examples/json/small", compact, JSON
    yield "examples/json/pretty", msgspec.json.format(compact, indent=2), JSON
    large = msgspec.json.encode({"orders": orders[:700]})
    yield "examples/json/large", msgspec.json.format(large, indent=2), JSON
    whole = msgspec.json.encode({"padding": "", "orders": orders[:7000]})
    padding = b"x" * (MAX_VALUE_BYTES - len(whole))
    one_line = whole.replace(b'"padding":""', b'"padding":"' + padding + b'"', 1)
    yield "examples/json/one-line-1MiB", one_line, JSON
    yield "examples/json/numbers-and-duplicates", _NUMBERS.encode(), JSON
    yield "examples/json/deep", b'{"a":[' * 60 + b"1" + b"]}" * 60, JSON
    yield "examples/json/quoted-text", b'"just a \\"quoted\\" text"', JSON
    yield "examples/json/broken", compact[:-7], JSON
    lines = b"\n".join(msgspec.json.encode(order) for order in orders[:200]) + b"\n"
    yield "examples/json/lines", lines, "application/x-ndjson"


def _text() -> Iterator[Example]:
    yield "examples/text/empty", b"", DEFAULT_CONTENT_TYPE
    yield "examples/text/languages", _LANGUAGES.encode(), TEXT
    yield "examples/text/latin-1", "Grüße aus Köln, naïve façade\n".encode("latin-1"), TEXT
    yield "examples/text/utf-16", "Grüße aus Köln\n".encode("utf-16"), TEXT
    yield "examples/text/crlf", b"first\r\nsecond\r\nlast without an end", TEXT
    yield "examples/text/byte-order-mark", "\ufeffmarked\n".encode(), TEXT
    yield "examples/text/long-line", b"0123456789 " * 9000, TEXT
    yield "examples/text/number", b"42", TEXT
    yield "examples/text/form", b"name=Ada+Lovelace&mail=ada%40shop.example&plan=pro", FORM
    yield "examples/text/deploy.yaml", _YAML.encode(), "application/yaml"
    yield "examples/text/func.toml", _TOML.encode(), TEXT
    yield "examples/text/status.html", _HTML.encode(), "text/html; charset=utf-8"
    yield "examples/text/report.csv", b"day,orders,revenue\n2026-11-21,84,5120.50\n", "text/csv"


def _binary() -> Iterator[Example]:
    dice = Dice("binary")
    yield "examples/binary/random-1MiB", dice.content(MAX_VALUE_BYTES), DEFAULT_CONTENT_TYPE
    yield "examples/binary/all-bytes", bytes(range(256)), DEFAULT_CONTENT_TYPE
    yield "examples/binary/zeros", bytes(4096), DEFAULT_CONTENT_TYPE
    yield "examples/binary/order.msgpack", msgpack.packb(_ORDER), "application/msgpack"
    yield "examples/binary/order.cbor", cbor2.dumps(_ORDER), "application/cbor"
    protobuf = b"\x0a\x08ord_7Qm2\x10\x96\x01\x1a\x03EUR\x22\x09\x0a\x05KB-87\x10\x01"
    yield "examples/binary/order.protobuf", protobuf, "application/x-protobuf"
    yield "examples/binary/picture.png", png(96, 64, dice), "image/png"
    yield "examples/binary/mislabelled", png(16, 16, dice), JSON


def _layered() -> Iterator[Example]:
    compact = msgspec.json.encode(_ORDER)
    packed = gzip.compress(compact, mtime=0)
    yield "examples/layers/json.gz", packed, "application/gzip"
    yield "examples/layers/json.gz.base64", base64.b64encode(packed), TEXT
    yield "examples/layers/json.zlib", zlib.compress(compact), DEFAULT_CONTENT_TYPE
    yield "examples/layers/json.base64", base64.b64encode(compact), TEXT
    yield "examples/layers/json.hex", compact.hex().encode(), TEXT
    frame = b"\x28\xb5\x2f\xfd\x20" + struct.pack("B", len(compact))
    block = (len(compact) << 3 | 1).to_bytes(3, "little")
    yield "examples/layers/json.zst", frame + block + compact, "application/zstd"
    yield "examples/layers/cut.gz", packed[:-12], "application/gzip"
    members = gzip.compress(bytes(MAX_VALUE_BYTES), mtime=0) * 200
    yield "examples/layers/bomb.gz", members, "application/gzip"
    envelope = {"alg": "none", "payload": base64.b64encode(packed).decode()}
    yield "examples/layers/json-in-json", msgspec.json.encode(envelope), JSON
    yield "examples/layers/token.jwt", jwt("user/1001", 1_795_000_000, Dice("jwt")), TEXT


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
