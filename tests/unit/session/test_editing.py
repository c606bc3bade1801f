from collections.abc import Callable

import httpx
import pytest

from kvtui.api.client import KvClient
from kvtui.errors import OutcomeUnknownError, RateLimitedError, ReadOnlyError
from kvtui.records import Namespace, PutOutcome, StoredValue
from kvtui.secret import Secret
from kvtui.server.store import NamespaceState
from kvtui.session.editing import Edit, Editing, Finding
from kvtui.session.renaming import Rename, RenameOutcome, rename
from tests.support.client import client_on
from tests.support.clock import VirtualClock
from tests.support.server import BASE_URL, TOKEN, LocalServer
from tests.support.stored import content, put

MINE = StoredValue(b'{"mine": 1}', "application/json")


@pytest.fixture
def editing(client: KvClient) -> Editing:
    return Editing(client)


async def test_a_save_keeps_the_content_type_and_is_read_back(
    server: LocalServer, state: NamespaceState, namespace: Namespace, editing: Editing
) -> None:
    put(server, state, {"k": '{"a": 1}'})
    edit = await editing.begin(namespace, "k")
    assert edit.content_type == "application/json"
    assert await editing.conflict(edit) is None

    report = await editing.put(edit, MINE)

    assert (report.finding, report.outcome) == (Finding.DONE, PutOutcome.REPLACED)
    assert content(server, state, "k") == MINE.content


async def test_a_value_that_changed_meanwhile_is_a_conflict(
    server: LocalServer, state: NamespaceState, namespace: Namespace, editing: Editing
) -> None:
    put(server, state, {"k": "base"})
    edit = await editing.begin(namespace, "k")

    put(server, state, {"k": "theirs"})
    conflict = await editing.conflict(edit)

    assert conflict is not None
    assert conflict.theirs is not None
    assert conflict.theirs.content == b"theirs"


async def test_a_key_that_was_deleted_meanwhile_is_a_conflict(
    server: LocalServer, state: NamespaceState, namespace: Namespace, editing: Editing
) -> None:
    put(server, state, {"k": "base"})
    edit = await editing.begin(namespace, "k")

    server.store.delete(state, "k")
    conflict = await editing.conflict(edit)

    assert conflict is not None
    assert conflict.theirs is None


async def test_the_same_bytes_written_again_are_no_conflict(
    server: LocalServer, state: NamespaceState, namespace: Namespace, editing: Editing
) -> None:
    put(server, state, {"k": "base"})
    edit = await editing.begin(namespace, "k")
    put(server, state, {"k": "base"})

    assert await editing.conflict(edit) is None


class LosesAnswers(httpx.AsyncBaseTransport):
    """Loses the answer to the first write, applied or not."""

    def __init__(self, server: LocalServer, *, is_applied: bool) -> None:
        self._server = httpx.ASGITransport(server.app)
        self._is_applied = is_applied
        self.writes = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self._server.handle_async_request(request)
        self.writes += 1
        if self._is_applied:
            await self._server.handle_async_request(request)
        raise httpx.ReadError("")


@pytest.mark.parametrize(
    ("is_applied", "finding"), [(True, Finding.DONE), (False, Finding.NOT_APPLIED)]
)
async def test_a_lost_answer_is_found_out_by_reading_and_the_write_is_not_repeated(
    server: LocalServer,
    state: NamespaceState,
    namespace: Namespace,
    is_applied: bool,
    finding: Finding,
) -> None:
    put(server, state, {"k": "base"})
    transport = LosesAnswers(server, is_applied=is_applied)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    editing = Editing(KvClient(BASE_URL, Secret(TOKEN), transport=transport), sleep=sleep)
    edit = Edit(namespace, "k", StoredValue(b"base"))

    report = await editing.put(edit, MINE)

    assert report.finding is finding
    assert transport.writes == 1
    assert bool(waits) is not is_applied


async def test_a_lost_answer_beside_another_writer_is_overtaken(
    server: LocalServer, state: NamespaceState, namespace: Namespace
) -> None:
    put(server, state, {"k": "theirs"})
    transport = LosesAnswers(server, is_applied=False)
    editing = Editing(KvClient(BASE_URL, Secret(TOKEN), transport=transport))

    report = await editing.put(Edit(namespace, "k", StoredValue(b"base")), MINE)

    assert report.finding is Finding.OVERTAKEN
    assert content(server, state, "k") == b"theirs"


class DeafAfterWrite(LosesAnswers):
    """Answers nothing at all once a write was lost."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.writes:
            raise httpx.ReadError("")
        return await super().handle_async_request(request)


async def test_what_cannot_be_found_out_stays_unknown(
    server: LocalServer, namespace: Namespace
) -> None:
    transport = DeafAfterWrite(server, is_applied=True)
    editing = Editing(KvClient(BASE_URL, Secret(TOKEN), transport=transport))

    with pytest.raises(OutcomeUnknownError):
        await editing.put(Edit(namespace, "k", None), MINE)


async def test_reading_only_is_enforced_below_the_screens(
    server: LocalServer, state: NamespaceState, namespace: Namespace
) -> None:
    put(server, state, {"k": "base"})
    editing = Editing(client_on(server, is_read_only=True))
    edit = await editing.begin(namespace, "k")

    with pytest.raises(ReadOnlyError):
        await editing.put(edit, MINE)
    with pytest.raises(ReadOnlyError):
        await editing.delete(edit)
    assert content(server, state, "k") == b"base"


async def test_a_rename_moves_bytes_and_content_type(
    server: LocalServer, state: NamespaceState, namespace: Namespace, editing: Editing
) -> None:
    put(server, state, {"old": '{"a": 1}'})

    outcome = await rename(editing, Rename(namespace, "old", "new/name"), ttl_seconds=None)

    assert outcome is RenameOutcome.DONE
    assert content(server, state, "old") is None
    moved = server.store.get(state, "new/name")
    assert moved == StoredValue(b'{"a": 1}', "application/json")


async def test_a_rename_never_overwrites(
    server: LocalServer, state: NamespaceState, namespace: Namespace, editing: Editing
) -> None:
    put(server, state, {"old": "a", "new": "b"})

    outcome = await rename(editing, Rename(namespace, "old", "new"), ttl_seconds=None)

    assert outcome is RenameOutcome.TARGET_EXISTS
    assert (content(server, state, "old"), content(server, state, "new")) == (b"a", b"b")


async def test_a_rename_of_what_is_gone_does_nothing(
    server: LocalServer, state: NamespaceState, namespace: Namespace, editing: Editing
) -> None:
    outcome = await rename(editing, Rename(namespace, "old", "new"), ttl_seconds=None)

    assert outcome is RenameOutcome.SOURCE_GONE
    assert content(server, state, "new") is None


class Limits(LosesAnswers):
    """Refuses the first writes as too many; what is done meanwhile is up to `meanwhile`."""

    def __init__(
        self, server: LocalServer, refusals: int, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(server, is_applied=False)
        self._refusals = refusals
        self._meanwhile = meanwhile

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or self.writes == self._refusals:
            return await self._server.handle_async_request(request)
        self.writes += 1
        self._meanwhile()
        return httpx.Response(429, headers={"Retry-After": "5"})


@pytest.mark.parametrize("new", [MINE, None])
async def test_a_write_that_a_rate_limit_refused_is_sent_again_while_somebody_waits(
    server: LocalServer, state: NamespaceState, namespace: Namespace, new: StoredValue | None
) -> None:
    put(server, state, {"k": "base"})
    transport, clock = Limits(server, 3), VirtualClock(is_automatic=True)
    editing = Editing(KvClient(BASE_URL, Secret(TOKEN), transport=transport, clock=clock))
    edit = await editing.begin(namespace, "k")

    began_at = clock.now()
    if new is not None:
        report = await editing.put(edit, new, is_awaited=True)
    else:
        report = await editing.delete(edit, is_awaited=True)

    assert report.finding is Finding.DONE
    assert clock.now() >= began_at + 15
    assert server.store.get(state, "k") == new


@pytest.mark.parametrize(("refusals", "is_awaited"), [(1, False), (9, True)])
async def test_a_rate_limit_that_lasts_or_that_nobody_waits_for_is_told(
    server: LocalServer,
    state: NamespaceState,
    namespace: Namespace,
    refusals: int,
    is_awaited: bool,
) -> None:
    put(server, state, {"k": "base"})
    transport, clock = Limits(server, refusals), VirtualClock(is_automatic=True)
    editing = Editing(KvClient(BASE_URL, Secret(TOKEN), transport=transport, clock=clock))
    edit = await editing.begin(namespace, "k")

    with pytest.raises(RateLimitedError):
        await editing.put(edit, MINE, is_awaited=is_awaited)

    assert content(server, state, "k") == b"base"
    assert transport.writes == (4 if is_awaited else 1)


async def test_a_write_is_not_sent_again_over_what_came_while_a_rate_limit_held_it(
    server: LocalServer, state: NamespaceState, namespace: Namespace
) -> None:
    put(server, state, {"k": "base"})
    transport = Limits(server, 1, lambda: put(server, state, {"k": "theirs"}))
    clock = VirtualClock(is_automatic=True)
    editing = Editing(KvClient(BASE_URL, Secret(TOKEN), transport=transport, clock=clock))
    edit = await editing.begin(namespace, "k")

    with pytest.raises(RateLimitedError):
        await editing.put(edit, MINE, is_awaited=True)

    assert content(server, state, "k") == b"theirs"
