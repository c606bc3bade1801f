"""Many keys at once, from the browser: delete a folder, or what was marked."""

from collections.abc import Iterable
from contextlib import aclosing
from functools import partial

from textual.content import Content

from kvtui.keyspace.row import RowKind
from kvtui.records import KeyEntry
from kvtui.session.bulk import MAX_FAILURES_IN_A_ROW
from kvtui.session.namespace import OpenNamespace
from kvtui.ui.formatting import plural
from kvtui.ui.screens.confirm import Confirm
from kvtui.ui.screens.long_task import LongTask, TaskState
from kvtui.ui.screens.many_keys import many_keys
from kvtui.ui.screens.stage import Stage, Work
from kvtui.ui.widgets.row_marks import Mark
from kvtui.vault.plans import DeletionPlan, KeyState


class BulkFlow:
    """Lists, asks, and carries out what was asked, key by key."""

    def __init__(self, stage: Stage, *, is_ascii: bool) -> None:
        self._stage = stage
        self._is_ascii = is_ascii

    async def delete_folder(self, opened: OpenNamespace, prefix: str) -> None:
        """Delete everything below a folder that is there now; nothing that comes later."""
        await self._delete(opened, [(prefix, RowKind.FOLDER)], prefix)

    async def delete_marked(self, opened: OpenNamespace, marks: Iterable[Mark]) -> None:
        """Delete the keys that are marked, and what the marked folders hold now."""
        await self._delete(opened, list(marks), "")
        self._stage.explorer.clear_marks()

    async def _delete(self, opened: OpenNamespace, marks: list[Mark], prefix: str) -> None:
        entries: dict[str, KeyEntry] = {}
        listing = LongTask(
            f"Listing {prefix or 'what is marked'}",
            partial(self._list, opened, marks, entries),
            lambda: TaskState([f"{plural(len(entries), 'key')} found"]),
            is_ascii=self._is_ascii,
        )
        if not await self._stage.ask(listing):
            return
        if not entries:
            self._stage.tell(f"There is no key below {prefix}" if prefix else "No key is left")
            return
        bulk = self._stage.workspace.bulk
        plan = bulk.plan(opened.namespace, entries.values(), prefix=prefix)
        is_wanted = False
        try:
            if await self._stage.ask(self._confirm(opened, plan)):
                is_wanted = True
                await self._carry_out(opened, plan)
        finally:
            plan.close(is_wanted=is_wanted)

    async def _list(
        self, opened: OpenNamespace, marks: list[Mark], entries: dict[str, KeyEntry]
    ) -> None:
        bulk = self._stage.workspace.bulk
        for path, kind in marks:
            if kind is RowKind.KEY:
                entries[path] = opened.index.get(path) or KeyEntry(path)
                continue
            async with aclosing(bulk.list_folder(opened.namespace, path)) as pages:
                async for page in pages:
                    entries.update((entry.key, entry) for entry in page)

    def _confirm(self, opened: OpenNamespace, plan: DeletionPlan) -> Confirm:
        keys = [planned.key for planned in plan]
        return Confirm(
            f"Delete {plan.head.prefix}" if plan.head.prefix else "Delete what is marked",
            [
                *many_keys(self._stage, opened, keys, plan.size_bytes),
                Content("Each is looked at again first; what was changed meanwhile stays."),
                Content("To export them to files before: esc, then X."),
            ],
            action="Delete them",
            typed=opened.namespace.name,
        )

    async def _carry_out(self, opened: OpenNamespace, plan: DeletionPlan) -> None:
        notes: list[str] = []
        go_on = partial(self._run, opened, plan, notes, is_retry=False)
        retry = partial(self._run, opened, plan, notes, is_retry=True)
        await self._stage.ask(
            LongTask(
                f"Deleting {plan.head.prefix or 'what was marked'}",
                go_on,
                lambda: state(plan, notes),
                stays=True,
                again=lambda: next_work(plan, go_on, retry),
                is_ascii=self._is_ascii,
            )
        )
        self._stage.explorer.tree_changed()
        self._stage.row_changed()

    async def _run(
        self, opened: OpenNamespace, plan: DeletionPlan, notes: list[str], *, is_retry: bool
    ) -> None:
        bulk = self._stage.workspace.bulk
        try:
            async with aclosing(bulk.run(opened.namespace, plan, is_retry=is_retry)) as settled:
                async for planned in settled:
                    if planned.state is KeyState.DONE:
                        opened.note_deleted(planned.key)
                    else:
                        notes.append(f"{planned.key}: {planned.state}: {planned.reason}")
            if plan.tally.left:
                notes.append(f"stopped: {MAX_FAILURES_IN_A_ROW} in a row did not go well")
        finally:
            # A run that is stopped gives no more keys, though some were settled by then.
            for planned in plan.in_state(KeyState.DONE):
                if planned.key in opened.index:
                    opened.note_deleted(planned.key)


def state(plan: DeletionPlan, notes: list[str]) -> TaskState:
    """Say how far a deletion came; the numbers always add up to the whole plan."""
    tally = plan.tally
    lines = [
        f"{tally.done:,} done · {tally.skipped:,} skipped · {tally.failed:,} failed"
        f" · {tally.unknown:,} unknown · {tally.left:,} left of {tally.total:,}"
    ]
    if tally.left or tally.failed or tally.unknown:
        lines.append(f"kept in {plan.path}")
    return TaskState(lines, (tally.total - tally.left) / (tally.total or 1), notes)


def next_work(plan: DeletionPlan, go_on: Work, retry: Work) -> Work | None:
    """Give what is to be done next: what is left, else what failed."""
    tally = plan.tally
    if tally.left:
        return go_on
    return retry if tally.failed or tally.unknown else None
