"""What the user's own editor leaves behind, and what is made of it."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from kvtui.ui.screens.outside_editor import OutsideEditor


def editor(tmp_path: Path, script: str, told: list[str]) -> OutsideEditor:
    program = tmp_path / "editor"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    return OutsideEditor(nullcontext, told.append, {"EDITOR": f"{program} --flag"})


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("printf ' world' >> \"$2\"", b"hello world"),
        ("true", None),
        ("exit 3", None),
        ("printf '\\n' >> \"$2\"", None),
        ("printf 'a\\n' > \"$2\"", b"a"),
        ("printf '' > \"$2\"", b""),
    ],
)
async def test_only_what_a_person_changed_is_given_back(
    tmp_path: Path, script: str, expected: bytes | None
) -> None:
    assert await editor(tmp_path, script, []).edit(b"hello", name="k") == expected


async def test_the_file_is_private_named_after_the_key_and_gone_afterwards(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    script = f'stat -c \'%a %n\' "$2" > {seen}; stat -c \'%a\' "$(dirname "$2")" >> {seen}'

    await editor(tmp_path, script, []).edit(b'{"a": 1}', name="../user/1")

    file, folder = seen.read_text().splitlines()
    mode, path = file.split(" ", 1)
    assert (mode, folder) == ("600", "700")
    assert Path(path).name == "___user_1.json"
    assert not Path(path).parent.exists()


async def test_an_editor_that_fails_loses_nothing_and_says_so(tmp_path: Path) -> None:
    told: list[str] = []

    assert await editor(tmp_path, "exit 3", told).edit(b"x", name="k") is None

    assert "status 3" in told[0]


async def test_an_editor_that_is_not_there_is_told() -> None:
    told: list[str] = []
    missing = OutsideEditor(nullcontext, told.append, {"VISUAL": "/nowhere/editor"})

    assert await missing.edit(b"x", name="k") is None

    assert "could not be started" in told[0]


async def test_the_terminal_is_lent_only_while_the_editor_runs(tmp_path: Path) -> None:
    log = tmp_path / "log"

    @contextmanager
    def lend() -> Iterator[None]:
        log.write_text("lent,")
        yield
        with log.open("a") as file:
            file.write("back")

    program = tmp_path / "editor"
    program.write_text(f"#!/bin/sh\nprintf edited, >> {log}\n")
    program.chmod(stat.S_IRWXU)

    await OutsideEditor(lend, print, {"EDITOR": str(program)}).edit(b"x", name="k")

    assert log.read_text() == "lent,edited,back"


async def test_bytes_are_lent_as_a_hex_dump_and_read_back(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = f'cp "$2" {log}; echo "$2" >> {log}; sed -i "s/ ff / 00 01 /" "$2"'

    edited = await editor(tmp_path, script, []).edit_as_hex(b"\xfe\xff\xfd", name="blob")

    assert edited == b"\xfe\x00\x01\xfd"
    assert "00000000: fe ff fd" in log.read_text()
    assert log.read_text().rstrip().endswith("blob.xxd")


async def test_a_dump_that_cannot_be_read_comes_back_with_the_reason(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = f"""
head -1 "$2" >> {log}
if grep -q "Not saved" "$2"; then sed -i "s/ xx / 00 /" "$2"; else sed -i "s/ ff / xx /" "$2"; fi"""

    edited = await editor(tmp_path, script, []).edit_as_hex(b"\xfe\xff\xfd", name="blob")

    assert edited == b"\xfe\x00\xfd"
    assert "# Not saved: line 3: xx is not bytes of two hex digits" in log.read_text()


async def test_a_dump_that_was_given_up_is_there_again(tmp_path: Path) -> None:
    told: list[str] = []
    script = 'grep -q "Not saved" "$2" || sed -i "s/ ff / xx /" "$2"'
    outside = editor(tmp_path, script, told)
    assert await outside.edit_as_hex(b"\xfe\xff\xfd", name="blob") is None
    assert "nothing to save" in told[0]

    editor(tmp_path, 'sed -i "s/ xx / 00 /" "$2"', told)
    assert await outside.edit_as_hex(b"\xfe\xff\xfd", name="blob") == b"\xfe\x00\xfd"
