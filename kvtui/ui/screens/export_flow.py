"""Exporting a folder from the browser."""

from contextlib import aclosing
from functools import partial
from pathlib import Path

from kvtui.session.exporting import Export
from kvtui.session.namespace import OpenNamespace
from kvtui.ui.formatting import exact_size
from kvtui.ui.screens.long_task import LongTask, TaskState
from kvtui.ui.screens.prompt import Prompt
from kvtui.ui.screens.stage import Stage, Work
from kvtui.values.display import show


class ExportFlow:
    """Asks where to, and writes what is below a folder there."""

    def __init__(self, stage: Stage, *, is_ascii: bool) -> None:
        self._stage = stage
        self._is_ascii = is_ascii

    async def export(self, opened: OpenNamespace, prefix: str) -> None:
        """Export what is below `prefix`; empty for the whole namespace."""
        name = opened.namespace.name
        answer = await self._stage.ask(
            Prompt(
                f"Export {prefix or name} to files",
                label="A new folder, or one whose export was stopped",
                initial=f"{name}-export",
            )
        )
        if not answer:
            return
        path = _path(answer)
        export = self._stage.workspace.export(opened.namespace, prefix, path)
        notes: list[str] = []
        work: Work = partial(_run, export, notes)
        await self._stage.ask(
            LongTask(
                f"Exporting {prefix or name}",
                work,
                lambda: state(export, path, notes),
                stays=True,
                again=lambda: None if export.end is not None else work,
                is_ascii=self._is_ascii,
            )
        )


def _path(typed: str) -> Path:
    return Path(typed).expanduser()


async def _run(export: Export, notes: list[str]) -> None:
    async with aclosing(export.run()) as settled:
        async for trouble in settled:
            notes += [] if trouble is None else [f"{trouble.key}: {trouble.reason}"]


def state(export: Export, path: Path, notes: list[str]) -> TaskState:
    """Say how far an export came."""
    tally = export.tally
    lines = [
        f"{tally.exported:,} exported · {tally.missing:,} missing · {tally.failed:,} failed"
        f" · {tally.left:,} left of {tally.listed:,}"
    ]
    if export.end is not None:
        lines.append(f"{exact_size(export.end.size_bytes)} and a manifest in {show(str(path))}")
        lines.append("Only you can read the files. They hold the values as they are.")
    return TaskState(lines, (tally.listed - tally.left) / (tally.listed or 1), notes)
