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

SESSION = ", ".join(
    f"kvtui.session.{module.name}" for module in pkgutil.iter_modules(kvtui.session.__path__)
)
RUN = "import sys; from kvtui.cli import main; sys.argv[1:] = {!r}; assert main() == 0"


def loaded(program: str, folder: Path, **variables: str) -> set[str]:
    """Run `program` and give the top-level modules it leaves behind."""
    tell = (
        "import json, sys; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
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


def test_a_headless_command_loads_neither_a_screen_nor_a_server(tmp_path: Path) -> None:
    with running_server() as server:
        cache = Cache(server, server.namespace("my-cache"))
        cache.put("k", b"value\n")
        modules = loaded(
            RUN.format(["get", "my-cache", "k"]),
            tmp_path,
            TELNYX_BASE_URL=server.base_url,
            TELNYX_API_KEY=TOKEN,
        )
    assert "httpx" in modules
    assert not modules & (SCREEN | SERVER | {"sqlite3", "keyring"})
