"""`kvtui rm --prefix` and `--resume`: delete a folder by an explicit list of its keys."""

import shlex
import time
from contextlib import aclosing
from typing import Final

from kvtui import launch
from kvtui.cli.call import Call, check_writable, confirmed_by_name
from kvtui.cli.exit_status import ExitStatus
from kvtui.records import KeyEntry, Namespace
from kvtui.session.account import Account
from kvtui.session.bulk import BulkDeletion
from kvtui.session.client import Client
from kvtui.settings import Settings
from kvtui.vault.plans import FOLDER, DeletionPlan, KeyState, PlannedKey, Tally

SHOWN_KEYS: Final = 20
"""As many of the first and of the last keys are shown before anybody is asked."""


async def rm_folder(call: Call, client: Client, settings: Settings) -> ExitStatus:
    """Make a plan, or open one, and carry it out as far as somebody agrees."""
    check_writable(call, settings)
    account = Account(client, settings.bindings)
    namespace = await account.resolve(call.arguments.namespace)
    async with launch.open_editing(client, settings) as editing:
        bulk = BulkDeletion(client, editing, settings.state_folder / FOLDER, epoch=time.time)
        plan = await _plan(call, bulk, namespace)
        is_wanted = call.arguments.dry_run or call.arguments.resume is not None
        try:
            if not _is_agreed(call, namespace, plan, host=client.host):
                return ExitStatus.NOT_FOUND
            if call.arguments.dry_run:
                return _report_dry_run(call, namespace, plan)
            is_wanted = True
            return await _carry_out(call, bulk, namespace, plan)
        finally:
            plan.close(is_wanted=is_wanted)


async def _plan(call: Call, bulk: BulkDeletion, namespace: Namespace) -> DeletionPlan:
    if call.arguments.resume is not None:
        return bulk.resume(namespace, call.arguments.resume)
    entries: dict[str, KeyEntry] = {}
    async for page in bulk.list_folder(namespace, call.arguments.prefix):
        entries.update((entry.key, entry) for entry in page)
        call.console.progress(f"{len(entries):,} keys found")
    return bulk.plan(namespace, entries.values(), prefix=call.arguments.prefix)


def _is_agreed(call: Call, namespace: Namespace, plan: DeletionPlan, *, host: str) -> bool:
    """Whether there is anything to do, and somebody agrees to it."""
    if not len(plan):
        call.console.say(f"there is no key below {plan.head.prefix}")
        return False
    _describe(call, plan, host=host)
    if call.arguments.dry_run:
        return True
    question = f"This deletes them from {namespace.name} on {host}. Type its name to go on:"
    if confirmed_by_name(call, question, namespace.name):
        return True
    call.console.say("nothing was deleted")
    return False


def _report_dry_run(call: Call, namespace: Namespace, plan: DeletionPlan) -> ExitStatus:
    _put_out(call, list(plan))
    call.console.say(f"nothing was deleted; to do so: {_resuming(namespace, plan)}")
    return ExitStatus.DONE


async def _carry_out(
    call: Call, bulk: BulkDeletion, namespace: Namespace, plan: DeletionPlan
) -> ExitStatus:
    try:
        await _run(call, bulk, namespace, plan)
    finally:
        _summarise(call, namespace, plan)
    return _status(plan.tally)


async def _run(call: Call, bulk: BulkDeletion, namespace: Namespace, plan: DeletionPlan) -> None:
    async with aclosing(bulk.run(namespace, plan, is_retry=call.arguments.retry)) as settled:
        async for planned in settled:
            if planned.state is not KeyState.DONE:
                call.console.say(f"{planned.key}: {planned.state}: {planned.reason}")
            _put_out(call, [planned])
            tally = plan.tally
            call.console.progress(f"{tally.total - tally.left:,} of {tally.total:,} keys")


def _describe(call: Call, plan: DeletionPlan, *, host: str) -> None:
    keys = [planned.key for planned in plan]
    where = f"below {plan.head.prefix} " if plan.head.prefix else ""
    call.console.say(
        f"{len(keys):,} keys ({plan.size_bytes:,} B) {where}in {plan.head.namespace} on {host}:"
    )
    for key in keys[:SHOWN_KEYS]:
        call.console.say(f"  {key}")
    if len(keys) > 2 * SHOWN_KEYS:
        call.console.say(f"  … {len(keys) - 2 * SHOWN_KEYS:,} more …")
    for key in keys[SHOWN_KEYS:][-SHOWN_KEYS:]:
        call.console.say(f"  {key}")
    if plan.tally.left < len(keys):
        call.console.say(_counts(plan.tally))


def _put_out(call: Call, settled: list[PlannedKey]) -> None:
    if not call.arguments.json:
        return
    for planned in settled:
        call.console.record(
            {
                "key": planned.key,
                "size_bytes": planned.size_bytes,
                "updated_at": planned.updated_at,
                "state": planned.state.value,
                "reason": planned.reason,
            }
        )


def _summarise(call: Call, namespace: Namespace, plan: DeletionPlan) -> None:
    tally = plan.tally
    call.console.say(_counts(tally))
    if tally.left:
        call.console.say(f"to go on: {_resuming(namespace, plan)}")
    elif tally.failed or tally.unknown:
        call.console.say(f"to try those again: {_resuming(namespace, plan)} --retry")


def _counts(tally: Tally) -> str:
    return (
        f"{tally.done:,} done, {tally.skipped:,} skipped, {tally.failed:,} failed,"
        f" {tally.unknown:,} unknown, {tally.left:,} left of {tally.total:,}"
    )


def _resuming(namespace: Namespace, plan: DeletionPlan) -> str:
    return f"kvtui rm {namespace.name} --resume {shlex.quote(str(plan.path))}"


def _status(tally: Tally) -> ExitStatus:
    if tally.unknown:
        return ExitStatus.UNKNOWN
    return ExitStatus.DONE if tally.done == tally.total else ExitStatus.NOT_FOUND
