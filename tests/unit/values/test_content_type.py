"""A new value is written as what it is."""

import gzip

import pytest

from kvtui.values.content_type import fitting_content_type


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"a": 1}', "application/json"),
        (b'{"a": 1}\n{"a": 2}\n', "application/x-ndjson"),
        (b"hello", "text/plain"),
        (b"", "application/octet-stream"),
        (b"\x00\xff\x01", "application/octet-stream"),
        (gzip.compress(b'{"a": 1}', mtime=0), "application/octet-stream"),
    ],
)
def test_it_follows_the_bytes(content: bytes, content_type: str) -> None:
    assert fitting_content_type(content) == content_type
