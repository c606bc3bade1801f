"""Edited content goes back into its layers, and everything else stays as it was."""

import base64
import gzip
import io
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kvtui.values.detect import detect
from kvtui.values.layers import MAX_UNPACKED_BYTES
from kvtui.values.rewrap import NotRewrappable, Rewrapped, rewrapped
from tests.support.zstd import zstd

BEFORE = b'{"name": "Alice", "tags": ["a", "b"], "note": "' + b"ab>?" * 30 + b'"}'
AFTER = BEFORE.replace(b"Alice", b"Bob")


def wrapped_again(stored: bytes, content: bytes = AFTER) -> Rewrapped:
    again = rewrapped(detect(stored), content)
    assert isinstance(again, Rewrapped), again
    return again


def named_gzip(content: bytes, level: int = 6) -> bytes:
    held = io.BytesIO()
    with gzip.GzipFile("user.json", "wb", level, held, mtime=1_700_000_000) as file:
        file.write(content)
    return held.getvalue()


def full_header_gzip(content: bytes) -> bytes:
    """Give gzip with every optional field: extra, name, comment, header check."""
    header = b"\x1f\x8b\x08\x1e\x01\x02\x03\x04\x02\x03\x05\x00extraname\0comment\0"
    header += (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    end = zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    return header + packer.compress(content) + packer.flush() + end


def zstd_with(level: int, *, checksum: int, size: bool) -> Callable[[bytes], bytes]:
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: level,
        zstd.CompressionParameter.checksum_flag: checksum,
    }

    def encode(content: bytes) -> bytes:
        packer = zstd.ZstdCompressor(options=options)
        if size:
            return packer.compress(content, packer.FLUSH_FRAME)
        return packer.compress(content) + packer.flush()

    return encode


def url_safe_bare(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def in_lines(content: bytes, width: int = 64, end: bytes = b"\r\n") -> bytes:
    digits = base64.b64encode(content)
    return end.join(digits[at : at + width] for at in range(0, len(digits), width)) + end


WRITERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda content: gzip.compress(content, mtime=0),
    "gzip with name and time": named_gzip,
    "gzip, fastest": lambda content: named_gzip(content, 1),
    "gzip, stored": lambda content: named_gzip(content, 0),
    "gzip with all fields": full_header_gzip,
    "zlib": zlib.compress,
    "zlib, best": lambda content: zlib.compress(content, 9),
    "zlib, fastest": lambda content: zlib.compress(content, 1),
    "zstd": zstd.compress,
    "zstd with checksum": zstd_with(3, checksum=1, size=True),
    "zstd of a stream": zstd_with(3, checksum=0, size=False),
    "zstd, level 9": zstd_with(9, checksum=1, size=False),
    "base64": base64.b64encode,
    "base64, URL-safe": base64.urlsafe_b64encode,
    "base64, URL-safe and bare": url_safe_bare,
    "base64 in lines": in_lines,
    "base64 in lines of MIME": base64.encodebytes,
    "base64 with blanks around": lambda content: b" " + base64.b64encode(content) + b"\n\n",
    "base64 of gzip": lambda content: base64.b64encode(gzip.compress(content, mtime=7)),
    "gzip of base64 in lines": lambda content: named_gzip(in_lines(content)),
    "lines of base64 of zstd": lambda content: in_lines(zstd.compress(content)),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_value_is_written_as_its_own_encoder_would_have(name: str) -> None:
    write = WRITERS[name]

    again = wrapped_again(write(BEFORE))

    assert again.content == write(AFTER)
    assert again.notes == ()


@pytest.mark.parametrize("name", WRITERS)
def test_unchanged_content_gives_the_stored_bytes(name: str) -> None:
    stored = WRITERS[name](BEFORE)
    assert wrapped_again(stored, BEFORE).content == stored


@given(some.binary(max_size=300), some.sampled_from(sorted(WRITERS)))
def test_whatever_is_put_in_comes_out(content: bytes, name: str) -> None:
    again = wrapped_again(WRITERS[name](BEFORE), content)

    found = detect(again.content)
    layers = detect(WRITERS[name](BEFORE)).layers
    if not any("no longer recognised" in note for note in again.notes):
        assert content in found.stages
        assert found.layers[: len(layers)] == layers


def test_bytes_of_another_encoder_are_owned_up_to() -> None:
    stored = bytearray(named_gzip(b""))
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 8, zlib.Z_HUFFMAN_ONLY)
    end = zlib.crc32(BEFORE).to_bytes(4, "little") + len(BEFORE).to_bytes(4, "little")
    header = bytes(stored[:20])
    odd = header + packer.compress(BEFORE) + packer.flush() + end

    again = wrapped_again(odd)

    assert again.notes == ("gzip bytes differ from the original encoder's",)
    assert again.content.startswith(header)
    assert gzip.decompress(again.content) == AFTER


def test_several_gzip_members_become_one_and_that_is_said() -> None:
    stored = gzip.compress(BEFORE[:50]) + gzip.compress(BEFORE[50:])

    again = wrapped_again(stored)

    assert "differ" in again.notes[0]
    assert gzip.decompress(again.content) == AFTER


def test_uneven_lines_of_base64_are_laid_out_anew_and_that_is_said() -> None:
    digits = base64.b64encode(BEFORE)

    again = wrapped_again(digits[:20] + b"\n" + digits[20:27] + b"\n" + digits[27:])

    assert again.notes == ("base64 lines are broken at other places",)


def test_content_too_short_to_be_recognised_again_is_told() -> None:
    again = wrapped_again(base64.b64encode(BEFORE), b"{}")

    assert again.content == b"e30="
    assert again.notes == ("no longer recognised as base64",)


def test_more_than_can_be_unpacked_again_is_refused() -> None:
    found = detect(gzip.compress(BEFORE))
    assert isinstance(rewrapped(found, bytes(MAX_UNPACKED_BYTES + 1)), NotRewrappable)
