"""What every test begins with: a clean environment, a local server, a client on it."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.support.long_steps import (
    FAILING_SECONDS,
    PROPERTY,
    WATCHDOG,
    line,
    longest,
    take_steps,
)
from tests.support.server import LocalServer, local_server

_KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "COVERAGE_PROCESS_START"}
_KEPT |= {"TEXTUAL_SNAPSHOT_TEMPDIR"}  # where the comparison of pictures keeps its notes
_KEPT |= {"KVTUI_DOSE_SECONDS"}  # how long a piece of a full dose may take


def pytest_configure(config: pytest.Config) -> None:
    """Keep the developer's API key out of reports on snapshots: they hold the environment."""
    has_key = os.environ.pop("TELNYX_API_KEY", None) is not None
    if has_key and config.getoption("update_snapshots", default=False):
        raise pytest.UsageError("snapshots are not renewed while TELNYX_API_KEY is set: unset it")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share a whole run out among the processors; a part of it is done sooner without.

    One more than there are: some tests wait, for a connection to be given up or a draft to be kept.
    """
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return (os.cpu_count() or 1) + 1 if is_whole else 0


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": WATCHDOG.loop}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a report tell which steps of the event loop took long; fail what takes far too long."""
    report = yield
    for step in take_steps():
        report.user_properties.append((PROPERTY, line(step)))
        if report.passed and step.seconds > FAILING_SECONDS:
            report.outcome = "failed"
            report.longrepr = f"{line(step)}\n{''.join(step.stack)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the steps that held up the app, the longest first."""
    reports = [it for some in terminalreporter.stats.values() for it in some]
    found = [
        (str(text), report.nodeid)
        for report in reports
        if isinstance(report, pytest.TestReport)
        for name, text in report.user_properties
        if name == PROPERTY
    ]
    if found:
        terminalreporter.section("steps of the event loop over 20 ms of processor time")
        terminalreporter.write_line("\n".join(longest(found)))


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
