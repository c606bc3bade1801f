"""`kvtui get`."""

import base64

import pytest

from tests.support.command_line import Cache, Shell


@pytest.mark.parametrize("content", [b"", b"hello", b"hello\n", b"\r\n\x00\xff", bytes(range(256))])
def test_a_value_comes_out_byte_for_byte(shell: Shell, cache: Cache, content: bytes) -> None:
    cache.put("k", content)
    for argv in (("k",), ("k", "-")):
        result = shell.run("get", "my-cache", *argv)
        assert (result.status, result.out, result.err) == (0, content, "")


@pytest.mark.parametrize("content", [b'{"a": 1}\n', "Zoë\t李雷".encode(), b"", b"a\r\nb"])
def test_text_is_put_on_a_terminal_as_it_is(shell: Shell, cache: Cache, content: bytes) -> None:
    cache.put("k", content)
    result = shell.run("get", "my-cache", "k", is_output_terminal=True)
    assert (result.status, result.out) == (0, content)


@pytest.mark.parametrize(
    "content",
    [b"\x00", b"\xff", b"\x1b[2J", "\x9b2J".encode(), "\u202eexe.txt".encode(), b"a\rb"],
)
def test_what_could_drive_a_terminal_needs_force(
    shell: Shell, cache: Cache, content: bytes
) -> None:
    cache.put("k", content)
    refused = shell.run("get", "my-cache", "k", is_output_terminal=True)
    assert (refused.status, refused.out) == (2, b"")
    assert "--force" in refused.err
    forced = shell.run("get", "my-cache", "k", "--force", is_output_terminal=True)
    assert (forced.status, forced.out) == (0, content)


def test_json_carries_text_as_text_and_anything_else_as_base64(shell: Shell, cache: Cache) -> None:
    cache.put("text", "Zoë\x1b\n".encode(), "text/plain")
    cache.put("binary", b"\xff\x00")
    text = shell.run("get", "my-cache", "text", "--json")
    assert text.out.isascii()
    assert b"\x1b" not in text.out
    assert text.records == [
        {
            "key": "text",
            "size_bytes": 6,
            "content_type": "text/plain",
            "encoding": "utf-8",
            "value": "Zoë\x1b\n",
        }
    ]
    [binary] = shell.run("get", "my-cache", "binary", "--json").records
    assert binary["encoding"] == "base64"
    assert base64.b64decode(str(binary["value"])) == b"\xff\x00"


@pytest.mark.parametrize("key", [".env", "a.", "a//b", "/a", "a/", "-dash", "--yes", "_x", "a=b"])
def test_awkward_keys_are_ordinary_keys(shell: Shell, cache: Cache, key: str) -> None:
    cache.put(key, b"v")
    assert shell.run("get", "my-cache", "--", key).out == b"v"
