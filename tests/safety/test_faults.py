"""Every fault of a line, met by everything that a session does over it."""

import asyncio
import gzip
import re
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from email.utils import formatdate
from itertools import count, pairwise, product
from pathlib import Path

import pytest

from kvtui.api.client import KvClient
from kvtui.errors import KvtuiError, MalformedResponseError, NotFoundError
from kvtui.records import StoredValue
from kvtui.secret import Secret
from kvtui.server.store import NamespaceState
from kvtui.session.account import Account
from kvtui.session.bulk import BulkDeletion
from kvtui.session.editing import Editing, Finding
from kvtui.session.exporting import Export
from kvtui.session.journaling import Journaling
from kvtui.session.listing import KeyPager
from kvtui.session.namespace import OpenNamespace
from kvtui.vault.journal import Journal
from kvtui.vault.plans import KeyState
from tests.support.clock import VirtualClock
from tests.support.dose import Dose
from tests.support.faults import (
    FAULTS,
    Exchange,
    Fault,
    FaultyLine,
    Moment,
    faulty_line,
    redirecting,
)
from tests.support.raw_server import RawServer, listening, raw_server, read_request
from tests.support.server import TOKEN, LocalServer, running_server
from tests.support.stored import content, put

DEADLINE_SECONDS = 0.25
MOST_SECONDS = 4 * DEADLINE_SECONDS + 2
"""A read has four attempts: with a clock that stands still each has all of the time."""
FOREIGN = re.compile(
    r"N0ISE|httpx|httpcore|h11|Errno|Traceback|[<>\x00-\x1f\x7f-\x9f]|b'|peer closed|chunked read"
    r"|disconnected|illegal|ExceptionGroup|Error\(",
    re.IGNORECASE,
)
"""What only a library, or the other side, would say. A key may hold anything; these do not."""
VALUES = {f"user/{number}": f"value {number}".encode() for number in range(3)}
NEW = StoredValue(b"a new value", "text/plain")
NUMBERS = count()


class Bench:
    """A namespace behind a line, with a session that keeps a journal; `told` is what it said."""

    def __init__(self, server: LocalServer, line: FaultyLine, folder: Path) -> None:
        self.server = server
        self.line = line
        self.folder = folder
        self.state: NamespaceState = server.namespace(f"n{next(NUMBERS)}")
        self.namespace = self.state.namespace
        self.fault: Fault | None = None
        self.told: list[str] = []
        put(server, self.state, dict(VALUES))
        clock = VirtualClock(is_automatic=True)
        self.client = KvClient(
            line.base_url, Secret(TOKEN), clock=clock, deadline_seconds=DEADLINE_SECONDS
        )
        self.journal = Journal(folder)
        journaling = Journaling(self.journal, profile="test", endpoint=self.client.host)
        self.editing = Editing(self.client, journaling, sleep=clock.sleep)
        self.bulk = BulkDeletion(
            self.client, self.editing, folder, epoch=clock.epoch, sleep=clock.sleep
        )

    async def strike(self, method: str, path: str = "") -> None:
        """From here on, what has this method, and this in its target, is hit."""
        self.line.is_hit = lambda request: (
            request.startswith(f"{method} ".encode())
            and path.encode() in request.split(b"\r\n", 1)[0]
        )
        assert self.fault is not None
        await self.line.strike(self.fault)

    def content(self, key: str) -> bytes | None:
        return content(self.server, self.state, key)

    def lost_keys(self) -> list[str]:
        """Give the keys whose first value is neither on the server nor in the journal."""
        kept = [
            (row.place.key, value.content)
            for row in self.journal.rows()
            if (value := self.journal.old_value(row)) is not None
        ]
        stored = [(key, self.content(key)) for key in VALUES]
        return [key for key, value in VALUES.items() if (key, value) not in [*kept, *stored]]


async def list_keys(bench: Bench) -> None:
    await bench.strike("GET", "/keys?")
    page = await KeyPager(bench.client, bench.namespace.id, "user/").next_page()
    assert page is not None
    assert list(page.keys) == sorted(VALUES)


async def next_page(bench: Bench) -> None:
    pager = KeyPager(bench.client, bench.namespace.id, "user/", limit=2)
    assert await pager.next_page() is not None
    await bench.strike("GET", "cursor=")
    page = await pager.next_page()
    assert page is not None
    assert list(page.keys) == sorted(VALUES)[2:]


async def get(bench: Bench) -> None:
    await bench.strike("GET", "/keys/")
    opened = OpenNamespace(bench.client, bench.namespace)
    assert (await opened.read("user/0")).content == VALUES["user/0"]


async def save(bench: Bench) -> None:
    edit = await bench.editing.begin(bench.namespace, "user/0")
    await bench.strike("PUT")
    report = await bench.editing.put(edit, NEW)
    expected = VALUES["user/0"] if report.finding is Finding.NOT_APPLIED else NEW.content
    assert bench.content("user/0") == expected


async def delete(bench: Bench) -> None:
    edit = await bench.editing.begin(bench.namespace, "user/0")
    await bench.strike("DELETE")
    report = await bench.editing.delete(edit)
    expected = VALUES["user/0"] if report.finding is Finding.NOT_APPLIED else None
    assert bench.content("user/0") == expected


async def delete_many(bench: Bench) -> None:
    entries = [
        entry async for page in bench.bulk.list_folder(bench.namespace, "user/") for entry in page
    ]
    plan = bench.bulk.plan(bench.namespace, entries, prefix="user/")
    try:
        await bench.strike("DELETE")
        async with aclosing(bench.bulk.run(bench.namespace, plan)) as settled:
            async for planned in settled:
                bench.told.append(planned.reason)
                is_gone = bench.content(planned.key) is None
                assert is_gone or planned.state is not KeyState.DONE
        assert [planned.key for planned in plan] == sorted(VALUES)
    finally:
        plan.close(is_wanted=True)


async def export(bench: Bench) -> None:
    await bench.strike("GET", "/keys/")
    folder = bench.folder / "out"
    work = Export(bench.client, bench.namespace, "user/", folder, epoch=time.time)
    async with aclosing(work.run()) as settled:
        async for trouble in settled:
            if trouble is not None:
                bench.told.append(trouble.reason)
    tally = work.tally
    assert tally.listed == len(VALUES)
    assert tally.exported + tally.missing + tally.failed + tally.left == tally.listed
    written = [path.read_bytes() for path in (folder / "values").glob("*")]
    assert set(written) <= set(VALUES.values())


async def create_namespace(bench: Bench) -> None:
    await bench.strike("POST")
    name = f"made-{next(NUMBERS)}"
    created = await Account(bench.client).create(name)
    assert created.name == name


OPERATIONS: dict[str, Callable[[Bench], Awaitable[None]]] = {
    "list": list_keys,
    "next page": next_page,
    "get": get,
    "put": save,
    "delete": delete,
    "bulk delete": delete_many,
    "export": export,
    "create namespace": create_namespace,
}
UNSEEN = {("promises less", "get")}
"""A value cut by a server that also tells the smaller length: nothing in the answer shows it.

An export and an edit hold it against the size that a listing told.
"""
PAIRS = [pair for pair in product(FAULTS, OPERATIONS) if pair not in UNSEEN]
DOSE = [
    (fault, operation)
    for row, fault in enumerate(FAULTS)
    for column, operation in enumerate(OPERATIONS)
    if (row + column) % 4 == 0 and (fault, operation) not in UNSEEN
]


@pytest.fixture(scope="module")
def running() -> Iterator[LocalServer]:
    with running_server() as server:
        yield server


@asynccontextmanager
async def bench_on(server: LocalServer, folder: Path) -> AsyncIterator[Bench]:
    async with faulty_line(server.base_url) as line:
        bench = Bench(server, line, folder)
        try:
            yield bench
        finally:
            await bench.client.aclose()
            bench.journal.close()


async def meet(server: LocalServer, folder: Path, fault: Fault, operation: str) -> list[bytes]:
    """Let a fault meet an operation, hold what came of it against what may; give the requests."""
    async with bench_on(server, folder) as bench:
        bench.fault = fault
        began_at = time.monotonic()
        try:
            await OPERATIONS[operation](bench)
        except KvtuiError as error:
            bench.told.append(str(error))
        assert time.monotonic() - began_at < MOST_SECONDS
        assert bench.line.hit_count or fault.moment is Moment.LISTENING
        bench.told += [entry.error or "" for entry in bench.client.trace.entries]
        bench.told += [row.error for row in bench.journal.rows()]
        assert [text for text in bench.told if FOREIGN.search(text)] == []
        assert bench.lost_keys() == []
        for method in ("PUT", "DELETE", "POST"):
            sent = [request.split(b"\r\n")[0] for request in bench.line.sent(method)]
            assert len(sent) == len(set(sent)), sent

        await bench.line.mend()
        opened = OpenNamespace(bench.client, bench.namespace)
        try:
            assert (await opened.read("user/2")).content == VALUES["user/2"]
        except NotFoundError:
            assert operation == "bulk delete"
        return bench.line.requests


@pytest.mark.parametrize(("fault", "operation"), DOSE)
async def test_a_line_that_fails_costs_nothing_but_the_answer(
    running: LocalServer, tmp_path: Path, fault: str, operation: str
) -> None:
    await meet(running, tmp_path, FAULTS[fault], operation)


@pytest.mark.full
@pytest.mark.timeout(1800)
async def test_every_fault_meets_every_operation(running: LocalServer, tmp_path: Path) -> None:
    dose = Dose("faults", len(PAIRS))
    for number in dose.rounds_left():
        fault, operation = PAIRS[number]
        await meet(running, tmp_path / str(number), FAULTS[fault], operation)
        dose.add(passed=True)
    assert dose.totals["passed"] == dose.totals["rounds"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_no_redirect_is_followed_to_this_host_or_another(
    running: LocalServer, tmp_path: Path, status: int, operation: str
) -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as other:
        for number, location in enumerate([f"{other.base_url}/elsewhere", "/v2/elsewhere"]):
            fault = redirecting(status, location)
            requests = await meet(running, tmp_path / str(number), fault, operation)
            assert requests
            assert not [request for request in requests if b"elsewhere" in request]
    assert other.connection_count == 0


FOREIGN_VALUE = b"what somebody else wrote meanwhile"


async def overtake(bench: Bench, *, is_put: bool, is_applied: bool) -> bool:
    """Lose the answer to a write while somebody else writes; tell whether theirs stands."""

    async def act(exchange: Exchange) -> None:
        if is_applied:
            await exchange.ask()
        put(bench.server, bench.state, {"user/0": FOREIGN_VALUE})
        exchange.reset()

    await bench.line.mend()
    put(bench.server, bench.state, {"user/0": VALUES["user/0"]})
    edit = await bench.editing.begin(bench.namespace, "user/0")
    sent_before = len(bench.line.requests)
    bench.fault = Fault(act)
    await bench.strike("PUT" if is_put else "DELETE")
    report = await (bench.editing.put(edit, NEW) if is_put else bench.editing.delete(edit))
    assert report.finding is Finding.OVERTAKEN
    sent = [request[:4] for request in bench.line.requests[sent_before:]]
    assert sent == [b"PUT " if is_put else b"DELE", b"GET "]
    return bench.content("user/0") == FOREIGN_VALUE


@pytest.mark.parametrize("is_put", [True, False], ids=["put", "delete"])
async def test_a_write_whose_answer_is_lost_never_overwrites_somebody_else(
    running: LocalServer, tmp_path: Path, is_put: bool
) -> None:
    async with bench_on(running, tmp_path) as bench:
        for number in range(50):
            assert await overtake(bench, is_put=is_put, is_applied=number % 2 == 0)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("is_put", [True, False], ids=["put", "delete"])
async def test_a_thousand_writes_whose_answers_are_lost(
    running: LocalServer, tmp_path: Path, is_put: bool
) -> None:
    dose = Dose(f"lost-answers-{'put' if is_put else 'delete'}", 1000)
    async with bench_on(running, tmp_path) as bench:
        for number in dose.rounds_left():
            stands = await overtake(bench, is_put=is_put, is_applied=number % 2 == 0)
            dose.add(theirs_stands=stands)
    assert dose.totals["theirs_stands"] == dose.totals["rounds"]


NS = "550e8400-e29b-41d4-a716-446655440000"
OK = b"HTTP/1.1 200 OK\r\n"


def in_framing(number: int) -> tuple[bytes, bytes]:
    """Give the bytes of an answer in one of four framings, and the value in it."""
    value = bytes(97 + (number * 7 + at) % 26 for at in range(1 + number % 50))
    half = len(value) // 2
    chunks = b"".join(
        b"%x\r\n%b\r\n" % (len(part), part) for part in (value[:half], value[half:]) if part
    )
    return [
        (OK + b"Content-Length: %d\r\n\r\n" % len(value) + value, value),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n", value),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\nX-End: 1\r\n\r\n", value),
        (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(value), b""),
    ][number % 4]


async def accepted_cuts(number: int) -> tuple[int, int]:
    """Cut an answer at every byte; give how many cuts there were, and how many were accepted."""
    reply, value = in_framing(number)
    length = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(reply[:length])

    accepted = 0
    async with listening(answer) as server:
        client = client_of(server)
        for cut in range(len(reply) + bool(value)):
            length = cut
            try:
                whole = await client.get_value(NS, "k")
            except KvtuiError:
                continue
            accepted += cut < len(reply) or whole.content != value
        assert not value or client.trace.entries[-1].status == 200
        await client.aclose()
    return len(reply), accepted


def client_of(server: RawServer, *, clock: VirtualClock | None = None) -> KvClient:
    clock = clock or VirtualClock(is_automatic=True)
    return KvClient(server.base_url, Secret(TOKEN), clock=clock, deadline_seconds=5)


@pytest.mark.parametrize("number", range(4))
async def test_no_answer_cut_at_any_byte_is_taken_for_whole(number: int) -> None:
    cuts, accepted = await accepted_cuts(number)
    assert cuts > 35
    assert accepted == 0


@pytest.mark.full
@pytest.mark.timeout(3600)
async def test_two_hundred_answers_cut_at_every_byte() -> None:
    dose = Dose("cut-answers", 200)
    for number in dose.rounds_left():
        cuts, accepted = await accepted_cuts(number)
        dose.add(cuts=cuts, accepted=accepted)
    assert dose.totals["accepted"] == 0


BOMB = gzip.compress(gzip.compress(bytes(64 * 1024 * 1024)))
"""64 MiB in gzip in gzip: a few hundred bytes."""
BOMBS = {
    "gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(BOMB), BOMB),
    "gzip in gzip": OK
    + b"Content-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(BOMB), BOMB),
    "br": OK + b"Content-Encoding: br\r\nContent-Length: 5\r\n\r\n\x5b\xff\xff\xff\xff",
    "zstd": OK + b"Content-Encoding: zstd\r\nContent-Length: 4\r\n\r\n\x28\xb5\x2f\xfd",
    "ten gibibytes": OK + b"Content-Length: 10737418240\r\n\r\n" + bytes(100_000),
    "a million lists": OK + b'Content-Length: 1000009\r\n\r\n{"data":' + b"[" * 1_000_001,
}


@pytest.mark.parametrize("reply", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("is_listing", [True, False], ids=["listing", "value"])
async def test_no_answer_takes_the_memory(reply: bytes, is_listing: bool) -> None:
    async with raw_server(reply) as server:
        client = client_of(server)
        tracemalloc.start()
        try:
            try:
                await (client.list_keys(NS) if is_listing else client.get_value(NS, "k"))
            except KvtuiError as error:
                told = str(error)
            else:
                told = ""
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            await client.aclose()
    is_plain_value = not is_listing and b"[[[" in reply
    assert bool(told) is not is_plain_value
    assert not FOREIGN.search(told)
    assert peak_bytes < 32 * 1024 * 1024


async def test_a_listing_that_goes_in_circles_ends(running: LocalServer) -> None:
    body = (
        b'{"data":[{"key":"a","updated_at":null,"size_bytes":1}],'
        b'"meta":{"cursor":"again","has_more":true,"limit":1}}'
    )
    reply = OK + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with raw_server(reply + body) as server:
        client = client_of(server)
        pager = KeyPager(client, NS)
        with pytest.raises(MalformedResponseError, match="same cursor twice"):
            [page async for page in pager.pages()]
        await client.aclose()
    assert len(server.received) == 2


RETRY_AFTER = ["", "0", "2", "19", "21", "-1", "1e9", "soon", "99999999999", "date", "past"]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", RETRY_AFTER)
async def test_a_limited_server_is_asked_seldom_and_not_for_long(status: int, after: str) -> None:
    clock = VirtualClock(is_automatic=True)
    dates = {"date": clock.epoch() + 5, "past": clock.epoch() - 500}
    words = formatdate(dates[after], usegmt=True) if after in dates else after
    header = f"Retry-After: {words}\r\n" if after else ""
    reply = f"HTTP/1.1 {status} N0ISE\r\n{header}Content-Length: 0\r\n\r\n".encode()
    asked_at: list[float] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            asked_at.append(clock.now())
            writer.write(reply)

    async with listening(refuse) as server:
        client = client_of(server, clock=clock)
        began_at = clock.now()
        with pytest.raises(KvtuiError) as caught:
            await client.get_value(NS, "k")
        read_count = len(asked_at)
        ended_at = clock.now()
        with pytest.raises(KvtuiError):
            await client.put_value(NS, "k", NEW)
        await client.aclose()

    assert 1 <= read_count <= 4
    assert ended_at - began_at <= 20
    assert all(later - sooner >= 0.5 for sooner, later in pairwise(asked_at[:read_count]))
    assert len(asked_at) - read_count <= 1
    assert not FOREIGN.search(str(caught.value))
