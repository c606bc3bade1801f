"""`kvtui export`."""

import hashlib
import json
import stat
from pathlib import Path

import pytest

from kvtui.records import StoredValue
from kvtui.vault.export_folder import MAX_NAME_LENGTH, file_name
from tests.support.command_line import Cache, Shell

VALUES = {
    "user/1": b'{"a": 1}',
    "user/2": bytes(range(256)),
    "user/A": b"upper",
    "user/a": b"lower",
    "user/../up": b"dots",
    "user//x": b"",
    "user/" + "L" * 200: b"long",
    "other": b"not below",
}


@pytest.fixture
def full(cache: Cache) -> Cache:
    for key, content in VALUES.items():
        cache.put(key, content, "application/json" if content[:1] == b"{" else None)
    return cache


def manifest(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]


def test_every_value_is_in_a_file_that_the_manifest_names(
    shell: Shell, full: Cache, tmp_path: Path
) -> None:
    result = shell.run("export", "my-cache", "user/", "--to", "out", "--json")
    folder = tmp_path / "out"
    head, *keys, missing, end = manifest(folder)

    assert result.status == 1
    assert "user/../up" in result.err
    assert (head["namespace"], head["prefix"]) == ("my-cache", "user/")
    assert "no snapshots" in str(head["consistency"])
    assert [key["key"] for key in keys] == sorted(
        key for key in VALUES if key.startswith("user/") and ".." not in key
    )
    for key in keys:
        content = (folder / str(key["file"])).read_bytes()
        assert content == VALUES[str(key["key"])]
        assert key["sha256"] == hashlib.sha256(content).hexdigest()
        assert key["size_bytes"] == len(content)
        assert key["updated_at"]
        is_json = key["key"] == "user/1"
        assert (key["content_type"] == "application/json") is is_json
    assert missing["key"] == "user/../up"
    assert (end["key_count"], end["missing_count"]) == (len(keys), 1)
    assert str(head["started_at"]) < str(end["finished_at"])
    assert result.records[0]["key_count"] == len(keys)


def test_everything_is_private_and_nothing_is_left_over(
    shell: Shell, full: Cache, tmp_path: Path
) -> None:
    shell.run("export", "my-cache", "--to", "out")
    paths = [tmp_path / "out", *(tmp_path / "out").rglob("*")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    assert modes == {path: 0o700 if path.is_dir() else 0o600 for path in paths}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "manifest.jsonl",
        "values",
    ]


def test_names_are_no_paths_and_collide_on_no_file_system() -> None:
    keys = [*VALUES, "..", ".", "a.", ".a", "CON", "con", "a%2fb", "a/b", "L" * 256, "l" * 256]
    names = [file_name(key) for key in keys]
    assert len({name.casefold() for name in names}) == len(keys)
    for name in names:
        assert "/" not in name
        assert not name.startswith(".")
        assert len(name) <= MAX_NAME_LENGTH


def test_a_whole_export_is_not_written_over(shell: Shell, full: Cache, tmp_path: Path) -> None:
    shell.run("export", "my-cache", "other", "--to", "out")
    before = (tmp_path / "out" / "manifest.jsonl").read_bytes()
    again = shell.run("export", "my-cache", "other", "--to", "out")
    assert again.status == 1
    assert "whole export already" in again.err
    assert (tmp_path / "out" / "manifest.jsonl").read_bytes() == before


def test_a_folder_with_something_else_in_it_is_refused(
    shell: Shell, full: Cache, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    result = shell.run("export", "my-cache", "--to", "out")
    assert result.status == 1
    assert "not an empty folder" in result.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_an_export_needs_no_right_to_write(shell: Shell, full: Cache, tmp_path: Path) -> None:
    result = shell.run("export", "my-cache", "other", "--to", "out", "--read-only")
    assert result.status == 0
    assert full.get("other") == StoredValue(b"not below", "application/octet-stream")


def test_a_dry_run_counts_and_neither_reads_nor_writes_a_value(
    shell: Shell, full: Cache, tmp_path: Path
) -> None:
    result = shell.run("export", "my-cache", "user/", "--to", "out", "--dry-run", "--json")
    below = {key: value for key, value in VALUES.items() if key.startswith("user/")}
    assert result.status == 0
    assert "7 keys" in result.err
    assert result.records == [
        {"key_count": len(below), "size_bytes": sum(map(len, below.values()))}
    ]
    assert not (tmp_path / "out").exists()
