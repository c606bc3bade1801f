"""What a fresh interpreter loads: nobody waits for what they do not use."""

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import kvtui.session
from tests.support.command_line import Cache
from tests.support.installed import environ
from tests.support.server import TOKEN, running_server

SCREEN = {"textual", "rich", "pygments", "humanize", "PIL"}
HTTP = {"httpx", "httpcore", "h11", "anyio"}
SERVER = {"starlette", "uvicorn", "click"}
RARE = {"keyring", "platformdirs", "sqlite3", "getpass", "msgpack", "cbor2", "jmespath"}

BEHIND_THE_FIRST_FRAME = (
    "kvtui.api",
    "kvtui.keyspace.coverage",
    "kvtui.keyspace.index",
    "kvtui.keyspace.tree",
    "kvtui.records",
    "kvtui.server",
    "kvtui.session",
    "kvtui.ui.screens.confirm",
    "kvtui.ui.screens.help",
    "kvtui.ui.screens.listing_flow",
    "kvtui.ui.screens.prompt",
    "kvtui.ui.screens.scan_flow",
    "kvtui.ui.widgets.line_view",
    "kvtui.ui.widgets.value_view",
    "kvtui.values.detect",
    "kvtui.values.formats.json_tree",
    "kvtui.values.formats.picture",
    "kvtui.values.text_lines",
    "kvtui.values.view",
    "kvtui.vault",
    "hashlib",
    "argparse",
    "tomllib",
)

SESSION = ", ".join(
    f"kvtui.session.{module.name}" for module in pkgutil.iter_modules(kvtui.session.__path__)
)
IDLE = """
import asyncio
from kvtui.launch.headless import open_client
from kvtui.session.workspace import Workspace
from kvtui.settings import Flags, Surroundings, load_settings
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening

async def connect():
    return Workspace(open_client(load_settings(Flags(), Surroundings.of_this_process())))

async def main():
    app = KvtuiApp(Opening(connect, connect))
    async with app.run_test() as pilot:
        while not app.screen.namespaces.row_count:
            await pilot.pause()
        await app.workers.wait_for_complete()

asyncio.run(main())
"""
RUN = "import sys; from kvtui.cli import main; sys.argv[1:] = {!r}; assert main() == 0"


def loaded(program: str, folder: Path, **variables: str) -> set[str]:
    """Run `program` and give the top-level modules it leaves behind."""
    return {name.split(".")[0] for name in modules(program, folder, **variables)}


def modules(program: str, folder: Path, **variables: str) -> set[str]:
    """Run `program` and give the modules it leaves behind."""
    tell = "import json, sys; print(json.dumps(sorted(sys.modules)))"
    ended = subprocess.run(
        [sys.executable, "-c", f"{program}\n{tell}"],
        capture_output=True,
        check=False,
        cwd=folder,
        env=environ(**variables),
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return set(json.loads(ended.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("program", "unwanted"),
    [
        ("import kvtui", SCREEN | HTTP | SERVER | RARE | {"asyncio", "argparse"}),
        ("import kvtui.cli, kvtui.launch", SCREEN | HTTP | SERVER | RARE | {"msgspec"}),
        (f"import {SESSION}", SCREEN | HTTP | SERVER | RARE),
        (
            "import kvtui.ui.app",
            HTTP | SERVER | (RARE - {"platformdirs"}) | {"pygments", "humanize", "PIL"},
        ),
        ("import kvtui.api.client", SCREEN | SERVER),
    ],
    ids=["package", "command line", "session", "app", "client"],
)
def test_an_import_does_not_pay_for_others(
    tmp_path: Path, program: str, unwanted: set[str]
) -> None:
    paid_for = sorted(loaded(program, tmp_path) & unwanted)
    assert paid_for == []


def test_the_first_frame_waits_for_nothing_that_comes_after_it(tmp_path: Path) -> None:
    program = (
        "import kvtui.cli.command_line; from kvtui.cli.parser import parse; parse([]);"
        " import kvtui.launch.browsing"
    )
    paid_for = modules(program, tmp_path)
    assert "kvtui.ui.screens.browser" in paid_for
    too_soon = {
        name
        for name in paid_for
        for part in BEHIND_THE_FIRST_FRAME
        if f"{name}.".startswith(f"{part}.")
    }
    assert sorted(too_soon) == []


def test_the_namespaces_wait_for_nothing_that_comes_after_them(tmp_path: Path) -> None:
    """These are what connecting loads; see `launch.browsing`."""
    program = "import kvtui.launch.headless, kvtui.session.workspace, kvtui.api.client"
    paid_for = modules(f"{program}, kvtui.api.pool", tmp_path)
    too_soon = {
        name
        for name in paid_for
        if name.startswith(("kvtui.keyspace", "kvtui.vault", "kvtui.values"))
    }
    assert sorted(too_soon) == []
    others = {name for name in paid_for if name.startswith("kvtui.session.")}
    assert others == {f"kvtui.session.{name}" for name in ("account", "client", "workspace")}


def test_looking_for_what_an_earlier_run_left_loads_no_dialog_and_no_decoder(
    tmp_path: Path,
) -> None:
    """It is all that a browser does by itself while no namespace is open."""
    names = modules(
        "import kvtui.ui.widgets.value_view, kvtui.launch.headless, kvtui.session.workspace;"
        "from importlib import import_module; from kvtui.ui.screens.browser import RECOVERING;"
        "[import_module(f'kvtui.{name}') for name in RECOVERING]",
        tmp_path,
    )
    assert "kvtui.vault.journal" in names
    heavy = ("kvtui.keyspace.tree", "kvtui.values.detect", "kvtui.values.diff")
    assert not names & {*heavy, "kvtui.ui.screens.draft_screen", "kvtui.ui.screens.editor"}


def test_a_browser_that_is_left_alone_loads_nothing_that_opening_takes(tmp_path: Path) -> None:
    with running_server() as server:
        server.namespace("my-cache")
        names = modules(
            IDLE,
            tmp_path,
            TELNYX_BASE_URL=server.base_url,
            TELNYX_API_KEY=TOKEN,
            HOME=str(tmp_path),
        )
    assert "kvtui.ui.screens.recovery_flow" in names
    assert not names & {"kvtui.session.namespace", "kvtui.keyspace.tree", "kvtui.values.view"}


def test_the_version_is_told_by_next_to_nothing(tmp_path: Path) -> None:
    names = modules(RUN.format(["--version"]), tmp_path)
    assert {name for name in names if name.startswith("kvtui")} == {"kvtui", "kvtui.cli"}
    assert not names & {"argparse", "asyncio", "dataclasses", "pathlib", "tomllib"}


def test_a_headless_command_loads_neither_a_screen_nor_a_server(tmp_path: Path) -> None:
    with running_server() as server:
        cache = Cache(server, server.namespace("my-cache"))
        cache.put("k", b"value\n")
        names = modules(
            RUN.format(["get", "my-cache", "k"]),
            tmp_path,
            TELNYX_BASE_URL=server.base_url,
            TELNYX_API_KEY=TOKEN,
        )
    assert "httpx" in names
    assert not names & (SCREEN | SERVER | {"sqlite3", "keyring", "tomllib", "hmac"})
    others = ("kvtui.vault", "kvtui.keyspace", "kvtui.session.editing", "kvtui.cli.journal")
    assert [name for name in names if name.startswith(others)] == []
