"""Any actions in any order, over a line with any faults, against a plain dictionary."""

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, aclosing, suppress
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kvtui.api.client import KvClient
from kvtui.errors import (
    KvtuiError,
    MalformedResponseError,
    NotFoundError,
    OutcomeUnknownError,
    ServerError,
)
from kvtui.records import KeyEntry, StoredValue
from kvtui.secret import Secret
from kvtui.session.bulk import BulkDeletion
from kvtui.session.editing import Edit, Editing, Finding, WriteReport
from kvtui.session.exporting import Export
from kvtui.session.journaling import Journaling
from kvtui.session.listing import KeyPager
from kvtui.session.namespace import OpenNamespace
from kvtui.session.recovery import Fate, resolve_in_flight
from kvtui.session.renaming import Rename, RenameOutcome, rename
from kvtui.session.undo import last_writes, prepare_undo
from kvtui.vault.journal import Journal
from kvtui.vault.journal_row import RowState
from kvtui.vault.plans import KeyState, PlannedKey
from tests.support.clock import VirtualClock
from tests.support.dose import Dose
from tests.support.faults import FAULTS, FaultyLine
from tests.support.server import TOKEN, LocalServer, running_server
from tests.support.stored import content, put

T = TypeVar("T")

STEPS = 50
DEADLINE_SECONDS = 0.25
NAMES = ["a", "a/1", "a/2", "b/1", "b/2", "b/c/1"]
KEYS = st.sampled_from(NAMES)
FOLDERS = st.sampled_from(["a/", "b/", "b/c/"])
VALUES = st.binary(max_size=12)
SLOW = {
    "is silent on a connection",
    "is silent on a request",
    "does it and is silent",
    "stalls within",
    "dribbles an answer",
    "dribbles a body",
    "promises more",
    "promises gigabytes",
}
"""Each costs the whole of a deadline, at every attempt: only writes, which have one, meet them."""
UNSEEN_IN_READS = "promises less"
"""Cuts a value and tells the smaller length; what can be done about it has tests of its own."""
MAY_BE_APPLIED = (OutcomeUnknownError, MalformedResponseError, ServerError)
"""All other errors promise that nothing was written."""


class Session:
    """What a start of the program opens: a client on the line, the journal, careful writes."""

    def __init__(self, line: FaultyLine, folder: Path) -> None:
        clock = VirtualClock(is_automatic=True)
        self.client = KvClient(
            line.base_url, Secret(TOKEN), clock=clock, deadline_seconds=DEADLINE_SECONDS
        )
        self.journal = Journal(folder)
        self.journaling = Journaling(self.journal, profile="test", endpoint=self.client.host)
        self.editing = Editing(self.client, self.journaling, sleep=clock.sleep)
        self.bulk = BulkDeletion(
            self.client, self.editing, folder / "plans", epoch=clock.epoch, sleep=clock.sleep
        )
        self.sleep = clock.sleep

    async def close(self) -> None:
        await self.client.aclose()
        self.journal.close()


class SessionMachine(RuleBasedStateMachine):
    """`model` is what the server must hold; whatever is written is held against it at once."""

    server: ClassVar[LocalServer]
    counts: "ClassVar[Counter[str]]" = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, bytes] = {}
        self.edits: list[Edit] = []
        self.plan: Path | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="kvtui-machine-"))
        self.state = self.server.namespace(f"n{time.monotonic_ns()}")
        self.namespace = self.state.namespace
        self.runner = asyncio.Runner()
        port = int(self.server.base_url.split(":")[2].split("/")[0])
        self.line = FaultyLine(port)
        self.run(self.line.listen())
        self.session = Session(self.line, self.folder)
        self.counts["runs"] += 1

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(coroutine)

    def teardown(self) -> None:
        self.run(self.line.close())
        self.run(self.session.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    def stored(self) -> dict[str, bytes]:
        return {key: value for key in NAMES if (value := self.content(key)) is not None}

    def content(self, key: str) -> bytes | None:
        return content(self.server, self.state, key)

    @invariant()
    def the_server_holds_what_the_model_says(self) -> None:
        assert self.stored() == self.model
        self.counts["steps"] += 1

    # The line

    @rule(name=st.sampled_from(sorted(set(FAULTS) - SLOW)), hits=st.sampled_from([1, 1, 1, 2, 6]))
    def break_the_line(self, name: str, hits: int) -> None:
        self._strike(name, hits, {b"GET", b"PUT", b"DELETE"})

    @rule(
        name=st.sampled_from(sorted(SLOW - {"is silent on a connection"})),
        method=st.sampled_from([b"PUT", b"DELETE"]),
    )
    def break_the_line_for_a_write(self, name: str, method: bytes) -> None:
        self._strike(name, 1, {method})

    def _strike(self, name: str, hits: int, methods: set[bytes]) -> None:
        left = hits

        def is_hit(request: bytes) -> bool:
            nonlocal left
            target = request.split(b" ", 2)[1]
            is_value = request.startswith(b"GET") and b"/keys/" in target
            if name == UNSEEN_IN_READS and is_value:
                return False
            left -= request.split(b" ", 1)[0] in methods
            return left >= 0 and request.split(b" ", 1)[0] in methods

        self.line.is_hit = is_hit
        self.run(self.line.mend())
        self.run(self.line.strike(FAULTS[name]))
        self.counts["faults"] += 1

    @rule()
    def mend_the_line(self) -> None:
        self.run(self.line.mend())

    # Somebody else

    @rule(key=KEYS, value=VALUES)
    def somebody_else_writes(self, key: str, value: bytes) -> None:
        put(self.server, self.state, {key: value})
        self.model[key] = value

    @rule(key=KEYS)
    def somebody_else_deletes(self, key: str) -> None:
        self.server.store.delete(self.state, key)
        self.model.pop(key, None)

    # Reading

    @rule(
        prefix=st.sampled_from(["", "a", "a/", "b/", "none"]), limit=st.sampled_from([1, 2, 1000])
    )
    def list_keys(self, prefix: str, limit: int) -> None:
        async def listed() -> list[str]:
            pager = KeyPager(self.session.client, self.namespace.id, prefix, limit)
            return [key async for page in pager.pages() for key in page.keys]

        with suppress(KvtuiError):
            assert self.run(listed()) == sorted(key for key in self.model if key.startswith(prefix))

    @rule(key=KEYS)
    def read(self, key: str) -> None:
        opened = OpenNamespace(self.session.client, self.namespace)
        try:
            assert self.run(opened.read(key)).content == self.model.get(key)
        except NotFoundError:
            assert key not in self.model
        except KvtuiError:
            return

    @rule(prefix=st.sampled_from(["", "a", "b/"]))
    def export(self, prefix: str) -> None:
        out = self.folder / f"out-{time.monotonic_ns()}"
        work = Export(self.session.client, self.namespace, prefix, out, epoch=time.time)

        async def exported() -> None:
            async with aclosing(work.run()) as settled:
                async for _ in settled:
                    pass

        with suppress(KvtuiError):
            self.run(exported())
        expected = {value for key, value in self.model.items() if key.startswith(prefix)}
        written = {path.read_bytes() for path in (out / "values").glob("*")}
        assert written <= expected
        if work.end is not None:
            assert written == expected

    # Writing

    @rule(key=KEYS)
    def begin_an_edit(self, key: str) -> None:
        with suppress(KvtuiError):
            edit = self.run(self.session.editing.begin(self.namespace, key))
            assert (edit.base.content if edit.base else None) == self.model.get(key)
            self.edits.append(edit)

    @rule(key=KEYS, value=VALUES)
    def edit_and_save(self, key: str, value: bytes) -> None:
        with suppress(KvtuiError):
            edit = self.run(self.session.editing.begin(self.namespace, key))
            self._write(edit, value)

    @rule(key=KEYS)
    def look_and_delete(self, key: str) -> None:
        with suppress(KvtuiError):
            edit = self.run(self.session.editing.begin(self.namespace, key))
            if edit.base is not None:
                self._write(edit, None)

    @precondition(lambda self: self.edits)
    @rule(data=st.data(), value=VALUES, is_forced=st.booleans())
    def save(self, data: st.DataObject, value: bytes, *, is_forced: bool) -> None:
        edit = self.edits.pop(data.draw(st.integers(0, len(self.edits) - 1)))
        current = self._looked_at(edit, is_forced=is_forced)
        if current is not None:
            self._write(current, value)

    @precondition(lambda self: self.edits)
    @rule(data=st.data(), is_forced=st.booleans())
    def delete(self, data: st.DataObject, *, is_forced: bool) -> None:
        edit = self.edits.pop(data.draw(st.integers(0, len(self.edits) - 1)))
        current = self._looked_at(edit, is_forced=is_forced)
        if current is not None and current.base is not None:
            self._write(current, None)

    def _looked_at(self, edit: Edit, *, is_forced: bool) -> Edit | None:
        """Look again as a save does; give the edit to go on with, if any."""
        try:
            conflict = self.run(self.session.editing.conflict(edit))
        except KvtuiError:
            return None
        base = edit.base.content if edit.base else None
        assert (conflict is not None) == (self.model.get(edit.key) != base)
        if conflict is None:
            return edit
        self.counts["conflicts"] += 1
        assert (conflict.theirs.content if conflict.theirs else None) == self.model.get(edit.key)
        return Edit(edit.namespace, edit.key, conflict.theirs) if is_forced else None

    def _write(self, edit: Edit, new: bytes | None) -> None:
        """Write, and hold what is told of it against what became of it."""
        key, old = edit.key, self.model.get(edit.key)
        editing = self.session.editing
        writing = editing.delete(edit) if new is None else editing.put(edit, StoredValue(new))
        try:
            report = self.run(writing)
        except MAY_BE_APPLIED:
            may_be = {old, new}
        except KvtuiError:
            may_be = {old}
        else:
            may_be = self._told(report, old, new)
        self.run(self.line.quiet())
        now = self.content(key)
        assert now in may_be
        self._set(key, now)
        if now != old:
            self.counts["written"] += 1
            self._is_kept(key, old)

    def _told(self, report: WriteReport, old: bytes | None, new: bytes | None) -> set[bytes | None]:
        """Give what may be stored after a report: "not applied" is said of what is so far."""
        assert report.finding is not Finding.OVERTAKEN or old == new
        return {old, new} if report.finding is Finding.NOT_APPLIED else {new}

    def _set(self, key: str, value: bytes | None) -> None:
        self.model.pop(key, None)
        if value is not None:
            self.model[key] = value

    def _is_kept(self, key: str, old: bytes | None) -> None:
        """Hold what the journal keeps against what was overwritten or deleted."""
        row = self.session.journal.rows(namespace_id=self.namespace.id, key=key, limit=1)[0]
        kept = self.session.journal.old_value(row)
        assert (kept.content if kept else None) == old
        assert row.state is not RowState.FAILED

    @rule(source=KEYS, goal=KEYS)
    def rename(self, source: str, goal: str) -> None:
        if source == goal:
            return
        old, there = self.model.get(source), self.model.get(goal)
        plan = Rename(self.namespace, source, goal)
        outcome = None
        with suppress(KvtuiError):
            outcome = self.run(rename(self.session.editing, plan, ttl_seconds=None))
        self.run(self.line.quiet())
        now, then = self.content(source), self.content(goal)
        assert now in {old, None}
        assert then in {there, old}
        assert old is None or old in {now, then}
        assert (outcome is RenameOutcome.SOURCE_GONE) <= (old is None)
        assert (outcome is RenameOutcome.TARGET_EXISTS) <= (there is not None)
        assert (outcome is RenameOutcome.DONE) <= (now is None and then == old)
        assert there is None or then == there
        self._set(source, now)
        self._set(goal, then)

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        session = self.session
        rows = self.run(last_writes(session.journaling, self.namespace))
        if not rows:
            return
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        try:
            undo = self.run(prepare_undo(session.editing, session.journaling, self.namespace, row))
        except KvtuiError:
            return
        if not undo.is_done_already:
            self.counts["undone"] += 1
            self._write(undo.edit, undo.old.content if undo.old else None)

    # Many keys

    @rule(prefix=FOLDERS)
    def plan_a_deletion(self, prefix: str) -> None:
        async def entries() -> list[KeyEntry]:
            pages = self.session.bulk.list_folder(self.namespace, prefix)
            async with aclosing(pages):
                return [entry async for page in pages for entry in page]

        try:
            listed = self.run(entries())
        except KvtuiError:
            return
        assert {entry.key for entry in listed} == {k for k in self.model if k.startswith(prefix)}
        plan = self.session.bulk.plan(self.namespace, listed, prefix=prefix)
        self.plan = plan.path if len(plan) else None
        plan.close()

    @precondition(lambda self: self.plan is not None)
    @rule(stop_after=st.sampled_from([1, 2, 99]), is_retry=st.booleans())
    def delete_as_planned(self, stop_after: int, *, is_retry: bool) -> None:
        assert self.plan is not None
        plan = self.session.bulk.resume(self.namespace, self.plan)
        before = dict(self.model)
        planned = {key.key: key for key in plan}

        async def deleted() -> None:
            run = self.session.bulk.run(self.namespace, plan, is_retry=is_retry)
            async with aclosing(run):
                count = 0
                async for _ in run:
                    count += 1
                    if count >= stop_after:
                        break

        with suppress(KvtuiError):
            self.run(deleted())
        self.run(self.line.quiet())
        tally = plan.tally
        assert tally.total == len(planned)
        self._take_deletions(planned)
        for settled in plan:
            was_done = planned[settled.key].state is KeyState.DONE
            if settled.state is KeyState.DONE and not was_done:
                assert settled.key not in self.model
            if settled.state is KeyState.SKIPPED:
                assert self.model.get(settled.key) == before.get(settled.key)
        self.plan = self.plan if tally.left or tally.failed or tally.unknown else None
        plan.close()

    def _take_deletions(self, planned: dict[str, PlannedKey]) -> None:
        """Take over what is gone: it was planned, and is kept."""
        for key, value in list(self.model.items()):
            now = self.content(key)
            if now is None:
                assert key in planned
                self._is_kept(key, value)
                del self.model[key]
            else:
                assert now == value

    # The program

    @rule()
    def start_again(self) -> None:
        """End and start: every write that was left open is looked into."""
        self.run(self.session.close())
        self.session = Session(self.line, self.folder)
        session = self.session
        resolved = self.run(
            resolve_in_flight(session.editing, session.journaling, sleep=session.sleep)
        )
        for found in resolved:
            self.counts["resolved"] += 1
            now = self.content(found.row.place.key)
            is_there = found.row.is_what_was_written(StoredValue(now) if now is not None else None)
            assert (found.fate is Fate.LANDED) == is_there


@pytest.fixture(scope="module", autouse=True)
def running() -> Iterator[None]:
    with ExitStack() as stack:
        SessionMachine.server = stack.enter_context(running_server())
        yield


def run_machine(runs: int) -> "Counter[str]":
    """Run it so often, and give what was counted."""
    SessionMachine.counts = Counter()
    run_state_machine_as_test(
        SessionMachine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return SessionMachine.counts


@pytest.mark.timeout(400)
def test_any_actions_over_a_failing_line_leave_what_the_model_says() -> None:
    counts = run_machine(30)

    assert counts["runs"] >= 30
    assert counts["steps"] > 30 * STEPS / 2
    assert min(counts["faults"], counts["written"], counts["undone"]) > 0


@pytest.mark.full
@pytest.mark.timeout(0)
def test_five_thousand_runs_leave_what_the_model_says() -> None:
    dose = Dose("state-machine", 5_000 // 20)
    for _ in dose.rounds_left():
        dose.add(**run_machine(20))
    assert dose.totals["steps"] > dose.totals["runs"]
