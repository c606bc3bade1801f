"""Undo of many deletions at once: asks, and puts the keys back one by one."""

import time
from collections.abc import Sequence
from contextlib import aclosing
from functools import partial

from textual.content import Content

from kvtui.session.journaling import Journaling
from kvtui.session.namespace import OpenNamespace
from kvtui.session.restoration import Fate, Restoration
from kvtui.ui.formatting import plural
from kvtui.ui.screens.confirm import Confirm
from kvtui.ui.screens.long_task import LongTask, TaskState
from kvtui.ui.screens.many_keys import many_keys
from kvtui.ui.screens.stage import Stage
from kvtui.vault.journal_row import JournalRow


class RestoreFlow:
    """Carries a restoration out, with progress, a way to stop and a way to go on."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def restore(
        self, opened: OpenNamespace, journaling: Journaling, rows: Sequence[JournalRow]
    ) -> None:
        """Put back what the deletions `rows` took away, if that is wanted."""
        if not await self._stage.ask(self._confirm(opened, rows)):
            return
        editing = self._stage.workspace.editing
        restoration = Restoration(editing, journaling, opened.namespace, rows)
        notes: list[str] = []
        work = partial(self._run, opened, restoration, notes)
        await self._stage.ask(
            LongTask(
                "Putting back what was deleted",
                work,
                lambda: state(restoration, notes),
                stays=True,
                again=lambda: work if restoration.left_count else None,
                is_ascii=self._stage.opening.is_ascii,
            )
        )
        self._stage.explorer.tree_changed()
        self._stage.row_changed()

    def _confirm(self, opened: OpenNamespace, rows: Sequence[JournalRow]) -> Confirm:
        keys = sorted(row.place.key for row in rows)
        size_bytes = sum(row.old_size_bytes or 0 for row in rows)
        return Confirm(
            "Undo many deletions",
            [
                *many_keys(self._stage, opened, keys, size_bytes),
                Content("Each is put back as it was; what exists again stays as it is."),
                Content("Lifetimes are not known: they stay until they are deleted."),
            ],
            action="Put them back",
        )

    async def _run(self, opened: OpenNamespace, restoration: Restoration, notes: list[str]) -> None:
        async with aclosing(restoration.run()) as settled:
            async for restored in settled:
                key = restored.row.place.key
                if restored.fate is Fate.DONE and restored.value is not None:
                    opened.note_written(key, restored.value)
                else:
                    notes.append(f"{key}: {restored.reason or restored.fate.value}")


def label(rows: Sequence[JournalRow]) -> str:
    """Name deletions that belong together, in a menu."""
    began_at = time.strftime("%H:%M:%S", time.localtime(rows[-1].at))
    return f"all {plural(len(rows), 'deletion')} since {began_at}"


def state(restoration: Restoration, notes: Sequence[str]) -> TaskState:
    """Say how far it came; the numbers add up to all keys."""
    counts = restoration.counts
    skipped = counts[Fate.KEPT] + counts[Fate.FORGOTTEN]
    left = restoration.left_count - counts[Fate.FAILED]
    words = (
        f"{counts[Fate.DONE]:,} put back · {skipped:,} skipped · {counts[Fate.FAILED]:,} failed"
        f" · {left:,} left of {restoration.total:,}"
    )
    return TaskState([words], 1 - left / (restoration.total or 1), notes)
