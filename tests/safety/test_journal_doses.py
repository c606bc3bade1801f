"""The journal in use: random values restored, several processes at once, and another writer."""

import asyncio
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kvtui.api.client import KvClient
from kvtui.records import StoredValue
from kvtui.secret import Secret
from kvtui.server.options import ServerOptions
from kvtui.session.editing import Editing, Finding
from kvtui.session.journaling import Journaling
from kvtui.session.undo import last_writes, prepare_undo
from kvtui.vault.journal import Journal
from tests.support.client import client_on
from tests.support.dose import FOLDER, Dose
from tests.support.server import TOKEN, LocalServer, running_server
from tests.support.stored import content, put

FULL = [pytest.mark.full, pytest.mark.timeout(0)]


@pytest.mark.parametrize("rounds", [20, pytest.param(1_000, marks=FULL)])
async def test_every_restore_is_exact_and_can_itself_be_undone(
    server: LocalServer, tmp_path: Path, rounds: int
) -> None:
    state = server.namespace()
    client = client_on(server)
    journaling = Journaling(Journal(tmp_path / "kvtui"), profile="p", endpoint=client.host)
    editing = Editing(client, journaling)
    exact = undone = 0
    for number in range(rounds):
        old = StoredValue(os.urandom(random.Random(number).randrange(0, 20_000)), "text/odd")
        server.store.put(state, f"k{number}", old)
        edit = await editing.begin(state.namespace, f"k{number}")
        await editing.put(edit, StoredValue(b"new"))
        for wanted in (old.content, b"new"):
            row, *_ = await last_writes(journaling, state.namespace, key=f"k{number}")
            undo = await prepare_undo(editing, journaling, state.namespace, row)
            assert undo.old is not None
            await editing.put(undo.edit, undo.old)
            is_back = content(server, state, f"k{number}") == wanted
            exact += is_back and wanted is old.content
            undone += is_back and wanted == b"new"
    await journaling.aclose()
    await client.aclose()

    if rounds > 20:
        Dose("restores", rounds).add_to_totals(rounds=rounds, exact=exact, undone=undone)
    assert (exact, undone) == (rounds, rounds)


_SAVER = """
import asyncio, sys
from pathlib import Path
from kvtui.api.client import KvClient
from kvtui.records import Namespace, StoredValue
from kvtui.secret import Secret
from kvtui.session.editing import Editing
from kvtui.session.journaling import Journaling
from kvtui.vault.journal import Journal

async def save():
    base_url, token, namespace_id, folder, key, count = sys.argv[1:]
    client = KvClient(base_url, Secret(token))
    journaling = Journaling(Journal(Path(folder)), profile="p", endpoint=client.host)
    editing = Editing(client, journaling)
    namespace = Namespace(namespace_id, "my-cache", "provision_ok")
    for number in range(int(count)):
        edit = await editing.begin(namespace, key)
        await editing.put(edit, StoredValue(b"%d" % number))
    await journaling.aclose()
    await client.aclose()

asyncio.run(save())
"""


@pytest.mark.parametrize("saves", [25, pytest.param(500, marks=FULL)])
def test_two_programs_that_save_at_once_keep_everything(tmp_path: Path, saves: int) -> None:
    with running_server() as server:
        state = server.namespace()
        savers = [
            subprocess.Popen(
                [
                    *(sys.executable, "-c", _SAVER, server.base_url, TOKEN),
                    *(state.namespace.id, tmp_path / "kvtui", key, str(saves)),
                ],
                stderr=subprocess.PIPE,
            )
            for key in ("one", "two")
        ]
        told = [saver.communicate(timeout=600)[1] for saver in savers]

    journal = Journal(tmp_path / "kvtui")
    kept = {
        key: [journal.old_value(row) for row in reversed(journal.rows(key=key))]
        for key in ("one", "two")
    }
    journal.close()
    complete = sum(
        [value and value.content for value in values]
        == [None, *(b"%d" % at for at in range(saves - 1))]
        for values in kept.values()
    )
    if saves > 25:
        Dose("two-programs", 1).add_to_totals(saves=2 * saves, complete=complete)
    assert told == [b"", b""]
    assert complete == 2


EDIT_SECONDS = 3.0
RTT_SECONDS = 0.08
WRITES_PER_SECOND = 1.0
AT_ONCE = 25
MINE = StoredValue(b"mine")


class Contest:
    """Saves beside somebody who writes the same keys without looking."""

    def __init__(self, server: LocalServer, folder: Path) -> None:
        self.server = server
        self.state = server.namespace()
        self.journal = Journal(folder / "kvtui")
        self.client = KvClient(server.base_url, Secret(TOKEN))
        journaling = Journaling(self.journal, profile="p", endpoint=self.client.host)
        self.editing = Editing(self.client, journaling)

    async def others(self, key: str, chance: random.Random, written: list[bytes]) -> bytes:
        """Write on until somebody else's value is found; give what that one overwrote."""
        while True:
            await asyncio.sleep(chance.expovariate(WRITES_PER_SECOND))
            if content(self.server, self.state, key) == MINE.content:
                return written[-1]
            written.append(b"theirs %d" % len(written))
            put(self.server, self.state, {key: written[-1]})

    async def save_once(self, number: int) -> "Counter[str]":
        """Edit for a while, save, and count what became of what the other wrote."""
        key, written = f"k{number}", [b"base"]
        put(self.server, self.state, {key: written[0]})
        edit = await self.editing.begin(self.state.namespace, key)
        other = asyncio.create_task(self.others(key, random.Random(number), written))
        await asyncio.sleep(EDIT_SECONDS)
        is_changed = len(written) > 1
        if await self.editing.conflict(edit) is not None:
            other.cancel()
            return Counter(changed=is_changed, conflicts=1)
        report = await self.editing.put(edit, MINE)
        assert report.finding in {Finding.DONE, Finding.OVERTAKEN}
        overwritten = await other
        (row,) = await asyncio.to_thread(self.journal.rows, key=key)
        kept = await asyncio.to_thread(self.journal.old_value, row)
        is_kept = kept is not None and edit.base is not None and kept.content == edit.base.content
        return Counter(
            changed=is_changed,
            lost=overwritten != b"base",
            unkept=not is_kept,
            overtaken=report.finding is Finding.OVERTAKEN,
        )


async def contest(dose: Dose, server: LocalServer, folder: Path) -> None:
    """Let some edits at a time go on beside the other writer."""
    found = Contest(server, folder)
    places = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        dose.add(**await found.save_once(number))
        places.release()

    async with asyncio.TaskGroup() as edits:
        for number in dose.rounds_left():
            await places.acquire()
            edits.create_task(one(number))
    await found.client.aclose()
    found.journal.close()


@pytest.mark.parametrize(
    ("rounds", "name"), [(25, ""), pytest.param(3_000, "concurrent-writer", marks=FULL)]
)
async def test_a_concurrent_writer_is_nearly_always_seen(
    tmp_path: Path, rounds: int, name: str
) -> None:
    """Only what is written within the window of a save can be lost; what was read is kept."""
    folder = FOLDER if name else tmp_path
    options = ServerOptions(provisioning_seconds=0, latency_seconds=RTT_SECONDS)
    dose = Dose(name or "small", rounds, folder=folder)
    with running_server(options) as server:
        await contest(dose, server, tmp_path)

    totals = dose.totals
    assert totals["unkept"] == 0
    assert totals["conflicts"] >= totals["changed"] * 0.99
    assert totals["lost"] <= max(2, 0.01 * totals["rounds"])
