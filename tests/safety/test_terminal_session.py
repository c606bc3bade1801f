"""Over long random sessions the output layer shows what Textual would have shown."""

import random
from collections.abc import Iterator

import pytest

from kvtui.server.sample import load_sample
from kvtui.session.workspace import Workspace
from kvtui.ui.opening import Opening
from tests.support.driver import AppDriver, workspace_on
from tests.support.server import LocalServer, local_server
from tests.support.watched import WatchedApp

KEYS = (
    *("j", "k", "down", "up", "pagedown", "pageup", "g", "G", "ctrl+d", "ctrl+u") * 4,
    *("l", "h", "enter", "escape", "tab", "1", "2", "3", "f", "]", "[") * 2,
    *("slash", "n", "N", "s", "y", "question_mark", "at", "o", "i", "space", "u", "e", "r"),
    *("f1", "ctrl+p", "ctrl+l", "a", "b", "D", "R", "x"),
)
SIZES = [(80, 24), (40, 10), (120, 32), (20, 5), (200, 50)]


@pytest.fixture
def sample_server() -> Iterator[LocalServer]:
    with local_server() as server:
        load_sample(server.store)
        yield server


# Rich keeps what a style renders to for the first colour depth a process draws in, so another depth
# needs a process that drew nothing before: the full run gives it one.
@pytest.mark.parametrize(
    "colours",
    [
        "truecolor",
        pytest.param("256", marks=pytest.mark.full),
        pytest.param("standard", marks=pytest.mark.full),
    ],
)
async def test_random_keys_show_the_same_as_without_it(
    sample_server: LocalServer, colours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _session(sample_server, colours, monkeypatch, keys=60)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("colours", ["truecolor", "256", "standard"])
async def test_ten_thousand_frames_show_the_same_as_without_it(
    sample_server: LocalServer, colours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _session(sample_server, colours, monkeypatch, keys=10_000, least=3400)


async def _session(
    server: LocalServer,
    colours: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    keys: int,
    least: int = 20,
) -> None:
    """Press random keys at random sizes and hold every frame against Textual's own."""
    monkeypatch.setenv("COLORTERM", "truecolor" if colours == "truecolor" else "")
    monkeypatch.setenv("TERM", "xterm" if colours == "standard" else "xterm-256color")
    dice = random.Random(colours)

    async def connect() -> Workspace:
        return workspace_on(server)

    app = WatchedApp(Opening(connect, connect, profile="test", namespace="my-cache"))
    async with app.run_test(size=SIZES[0]) as pilot:
        driver = AppDriver(app, pilot)
        await driver.settle()
        for step in range(keys):
            if step % 20 == 19:
                await pilot.resize_terminal(*dice.choice(SIZES))
            await pilot.press(dice.choice(KEYS))
            assert app.differences == []
    assert app.console.color_system == colours
    assert app.checkpoints >= least
    assert app.changed_bytes < app.whole_bytes
