"""Bytes in chunks are the same bytes, whatever is done to them."""

import random

from kvtui.values.chunked_bytes import ChunkedBytes


def test_parts_are_replaced_and_read_as_of_plain_bytes() -> None:
    source = random.Random(4)
    plain = bytearray(source.randbytes(200_000))
    chunked = ChunkedBytes(bytes(plain))
    for _ in range(300):
        start = source.randrange(len(plain) + 1)
        end = min(len(plain), start + source.choice([0, 1, 50, 70_000]))
        new = source.randbytes(source.choice([0, 1, 40, 150_000]))
        plain[start:end] = new
        chunked.replace(start, end, new)
        assert len(chunked) == len(plain)
        low = source.randrange(len(plain) + 2)
        high = low + source.choice([0, 16, 66_000])
        assert chunked[low:high] == plain[low:high]
    assert chunked.frozen()() == plain


def test_what_was_frozen_stays_as_it_was() -> None:
    chunked = ChunkedBytes(b"before")
    make = chunked.frozen()
    chunked.replace(0, 6, b"after")
    assert make() == b"before"
    assert chunked[0:99] == b"after"


def test_no_bytes_are_bytes_too() -> None:
    chunked = ChunkedBytes(b"")
    assert len(chunked) == 0
    assert chunked[0:10] == b""
    chunked.replace(0, 0, b"a")
    chunked.replace(0, 1, b"")
    assert chunked.frozen()() == b""
