"""Bindings of the project in the working folder."""

from pathlib import Path

import pytest

from kvtui.settings import Binding, Surroundings
from kvtui.settings.binding import read_bindings

CACHE = "550e8400-e29b-41d4-a716-446655440000"
STORE = "660f9500-f39c-51e5-b817-557766551111"


def read(folder: Path, **environ: str) -> tuple[tuple[Binding, ...], tuple[str, ...]]:
    return read_bindings(Surroundings(environ, folder, folder))


def test_the_reference_pages_example_gives_its_two_bindings(tmp_path: Path) -> None:
    (tmp_path / "func.toml").write_text(
        f"""
        [edge_compute]
        func_name = "my-function"
        [storage.kv.MY_CACHE]
        id = "{CACHE}"
        [storage.kv.SESSION_STORE]
        id = "{STORE}"
        """
    )
    assert read(tmp_path) == (
        (
            Binding("MY_CACHE", CACHE, "func.toml"),
            Binding("SESSION_STORE", STORE, "func.toml"),
        ),
        (),
    )


def test_the_environment_binds_too_and_ids_lose_their_capitals(tmp_path: Path) -> None:
    assert read(tmp_path, KV_MY_CACHE_ID=CACHE.upper(), PATH="/bin", KV_ID="x") == (
        (Binding("MY_CACHE", CACHE, "KV_MY_CACHE_ID"),),
        (),
    )


def test_a_file_counts_before_a_variable_and_the_difference_is_told(tmp_path: Path) -> None:
    (tmp_path / "telnyx.toml").write_text(f'storage.kv.CACHE = {{ id = "{CACHE}" }}\n')
    bindings, warnings = read(tmp_path, KV_CACHE_ID=STORE)
    assert bindings == (Binding("CACHE", CACHE, "telnyx.toml"),)
    assert len(warnings) == 1
    assert "KV_CACHE_ID" in warnings[0]
    assert "telnyx.toml" in warnings[0]


def test_sources_that_agree_are_one_binding(tmp_path: Path) -> None:
    (tmp_path / "func.toml").write_text(f'[storage.kv.CACHE]\nid = "{CACHE}"\n')
    assert read(tmp_path, KV_CACHE_ID=CACHE) == ((Binding("CACHE", CACHE, "func.toml"),), ())


@pytest.mark.parametrize(
    "text",
    [
        "[storage.kv.CACHE",
        "[storage]\nkv = 3",
        "storage = []",
        '[storage.kv.CACHE]\nid = "my-cache"',
        "[storage.kv.CACHE]\nid = 3",
        "[storage.kv.CACHE]\nname = 'x'",
        "[storage.kv]\nCACHE = 'x'",
        f'[storage.kv."a\\u001b]0;x"]\nid = "{CACHE}"',
        "x = " + "[" * 5000,
        "\ufeff\x00",
    ],
)
def test_a_broken_project_file_becomes_a_warning_and_never_a_crash(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "func.toml").write_text(text)
    bindings, warnings = read(tmp_path, KV_STORE_ID=STORE)
    assert bindings == (Binding("STORE", STORE, "KV_STORE_ID"),)
    assert len(warnings) == 1
    assert "func.toml" in warnings[0]
    assert warnings[0].isprintable()


def test_bytes_that_are_no_text_become_a_warning(tmp_path: Path) -> None:
    (tmp_path / "func.toml").write_bytes(b"\xff\xfe")
    bindings, warnings = read(tmp_path)
    assert bindings == ()
    assert "UTF-8" in warnings[0]


def test_a_variable_that_holds_no_id_becomes_a_warning(tmp_path: Path) -> None:
    assert read(tmp_path, KV_CACHE_ID="my-cache") == (
        (),
        ("KV_CACHE_ID binds CACHE to something that is not a namespace id",),
    )


def test_a_folder_in_place_of_a_project_file_becomes_a_warning(tmp_path: Path) -> None:
    (tmp_path / "func.toml").mkdir()
    bindings, warnings = read(tmp_path)
    assert bindings == ()
    assert warnings == (f"{tmp_path / 'func.toml'} cannot be read: Is a directory",)
