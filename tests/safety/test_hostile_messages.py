"""Hostile titles, error texts and notices, painted one by one: only text, and all of it shown."""

import random
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from kvtui.server.app import LocalApi
from kvtui.server.run import RunningServer
from kvtui.server.store import NewEntry
from kvtui.server.timestamps import key_timestamp
from kvtui.session.workspace import Workspace
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening
from tests.support.dose import Dose
from tests.support.driver import AppDriver, workspace_on
from tests.support.hostile import harm_in, hostile_text
from tests.support.installed import COMMAND, environ
from tests.support.server import AT_ONCE, TOKEN, LocalServer, local_server
from tests.support.stored import put
from tests.support.terminal import Terminal

FEW, ALL = 30, 1_000
COUNTS = [FEW, pytest.param(ALL, marks=[pytest.mark.full, pytest.mark.timeout(3_600)])]


class HostileErrors(LocalApi):
    """Refuses every value, each in words of its own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        number = scope["path"].rpartition("/keys/k")[2]
        if not number.isdecimal():
            await super().__call__(scope, receive, send)
            return
        words = f"!{number} {hostile_text(random.Random(number))}"
        error = {"code": words, "title": words, "detail": words}
        await JSONResponse({"errors": [error]}, 400)(scope, receive, send)


@pytest.mark.parametrize("count", COUNTS)
def test_error_texts_are_painted_one_by_one_and_never_obeyed(tmp_path: Path, count: int) -> None:
    painted = 0
    with local_server() as server:
        keys = [f"k{number:05}" for number in range(count)]
        put(server, server.namespace("my-cache"), dict.fromkeys(keys, "v"))
        api = HostileErrors(server.store, AT_ONCE, TOKEN)
        with RunningServer(api) as running, program(running.base_url, tmp_path) as terminal:
            terminal.wait_for("k00000")
            terminal.type("2g")
            for number in range(count):
                terminal.wait_for(f"!{number:05} ")
                painted += 1
                terminal.type("j")
            terminal.type("q")
            assert terminal.end() == 0
    assert harm_in(terminal.output) == []
    note("error-texts", painted)


@pytest.mark.parametrize("count", COUNTS)
def test_titles_are_painted_one_by_one_and_never_obeyed(tmp_path: Path, count: int) -> None:
    painted = 0
    source = random.Random(count)
    with local_server() as server:
        now = key_timestamp(int(server.store.clock() * 1e9))
        keys = [f"#{n:05} {hostile_text(source)}".replace("/", "") for n in range(count)]
        state = server.namespace("my-cache")
        server.store.insert(state, [NewEntry(key, b"v", now) for key in keys])
        with RunningServer(server.app) as running, program(running.base_url, tmp_path) as terminal:
            terminal.wait_for("#00000")
            terminal.type("2g")
            for number in range(count):
                terminal.wait_for(f"│ #{number:05} ")  # in a row of the list it stands further in
                painted += 1
                terminal.type("j")
            terminal.type("q")
            assert terminal.end() == 0
    assert harm_in(terminal.output) == []
    note("titles", painted)


@pytest.mark.parametrize("count", COUNTS)
async def test_notices_are_painted_one_by_one_and_never_obeyed(
    server: LocalServer, count: int
) -> None:
    painted = 0
    source = random.Random(count)

    async def connect() -> Workspace:
        return workspace_on(server)

    app = KvtuiApp(Opening(connect, connect, profile="test"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        driver = AppDriver(app, pilot)
        await driver.settle()
        for number in range(count):
            text = f"#{number:05} {hostile_text(source)}"
            driver.browser.tell(text, is_problem=bool(number % 2))
            await driver.settle()
            screen = driver.screen_text()
            assert harm_in(screen.replace("\n", "").encode()) == []
            assert driver.live_parts() == []
            painted += f"#{number:05}" in screen
            app.clear_notifications()
    assert painted == count
    note("notices", painted)


def note(what: str, painted: int) -> None:
    if painted > FEW:
        Dose(f"hostile-{what}", 1).add(painted=painted)


def program(base_url: str, folder: Path) -> Terminal:
    return Terminal(
        COMMAND,
        "--namespace",
        "my-cache",
        environ=environ(
            TELNYX_BASE_URL=base_url, TELNYX_API_KEY=TOKEN, XDG_STATE_HOME=str(folder / "state")
        ),
        folder=folder,
        columns=130,
        rows=30,
    )
