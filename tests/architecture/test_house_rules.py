"""Rules of the house that no other tool checks."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "kvtui"
MODULES = sorted(PACKAGE.rglob("*.py"))

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "base"}
DRAWERS |= {"core", "service", "services", "tools", "stuff"}
"""Names that say nothing of what is inside, so that everything ends up there."""


def matches(pattern: str, paths: list[Path]) -> Iterator[str]:
    expression = re.compile(pattern)
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if expression.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 50


def test_the_import_contracts_are_kept() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([command], capture_output=True, cwd=ROOT, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_every_top_level_module_has_a_layer() -> None:
    contracts = (ROOT / "pyproject.toml").read_text()
    layers = re.search(r"^layers = \[(.*?)\]", contracts, re.DOTALL | re.MULTILINE)
    assert layers is not None
    named = set(re.findall(r"\w+", layers[1]))
    found = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert found - {"__init__", "__pycache__", "py"} == named


@pytest.mark.parametrize(
    "pattern",
    [r"#\s*noqa", r"#\s*type:\s*ignore", r"pragma:\s*no cover", r"#\s*mypy:", r"#\s*ruff:"],
)
def test_no_check_is_switched_off_in_the_product(pattern: str) -> None:
    assert not list(matches(pattern, MODULES))


def test_no_error_is_caught_without_being_named() -> None:
    assert not list(matches(r"except:|except \(?.*\bException\b", MODULES))


def test_no_module_is_a_drawer() -> None:
    assert not [path for path in MODULES if path.stem.strip("_") in DRAWERS]


def test_imports_are_absolute() -> None:
    assert not list(matches(r"^\s*from \.", MODULES))


def test_the_key_leaves_its_wrapping_only_where_it_is_sent() -> None:
    found = {line.split(":")[0] for line in matches(r"\.reveal\(\)", MODULES)}
    assert all(name.startswith(("kvtui/api/", "kvtui/launch/")) for name in found), found


def test_nothing_in_the_product_is_left_for_later() -> None:
    assert not list(matches(r"\b(TODO|FIXME|XXX|HACK)\b", MODULES))


def written_files() -> Iterator[Path]:
    """Give every file of the project that a person writes."""
    yield from (path for path in ROOT.iterdir() if path.suffix in {".md", ".toml"})
    for folder in ("kvtui", "tests", "screenshots", ".ci", ".github"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
                yield path


@pytest.mark.parametrize("place", ["work", "opt", "root", "home"])
def test_no_file_knows_the_machine_it_was_written_on(place: str) -> None:
    assert not list(matches(rf"(^|[\s\"'(=:`])/{place}/", sorted(written_files())))


def test_no_file_tells_how_the_work_was_shared_out() -> None:
    words = r"\b(sub-?[a]gents?|language [m]odels?|[b]rief\.md)\b"
    assert not list(matches(f"(?i){words}", sorted(written_files())))
