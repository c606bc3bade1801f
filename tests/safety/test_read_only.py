"""Nothing that a person can press writes anything while writing is switched off."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from textual.screen import Screen
from textual.widgets import Input

from kvtui.api.client import KvClient
from kvtui.secret import Secret
from kvtui.session.workspace import Workspace
from kvtui.ui.app import KvtuiApp
from kvtui.ui.commands import COMMANDS, Scope
from kvtui.ui.opening import Opening
from kvtui.ui.screens.confirm import Confirm
from tests.support.command_line import Shell
from tests.support.driver import AppDriver
from tests.support.server import BASE_URL, TOKEN, LocalServer, running_server
from tests.support.stored import content, put
from tests.support.wire import Wire

LEAVES = {"app.quit", "app.suspend-process", "browser.watch", "browser.arm-writes"}
"""Ends or stops the program, waits for ever, or is what lifts the guard."""
MOST_SCREENS = 5
SCOPES = {Scope.APP, Scope.BROWSER, Scope.KEYS, Scope.NAMESPACES}
VALUES = {"user/1": '{"a": 1}', "user/2": "text", "k": "value"}


@asynccontextmanager
async def guarded(
    server: LocalServer, wire: Wire, *, is_production: bool
) -> AsyncIterator[AppDriver]:
    async def connect() -> Workspace:
        client = KvClient(BASE_URL, Secret(TOKEN), transport=wire, is_read_only=not is_production)
        client.needs_arming = is_production
        return Workspace(client, state_folder=platformdirs.user_state_path("kvtui"))

    app = KvtuiApp(Opening(connect, connect, profile="p", is_production=is_production))
    async with app.run_test(size=(120, 32)) as pilot:
        driver = AppDriver(app, pilot)
        await driver.settle()
        yield driver


async def insist(app: AppDriver) -> None:
    """Say yes to whatever is asked, then come back to the browser."""
    for _ in range(MOST_SCREENS):
        screen = app.app.screen
        if screen is app.browser:
            return
        if isinstance(screen, Confirm):
            for field in screen.query(Input):
                field.value = "my-cache"
            await app.settle()
            await app.confirm()
        elif isinstance(app.app.focused, Input):
            app.app.focused.value = "new-name"
            await app.press("enter")
        else:
            await app.press("enter")
    while app.app.screen is not app.browser:
        await app.press("escape")


FULL = pytest.mark.full


@pytest.fixture(autouse=True)
def harmless_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDITOR", "true")


@pytest.mark.parametrize(
    ("place", "is_production"),
    [
        ("2g", False),
        pytest.param("2G", False, marks=FULL),
        pytest.param("1g", False, marks=FULL),
        pytest.param("3g", False, marks=FULL),
        pytest.param("2g", True, marks=FULL),
        ("2G", True),
    ],
)
async def test_no_key_writes(server: LocalServer, place: str, *, is_production: bool) -> None:
    state = server.namespace("my-cache")
    put(server, state, dict(VALUES))
    wire = Wire(server)
    commands = [item for item in COMMANDS if item.scope in SCOPES and item.keys]
    tried = [command.id for command in commands if command.id not in LEAVES]

    async with guarded(server, wire, is_production=is_production) as app:
        await app.open("my-cache")
        for command in commands:
            if command.id in tried:
                await app.burst(*place, command.keys.split(",")[0])
                await insist(app)

    assert len(tried) > 30
    assert wire.methods["GET"] > 0
    assert wire.write_count == 0
    assert all(content(server, state, key) for key in VALUES)


async def test_no_entry_of_the_palette_writes(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, dict(VALUES))
    wire = Wire(server)

    async with guarded(server, wire, is_production=False) as app:
        await app.open("my-cache")
        screen: Screen[Any] = app.browser
        entries = list(app.app.get_system_commands(screen))
        for entry in entries:
            if not entry.title.startswith(("Quit", "Suspend", "Watch", "Arm")):
                await entry.callback()
                await app.settle()
                await insist(app)

    assert len(entries) > 20
    assert wire.write_count == 0
    assert all(content(server, state, key) for key in VALUES)


@pytest.mark.parametrize(
    "argv",
    [
        ("put", "my-cache", "k", "--yes"),
        ("rm", "my-cache", "k", "--yes"),
        ("rm", "my-cache", "--prefix", "user/", "--yes"),
        ("ns", "create", "other"),
        ("ns", "rm", "my-cache", "--yes"),
    ],
    ids=lambda argv: " ".join(argv[:2]),
)
@pytest.mark.parametrize("guard", ["--read-only", "profile", "production"])
def test_no_command_writes(tmp_path: Path, argv: tuple[str, ...], guard: str) -> None:
    with running_server() as server:
        state = server.namespace("my-cache")
        put(server, state, dict(VALUES))
        shell = Shell(tmp_path)
        shell.point_at(server.base_url)
        word = {"profile": "read_only = true", "production": "production = true"}.get(guard, "")
        shell.configure(f'[profiles.p]\nbase_url = "{server.base_url}"\n{word}\n')
        shell.environ["KVTUI_CONFIG"] = str(tmp_path)
        flags = ("--read-only",) if guard == "--read-only" else ("--profile", "p")
        ended = shell.run(*argv, *flags, stdin=b"x")

        assert ended.status == 3
        assert all(content(server, state, key) for key in VALUES)
        assert [item.namespace.name for item in server.store.namespaces()] == ["my-cache"]
