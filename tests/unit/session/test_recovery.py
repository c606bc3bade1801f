"""After a run that ended in the middle of a write, the next one says what became of it."""

from pathlib import Path

import pytest

from kvtui.api.client import KvClient
from kvtui.records import Namespace, StoredValue
from kvtui.server.store import NamespaceState
from kvtui.session.editing import Editing
from kvtui.session.journaling import Journaling
from kvtui.session.recovery import Fate, resolve_in_flight
from kvtui.session.undo import last_writes, prepare_undo
from kvtui.vault.journal import Journal
from kvtui.vault.journal_row import Place, RowState, Write
from tests.support.client import client_on
from tests.support.server import LocalServer, ManualClock
from tests.support.stored import content, put


class Desk:
    """Editing with a journal, and an earlier run that ended suddenly."""

    def __init__(self, client: KvClient, namespace: Namespace, folder: Path) -> None:
        self.journal = Journal(folder, clock=ManualClock(1_000.0))
        self.journaling = Journaling(self.journal, profile="p", endpoint=client.host)
        self.editing = Editing(client, self.journaling)
        self.waits: list[float] = []
        self._folder = folder
        self._place = Place("p", client.host, namespace.id, namespace.name, "k")

    def dies_before_an_answer(self, old: bytes | None, new: bytes | None) -> int:
        earlier = Journal(self._folder, clock=ManualClock(1_000.0))
        stored = None if old is None else StoredValue(old)
        row_id = earlier.intend(Write(self._place, stored, new))
        earlier.close()
        return row_id

    async def resolve(self, now: float = 9_000.0) -> list[Fate]:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        found = await resolve_in_flight(
            self.editing, self.journaling, clock=lambda: now, sleep=sleep
        )
        return [resolved.fate for resolved in found]


@pytest.fixture
def desk(client: KvClient, namespace: Namespace, tmp_path: Path) -> Desk:
    return Desk(client, namespace, tmp_path / "kvtui")


@pytest.mark.parametrize(
    ("stored", "old", "new", "fate", "state_after"),
    [
        ("new", b"old", b"new", Fate.LANDED, RowState.DONE),
        ("old", b"old", b"new", Fate.NOT_LANDED, RowState.FAILED),
        ("theirs", b"old", b"new", Fate.REPLACED, RowState.UNKNOWN),
        (None, b"old", None, Fate.LANDED, RowState.DONE),
        ("old", b"old", None, Fate.NOT_LANDED, RowState.FAILED),
        (None, None, b"new", Fate.NOT_LANDED, RowState.FAILED),
        (None, b"old", b"new", Fate.REPLACED, RowState.UNKNOWN),
    ],
)
async def test_every_write_in_flight_is_read_compared_and_settled(
    *,
    server: LocalServer,
    state: NamespaceState,
    desk: Desk,
    stored: str | None,
    old: bytes | None,
    new: bytes | None,
    fate: Fate,
    state_after: RowState,
) -> None:
    if stored is not None:
        put(server, state, {"k": stored})
    row_id = desk.dies_before_an_answer(old, new)

    assert await desk.resolve() == [fate]

    row = desk.journal.row(row_id)
    assert row is not None
    assert (row.state, row.is_settled) == (state_after, True)
    assert await desk.resolve() == []


async def test_a_request_that_left_moments_ago_is_given_time_to_arrive(
    server: LocalServer, state: NamespaceState, desk: Desk
) -> None:
    put(server, state, {"k": "old"})
    desk.dies_before_an_answer(b"old", b"new")

    assert await desk.resolve(now=1_010.0) == [Fate.NOT_LANDED]
    assert desk.waits == [2.0]


async def test_what_cannot_be_read_now_is_left_for_the_next_start(
    server: LocalServer, namespace: Namespace, desk: Desk
) -> None:
    desk.dies_before_an_answer(b"old", b"new")
    editing = Editing(client_on(server, token="wrong"), desk.journaling)

    assert await resolve_in_flight(editing, desk.journaling) == []
    assert await desk.resolve() == [Fate.REPLACED]


async def test_the_last_write_of_a_key_can_be_undone_and_redone(
    server: LocalServer, state: NamespaceState, namespace: Namespace, desk: Desk
) -> None:
    put(server, state, {"k": "one", "other": "x"})
    for new in (b"two", b"three"):
        await desk.editing.put(await desk.editing.begin(namespace, "k"), StoredValue(new))
    await desk.editing.delete(await desk.editing.begin(namespace, "other"))

    keys = [row.place.key for row in await last_writes(desk.journaling, namespace)]
    first, *_ = await last_writes(desk.journaling, namespace, key="k")
    undo = await prepare_undo(desk.editing, desk.journaling, namespace, first)

    assert keys == ["other", "k"]
    assert (undo.is_done_already, undo.is_overtaken) == (False, False)
    assert undo.old is not None
    assert undo.old.content == b"two"

    await desk.editing.put(undo.edit, undo.old)
    (redo, *_) = await last_writes(desk.journaling, namespace, key="k")
    assert content(server, state, "k") == b"two"
    redone = await desk.journaling.old_value(redo)
    assert redone is not None
    assert redone.content == b"three"


async def test_an_undo_knows_when_somebody_wrote_since(
    server: LocalServer, state: NamespaceState, namespace: Namespace, desk: Desk
) -> None:
    put(server, state, {"k": "one"})
    await desk.editing.put(await desk.editing.begin(namespace, "k"), StoredValue(b"two"))
    put(server, state, {"k": "theirs"})

    (row,) = await last_writes(desk.journaling, namespace)
    undo = await prepare_undo(desk.editing, desk.journaling, namespace, row)

    assert undo.is_overtaken
