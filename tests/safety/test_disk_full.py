"""A disk that takes no more: writes are refused with the reason, and no half file is left."""

import subprocess
import sys
from pathlib import Path

import pytest

from kvtui.records import StoredValue
from kvtui.vault.drafts import Drafts
from kvtui.vault.journal import Journal
from tests.support.installed import COMMAND, environ
from tests.support.server import TOKEN, LocalServer, running_server
from tests.support.stored import content, put

_LIMITED = (
    "import os, resource, sys; limit = int(sys.argv[1]);"
    " resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit));"
    " os.execv(sys.argv[2], sys.argv[2:])"
)
"""Lets a program write files up to a size only: what comes after fails as on a full disk."""
OLD = b"old value " * 20_000


def with_limit(
    limit_bytes: int, server: LocalServer, folder: Path, *argv: str
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-S", "-c", _LIMITED, str(limit_bytes), str(COMMAND), *argv],
        input=b"new",
        capture_output=True,
        cwd=folder,
        env=environ(
            TELNYX_BASE_URL=server.base_url,
            TELNYX_API_KEY=TOKEN,
            XDG_STATE_HOME=str(folder),
            PYTHONDONTWRITEBYTECODE="1",
        ),
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("limit_bytes", [0, 4_096, 100_000])
@pytest.mark.parametrize("argv", [("put", "my-cache", "k"), ("rm", "my-cache", "k")])
def test_a_write_is_refused_where_the_old_value_does_not_fit(
    tmp_path: Path, limit_bytes: int, argv: tuple[str, ...]
) -> None:
    with running_server() as server:
        state = server.namespace("my-cache")
        put(server, state, {"k": OLD})

        refused = with_limit(limit_bytes, server, tmp_path, *argv, "--yes")

        assert refused.returncode == 1
        assert b"nothing was written" in refused.stderr
        assert b"Traceback" not in refused.stderr
        assert content(server, state, "k") == OLD

        done = with_limit(10_000_000, server, tmp_path, *argv, "--yes")
        assert done.returncode == 0

    journal = Journal(tmp_path / "kvtui")
    (row,) = journal.rows()
    old = journal.old_value(row)
    journal.close()
    assert old is not None
    assert old.content == OLD


_DRAFTING = """
import resource, sys
from pathlib import Path
from kvtui.errors import VaultError
from kvtui.records import StoredValue
from kvtui.vault.drafts import Draft, Drafts
from kvtui.vault.journal_row import Place

drafts = Drafts(Path(sys.argv[1]))
place = Place("p", "api.test", "id", "my-cache", "k")
drafts.write(Draft(place, StoredValue(b"base"), b"one"))
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
try:
    drafts.write(Draft(place, StoredValue(b"base"), b"two" * 1_000))
except VaultError as error:
    print(error)
"""


def test_a_draft_that_does_not_fit_leaves_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "kvtui" / "drafts"
    told = subprocess.run(
        [sys.executable, "-c", _DRAFTING, folder], capture_output=True, text=True, check=True
    )

    drafts = Drafts(folder)
    (left,) = drafts.left_behind("p", "api.test")
    drafts.close()

    assert "could not be written" in told.stdout
    assert (left.draft.content, left.draft.base) == (b"one", StoredValue(b"base"))
    assert [path.suffix for path in folder.iterdir()] == [".draft"]
