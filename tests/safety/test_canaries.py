"""An API key and a value that can be recognised wherever they turn up."""

import base64
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import platformdirs
import pytest

from kvtui.api.client import KvClient
from kvtui.secret import Secret
from kvtui.server.store import NamespaceState
from kvtui.session.editing import Editing
from kvtui.session.journaling import Journaling
from kvtui.session.workspace import Workspace
from kvtui.ui.app import KvtuiApp
from kvtui.ui.opening import Opening
from kvtui.vault.journal import Journal
from tests.support.driver import AppDriver
from tests.support.installed import COMMAND, environ
from tests.support.server import BASE_URL, LocalServer, local_server, running_server
from tests.support.stored import put
from tests.support.terminal import Terminal

KEY = "KEYcanary0123456789abcdefghijklmnop"
VALUE = "canary-value-0123456789"
OSC_52 = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)")


@pytest.fixture
def guarded() -> Iterator[LocalServer]:
    with local_server(api_key=KEY) as server:
        yield server


def fill(server: LocalServer) -> NamespaceState:
    state = server.namespace("my-cache")
    put(server, state, {"a": VALUE, "b": "other", "user/1": "one"})
    return state


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_no_screen_and_no_picture_shows_the_key(guarded: LocalServer) -> None:
    fill(guarded)
    seen: list[str] = []

    async def connect() -> Workspace:
        line = httpx.ASGITransport(guarded.app)
        return Workspace(KvClient(BASE_URL, Secret(KEY), transport=line), profile="p")

    app = KvtuiApp(Opening(connect, connect, profile="p", host="h", is_masked=True))
    async with app.run_test(size=(120, 32)) as pilot:
        driver = AppDriver(app, pilot)
        await driver.settle()
        await driver.open("my-cache")
        for keys in ("@", "?", "y", "D", "a", "i", "R", ":", "P", "o", "p", "s"):
            await driver.press(keys)
            seen += [driver.screen_text(), app.export_screenshot()]
            for _ in range(3):
                if app.screen is not driver.browser:
                    await driver.press("escape")
        copies = [driver.browser.workspace.curl(e) for e in driver.browser.workspace.trace.entries]

    assert len(seen) == 24
    assert len(copies) > 1
    assert all("$TELNYX_API_KEY" in copy for copy in copies)
    assert not [text for text in (*seen, *copies, repr(vars(app))) if KEY in text]
    assert not [text for text in seen if VALUE in text]


async def test_a_wrong_key_is_told_without_being_shown(guarded: LocalServer) -> None:
    async def connect() -> Workspace:
        line = httpx.ASGITransport(guarded.app)
        return Workspace(KvClient(BASE_URL, Secret(f"{KEY}-wrong"), transport=line))

    app = KvtuiApp(Opening(connect, connect, host="h"))
    async with app.run_test(size=(120, 32)) as pilot:
        driver = AppDriver(app, pilot)
        await driver.settle()
        assert "rejected" in driver.screen_text()
        assert KEY not in driver.screen_text()


async def test_what_was_overwritten_is_in_the_journal_alone_and_the_key_nowhere(
    guarded: LocalServer, tmp_path: Path
) -> None:
    state = fill(guarded)
    folder = platformdirs.user_state_path("kvtui")
    client = KvClient(BASE_URL, Secret(KEY), transport=httpx.ASGITransport(guarded.app))
    journaling = Journaling(Journal(folder), profile="p", endpoint=client.host)
    editing = Editing(client, journaling)
    edit = await editing.begin(state.namespace, "a")
    await editing.delete(edit)
    await journaling.aclose()
    await client.aclose()

    files = files_below(tmp_path)
    holders = [path for path in files if VALUE.encode() in path.read_bytes()]
    assert holders
    assert all(path.name.startswith("journal.sqlite3") for path in holders)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_neither_the_arguments_nor_the_terminal_nor_a_file_of_the_program_holds_the_key(
    tmp_path: Path,
) -> None:
    with running_server(api_key=KEY) as server:
        fill(server)
        variables = environ(
            TELNYX_BASE_URL=server.base_url, TELNYX_API_KEY=KEY, XDG_STATE_HOME=str(tmp_path)
        )
        argv = (COMMAND, "--namespace", "my-cache")
        with Terminal(*argv, environ=variables, folder=tmp_path, columns=120) as terminal:
            terminal.wait_for(VALUE)
            terminal.type("yc")
            terminal.wait_for("Sent to the terminal")
            terminal.type("@")
            terminal.wait_for("GET")
            terminal.type("y")
            arguments = Path(f"/proc/{terminal.process_id}/cmdline").read_bytes()
            terminal.wait_for(lambda: len(OSC_52.findall(terminal.output)) >= 2)
            terminal.type("q")
            terminal.wait_for("Namespaces")
            terminal.type("q")
            assert terminal.end() == 0

    copies = [base64.b64decode(copy) for copy in OSC_52.findall(terminal.output)]
    assert [copy for copy in copies if b"$TELNYX_API_KEY" in copy] == copies
    assert VALUE.encode() in terminal.output
    files = [path.read_bytes() for path in files_below(tmp_path)]
    assert not [
        text for text in (arguments, terminal.output, *copies, *files) if KEY.encode() in text
    ]
