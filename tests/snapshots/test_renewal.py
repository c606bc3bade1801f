"""Reports on snapshots hold the environment, so no API key may be in it."""

import subprocess
import sys
from pathlib import Path

from tests.support.installed import environ

ROOT = Path(__file__).parents[2]


def test_snapshots_are_not_renewed_with_an_api_key_in_the_environment() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/snapshots", "--snapshot-update", "--collect-only"],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=environ(TELNYX_API_KEY="KEYreal"),
        text=True,
        timeout=60,
    )
    assert ended.returncode == 4
    assert "unset it" in ended.stderr
    assert "KEYreal" not in ended.stdout + ended.stderr
