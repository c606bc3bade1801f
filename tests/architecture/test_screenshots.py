"""The README's pictures show what the program draws."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from screenshots.make import PICTURES
from tests.support.installed import environ

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "screenshots"


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the command that draws them, into a folder of its own."""
    folder = tmp_path_factory.mktemp("screenshots")
    ended = subprocess.run(
        [sys.executable, "-m", "screenshots.make", folder],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=environ(),
        text=True,
        timeout=100,
    )
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.mark.parametrize("name", [picture.name for picture in PICTURES])
def test_a_picture_is_what_is_drawn_today(redrawn: Path, name: str) -> None:
    is_same = (redrawn / f"{name}.svg").read_text() == (COMMITTED / f"{name}.svg").read_text()
    assert is_same, f"{name}.svg has changed: python -m screenshots.make, look, and commit"


def test_every_picture_is_committed_and_shown_in_the_readme() -> None:
    shown = set(re.findall(r"screenshots/([\w-]+)\.svg", (ROOT / "README.md").read_text()))
    committed = {path.stem for path in COMMITTED.glob("*.svg")}
    assert shown == committed == {picture.name for picture in PICTURES}
