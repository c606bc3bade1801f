import gzip
import hashlib
import json
import tracemalloc

import pytest
from rich.cells import cell_len

from kvtui.values.display import show
from kvtui.values.lines import Kind
from kvtui.values.looks import View
from kvtui.values.view import views
from tests.support.values import JSON, KINDS, kinds_of, png, random_values, text_of, texts_of
from tests.support.values import jwt as token_of

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("kind", "view", "told"),
    [
        ("JSON with trailing text", View.TEXT, "UTF-8 · no JSON: trailing"),
        ("JSON with deep", View.RAW, "not laid out: begins like JSON, but is nested too deep"),
        ("windows text", View.TEXT, "UTF-8 · 2 CRLF"),
        ("json", View.RAW, ""),
    ],
)
def test_a_view_says_why_it_shows_no_more(kind: str, view: View, told: str) -> None:
    said = views(KINDS[kind], now=NOW).describe(view)
    assert said.startswith(told) if told else not said


@pytest.mark.parametrize(
    ("kind", "available"),
    [
        ("json", "JSON Raw Text Hex Info"),
        ("json lines", "JSON Raw Text Hex Info"),
        ("text", "Text Hex Info"),
        ("empty", "Text Hex Info"),
        ("binary", "Hex Info"),
        ("msgpack", "MsgPack Hex Info"),
        ("cbor", "CBOR Hex Info"),
        ("jwt", "JWT Text Hex Info"),
        ("form", "Form Text Hex Info"),
        ("base64 of gzip", "JSON Raw Text Hex Info Stored"),
        ("png", "Image Hex Info"),
    ],
)
def test_each_kind_of_value_has_its_views(kind: str, available: str) -> None:
    found = views(KINDS[kind], now=NOW)
    assert " ".join(found.available) == available
    assert found.default == found.available[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_view_of_every_kind_is_harmless_and_fits(kind: str) -> None:
    _check(KINDS[kind], widths=[80, 45, 27])


def test_random_values_are_harmless_in_every_view_and_fit() -> None:
    for number, value in enumerate(random_values(3, 3000)):
        _check(value, widths=[27 + number % 60])


def _check(content: bytes, widths: list[int]) -> None:
    found = views(content, now=NOW, extra=[("Updated", "\x1b[2J now")])
    for width in widths:
        for view in found.available:
            lines = found.lines(view, width)
            assert len(lines) >= 1
            numbers = range(min(len(lines), 40))
            for row in {text_of(lines.row(number)) for number in numbers}:
                assert show(row) == row
                assert cell_len(row) <= width


def test_the_views_show_what_is_inside_all_layers_and_one_what_is_stored() -> None:
    content = gzip.compress(JSON, mtime=0)
    found = views(content, now=NOW)
    assert "".join(texts_of(found.lines(View.TEXT, 20))) == JSON.decode()
    assert text_of(found.lines(View.HEX, 80).row(0)).startswith("00000000  7b 22 6e")
    assert text_of(found.lines(View.STORED, 80).row(0)).startswith("00000000  1f 8b 08")
    stored = views(KINDS["base64"], now=NOW).lines(View.STORED, 20)
    assert "".join(texts_of(stored)).encode() == KINDS["base64"]


def test_a_changed_width_lays_the_same_value_out_anew() -> None:
    found = views(json.dumps({"text": "x" * 200}).encode(), now=NOW)
    assert len(found.lines(View.JSON, 40)) > len(found.lines(View.JSON, 120))


def test_a_large_value_is_held_laid_out_and_not_once_more_as_text() -> None:
    content = json.dumps([{"id": 12345, "tags": ["a", "b"], "ok": True}] * 80_000).encode()
    tracemalloc.start()
    found = views(content, now=NOW)
    found.prepare()
    found.lines(View.JSON, 80)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 2 * len(content) + 1_000_000


def test_an_empty_value_says_so() -> None:
    assert texts_of(views(b"", now=NOW).lines(View.TEXT, 40)) == ["empty: 0 bytes"]


def info(content: bytes, content_type: str | None = None, width: int = 100) -> dict[str, str]:
    """Give the Info view as labels and texts."""
    lines = views(content, content_type, now=NOW, extra=[("Updated", "today")]).lines(
        View.INFO, width
    )
    rows = [row for row in texts_of(lines) if not row.startswith(" ")]
    return {row[:14].strip(): row[14:] for row in rows}


def test_info_tells_the_facts_of_a_value() -> None:
    assert info(JSON, "application/json") == {
        "Size": "64 bytes",
        "Content type": "application/json",
        "Updated": "today",
        "Format": "JSON: parses as JSON",
        "Encoding": "UTF-8",
        "Lines": "1 (no newlines)",
        "SHA-256": hashlib.sha256(JSON).hexdigest(),
    }


def test_info_tells_the_layers_and_how_much_they_save() -> None:
    content = gzip.compress(b"x" * 1000, mtime=0)
    facts = info(content)
    assert facts["Format"] == "gzip ▸ text: text in UTF-8"
    assert facts["Layer"] == f"gzip: {len(content)} → 1,000 bytes, ×{1000 / len(content):.2f}"
    assert facts["SHA-256"] == hashlib.sha256(content).hexdigest()


def test_info_tells_line_endings_and_hidden_characters() -> None:
    assert info(b"a\nb\n")["Lines"] == "2 (2 LF)"
    assert info(b"a\r\nb")["Lines"] == "2 (1 CRLF; no newline at the end)"
    assert info(b"a\r\nb\nc\rd")["Lines"] == "4 (1 LF, 1 CRLF, 1 CR; no newline at the end)"
    assert info(b"a\x1b[mb\xe2\x80\x8b")["Hidden"] == "2 hidden characters, shown as symbols"


@pytest.mark.parametrize(
    ("member", "told"),
    [
        ('"expires_at":"2027-01-15T08:00:00Z"', "expires_at: 2027-01-15 08:00:00 UTC, 0 s ago"),
        ('"exp":1800003600', "exp: 2027-01-15 09:00:00 UTC, in 1 h"),
        ('"expiresAt":1799913600000', "expiresAt: 2027-01-14 08:00:00 UTC, 1 d ago"),
        ('"expiry":1800000060000000', "expiry: 2027-01-15 08:01:00 UTC, in 1 min"),
        ('"ttl_until": "2027-01-15 08:00:30"', "ttl_until: 2027-01-15 08:00:30 UTC, in 30 s"),
        ('"ValidTo":"2027-01-15T09:00:00+01:00"', "ValidTo: 2027-01-15 08:00:00 UTC, 0 s ago"),
    ],
)
def test_info_tells_the_expiry_inside_a_value_and_whether_it_has_passed(
    member: str, told: str
) -> None:
    facts = info(f"{{{member}}}".encode())
    assert facts["Expires" if "in " in told else "Expired"] == told


@pytest.mark.parametrize(
    "member",
    [
        '"ttl":3600',
        '"exp":"never"',
        '"exp":12',
        '"expected":1800000000',
        '"exp":123456789012345678901',
    ],
)
def test_what_is_no_instant_is_no_expiry(member: str) -> None:
    assert not {"Expires", "Expired"} & set(info(f"{{{member}}}".encode()))


def test_an_expiry_that_has_passed_is_marked() -> None:
    lines = views(b'{"exp":1000000000}', now=NOW).lines(View.INFO, 100)
    row = next(row for row in map(lines.row, range(len(lines))) if "exp:" in text_of(row))
    assert Kind.WARNING in kinds_of(row).values()


def test_info_reads_tokens_images_and_decoded_values() -> None:
    token = token_of({"alg": "HS256"}, {"iat": 1_799_996_400, "exp": 1_800_000_060})
    facts = info(token)
    assert facts["Algorithm"] == "HS256; the signature is not verified"
    assert facts["Issued"] == "2027-01-15 07:00:00 UTC, 1 h ago"
    assert facts["Expires"] == "exp: 2027-01-15 08:01:00 UTC, in 1 min"
    assert info(png(640, 480))["Image"] == "PNG, 640 × 480 pixels"
    assert "Expired" in info(b"\x81\xa3exp\xce\x3b\x9a\xca\x00")


def test_info_wraps_between_words_where_it_is_narrow() -> None:
    lines = views(JSON, "application/x-a-very-long-type with words", now=NOW).lines(View.INFO, 40)
    rows = texts_of(lines)
    assert rows[1:3] == ["Content type  application/x-a-very-long-", " " * 14 + "type with words"]
    narrow = texts_of(views(JSON, now=NOW).lines(View.INFO, 20))
    assert narrow[:2] == ["Size", "  64 bytes"]


def test_info_can_be_searched() -> None:
    lines = views(JSON, now=NOW).lines(View.INFO, 100)
    row = lines.find("sha-256", 0)
    assert row == len(lines) - 1
    assert lines.find("size", row, is_backward=True) == 0
    assert lines.find("nowhere", 0) is None
