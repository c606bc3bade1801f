"""What every test begins with: a clean environment, a local server, a client on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import LocalServer, local_server

_KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "COVERAGE_PROCESS_START"}
_KEPT |= {"TEXTUAL_SNAPSHOT_TEMPDIR"}  # where the comparison of pictures keeps its notes


def pytest_configure(config: pytest.Config) -> None:
    """Keep the developer's API key out of reports on snapshots: they hold the environment."""
    has_key = os.environ.pop("TELNYX_API_KEY", None) is not None
    if has_key and config.getoption("update_snapshots", default=False):
        raise pytest.UsageError("snapshots are not renewed while TELNYX_API_KEY is set: unset it")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share a whole run out among the processors; a part of it is done sooner without."""
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return os.cpu_count() or 1 if is_whole else 0


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the developer's own reaches a test."""
    for name in set(os.environ) - _KEPT:
        if not name.startswith("PYTEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with local_server() as server:
        yield server
