"""What `kvtui export` does."""

import time
from contextlib import aclosing
from pathlib import Path

from kvtui.cli.call import Call
from kvtui.cli.exit_status import ExitStatus
from kvtui.records import Namespace
from kvtui.session.account import Account
from kvtui.session.client import Client
from kvtui.session.exporting import Export
from kvtui.session.gathering import all_pages
from kvtui.settings import Settings


async def export_values(call: Call, client: Client, settings: Settings) -> ExitStatus:
    """Export what is below a prefix, and say how it went, however it ends."""
    arguments = call.arguments
    folder = call.surroundings.working_folder / arguments.to
    namespace = await Account(client, settings.bindings).resolve(arguments.namespace)
    if arguments.dry_run:
        return await _count(call, client, namespace, folder)
    export = Export(client, namespace, arguments.prefix, folder, epoch=time.time)
    try:
        await _carry_out(call, export)
    finally:
        _summarise(call, export)
    return _report(call, export, folder)


async def _count(call: Call, client: Client, namespace: Namespace, folder: Path) -> ExitStatus:
    """Say how much would be exported."""
    sizes: dict[str, int] = {}
    async for page in all_pages(client, namespace.id, call.arguments.prefix):
        sizes.update((entry.key, entry.size_bytes or 0) for entry in page.entries())
        call.console.progress(f"{len(sizes):,} keys")
    size_bytes = sum(sizes.values())
    call.console.say(
        f"{len(sizes):,} keys ({size_bytes:,} B) in {namespace.name} would be exported to {folder}"
    )
    if call.arguments.json:
        call.console.record({"key_count": len(sizes), "size_bytes": size_bytes})
    return ExitStatus.DONE


async def _carry_out(call: Call, export: Export) -> None:
    async with aclosing(export.run()) as settled:
        async for trouble in settled:
            if trouble is not None:
                call.console.say(f"{trouble.key}: {trouble.reason}")
            tally = export.tally
            call.console.progress(f"{tally.exported:,} of {tally.listed:,} keys")


def _summarise(call: Call, export: Export) -> None:
    tally = export.tally
    call.console.say(
        f"{tally.exported:,} exported, {tally.missing:,} missing,"
        f" {tally.failed:,} failed, {tally.left:,} left of {tally.listed:,}"
    )
    if export.end is None:
        call.console.say("not whole: the same command goes on with it")


def _report(call: Call, export: Export, folder: Path) -> ExitStatus:
    end = export.end
    if end is None:
        return ExitStatus.NOT_FOUND
    if call.arguments.json:
        call.console.record(
            {
                "folder": str(folder),
                "key_count": end.key_count,
                "size_bytes": end.size_bytes,
                "missing_count": end.missing_count,
            }
        )
    return ExitStatus.NOT_FOUND if end.missing_count else ExitStatus.DONE
