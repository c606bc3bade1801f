"""Every write is kept before it is sent, and refused where it cannot be kept."""

from pathlib import Path

import httpx
import pytest

from kvtui.api.client import KvClient
from kvtui.errors import InvalidRequestError, OutcomeUnknownError, ReadOnlyError, VaultError
from kvtui.records import Namespace, StoredValue
from kvtui.secret import Secret
from kvtui.server.store import NamespaceState
from kvtui.session.editing import Edit, Editing, Finding
from kvtui.session.journaling import Journaling
from kvtui.session.renaming import Rename, rename
from kvtui.vault.journal import Journal
from kvtui.vault.journal_row import Operation, RowState
from tests.support.client import client_on
from tests.support.server import BASE_URL, TOKEN, LocalServer
from tests.support.stored import content, put

MINE = StoredValue(b'{"mine": 1}', "application/json")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "kvtui")


def editing_with(client: KvClient, journal: Journal) -> Editing:
    async def sleep(seconds: float) -> None:
        assert seconds > 0

    return Editing(client, Journaling(journal, profile="p", endpoint=client.host), sleep=sleep)


async def test_a_save_keeps_what_it_replaces(
    server: LocalServer,
    state: NamespaceState,
    namespace: Namespace,
    client: KvClient,
    journal: Journal,
) -> None:
    put(server, state, {"k": '{"a": 1}'})
    editing = editing_with(client, journal)
    edit = await editing.begin(namespace, "k")

    await editing.put(edit, MINE)

    (row,) = journal.rows()
    assert (row.operation, row.state, row.is_settled) == (Operation.PUT, RowState.DONE, True)
    assert (row.place.namespace_id, row.place.key) == (namespace.id, "k")
    assert (row.place.profile, row.place.endpoint) == ("p", client.host)
    assert journal.old_value(row) == StoredValue(b'{"a": 1}', "application/json")
    assert row.is_what_was_written(MINE)


async def test_a_deletion_and_both_steps_of_a_rename_are_kept(
    server: LocalServer,
    state: NamespaceState,
    namespace: Namespace,
    client: KvClient,
    journal: Journal,
) -> None:
    put(server, state, {"old": "a", "gone": "b"})
    editing = editing_with(client, journal)

    await editing.delete(await editing.begin(namespace, "gone"))
    await rename(editing, Rename(namespace, "old", "new"), ttl_seconds=None)

    kept = [
        (row.operation, row.place.key, journal.old_value(row)) for row in reversed(journal.rows())
    ]
    assert kept == [
        (Operation.DELETE, "gone", StoredValue(b"b", "application/octet-stream")),
        (Operation.PUT, "new", None),
        (Operation.DELETE, "old", StoredValue(b"a", "application/octet-stream")),
    ]


class Watching(httpx.AsyncBaseTransport):
    """Looks into the journal at the moment a write arrives."""

    def __init__(self, server: LocalServer, folder: Path) -> None:
        self._server = httpx.ASGITransport(server.app)
        self._folder = folder
        self.seen: list[tuple[RowState, StoredValue | None]] = []
        self.error: Exception | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self._server.handle_async_request(request)
        journal = Journal(self._folder)
        self.seen = [(row.state, journal.old_value(row)) for row in journal.rows()]
        journal.close()
        if self.error is not None:
            raise self.error
        return await self._server.handle_async_request(request)


async def test_the_intent_is_on_the_disk_before_the_request_leaves(
    server: LocalServer,
    state: NamespaceState,
    namespace: Namespace,
    tmp_path: Path,
    journal: Journal,
) -> None:
    put(server, state, {"k": "base"})
    transport = Watching(server, tmp_path / "kvtui")
    editing = editing_with(KvClient(BASE_URL, Secret(TOKEN), transport=transport), journal)

    await editing.put(await editing.begin(namespace, "k"), MINE)

    assert [state for state, _ in transport.seen] == [RowState.INTENT]
    kept = transport.seen[0][1]
    assert kept is not None
    assert kept.content == b"base"


@pytest.mark.parametrize("is_deletion", [False, True])
async def test_nothing_is_sent_when_it_cannot_be_kept(
    server: LocalServer,
    state: NamespaceState,
    namespace: Namespace,
    client: KvClient,
    tmp_path: Path,
    is_deletion: bool,
) -> None:
    put(server, state, {"k": "base"})
    (tmp_path / "file").write_text("in the way")
    editing = editing_with(client, Journal(tmp_path / "file" / "kvtui"))
    edit = await editing.begin(namespace, "k")

    with pytest.raises(VaultError, match=r"nothing was written.*--no-journal"):
        await (editing.delete(edit) if is_deletion else editing.put(edit, MINE))

    assert content(server, state, "k") == b"base"
    assert not [entry for entry in client.trace.entries if entry.is_write]


async def test_a_refused_write_is_noted_as_failed(
    server: LocalServer, state: NamespaceState, namespace: Namespace, journal: Journal
) -> None:
    client = client_on(server)
    editing = editing_with(client, journal)

    with pytest.raises(InvalidRequestError):
        await editing.put(Edit(namespace, "k", None), MINE, ttl_seconds=10**12)

    (row,) = journal.rows()
    assert (row.state, row.is_settled) == (RowState.FAILED, True)
    assert row.error


async def test_a_write_refused_here_leaves_no_trace(
    server: LocalServer, namespace: Namespace, journal: Journal
) -> None:
    editing = editing_with(client_on(server, is_read_only=True), journal)

    with pytest.raises(ReadOnlyError):
        await editing.put(Edit(namespace, "k", None), MINE)

    assert journal.rows() == []


async def test_an_answer_lost_for_good_stays_unknown_until_the_next_start(
    server: LocalServer,
    state: NamespaceState,
    namespace: Namespace,
    tmp_path: Path,
    journal: Journal,
) -> None:
    put(server, state, {"k": "base"})
    transport = Watching(server, tmp_path / "kvtui")
    transport.error = httpx.ReadError("")
    editing = editing_with(KvClient(BASE_URL, Secret(TOKEN), transport=transport), journal)
    edit = await editing.begin(namespace, "k")

    report = await editing.put(edit, MINE)

    (row,) = journal.rows()
    assert report.finding is Finding.NOT_APPLIED
    assert (row.state, row.is_settled) == (RowState.UNKNOWN, False)


async def test_what_cannot_be_asked_about_is_unknown(
    server: LocalServer, namespace: Namespace, journal: Journal
) -> None:
    class Deaf(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ReadError("")

    editing = editing_with(KvClient(BASE_URL, Secret(TOKEN), transport=Deaf()), journal)

    with pytest.raises(OutcomeUnknownError):
        await editing.put(Edit(namespace, "k", None), MINE)

    (row,) = journal.rows()
    assert (row.state, row.is_settled) == (RowState.UNKNOWN, False)
