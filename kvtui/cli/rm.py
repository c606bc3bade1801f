"""`kvtui rm`: delete keys by name, or a folder (see `rm_folder`)."""

import argparse
import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from kvtui import launch
from kvtui.cli.call import Call, Command, check_writable, confirmed, on_endpoint
from kvtui.cli.exit_status import ExitStatus
from kvtui.cli.options import (
    NAMESPACE_HELP,
    add_endpoint_options,
    add_json_option,
    add_write_options,
    addressable_key,
)
from kvtui.errors import OutcomeUnknownError, SettingsError
from kvtui.session.account import Account
from kvtui.session.client import Client
from kvtui.session.editing import Edit, Editing, Finding
from kvtui.settings import Settings

_UNKNOWN: Final = "may or may not be deleted"


def _define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("namespace", metavar="NAMESPACE", help=NAMESPACE_HELP)
    parser.add_argument("keys", metavar="KEY", nargs="*", type=addressable_key)
    parser.add_argument(
        "--prefix", metavar="FOLDER/", help="every key below this folder, listed first; no other"
    )
    parser.add_argument(
        "--resume", metavar="PLAN", type=Path, help="go on with the list of an unfinished deletion"
    )
    parser.add_argument(
        "--retry", action="store_true", help="with --resume: try what failed or is unknown again"
    )
    add_write_options(parser)
    add_json_option(parser)
    add_endpoint_options(parser)


def _run(call: Call) -> ExitStatus:
    if _is_about_folder(call):
        from kvtui.cli.rm_folder import rm_folder

        return on_endpoint(call, partial(rm_folder, call))

    async def work(client: Client, settings: Settings) -> ExitStatus:
        check_writable(call, settings)
        namespace = await Account(client, settings.bindings).resolve(call.arguments.namespace)
        async with launch.open_editing(client, settings) as editing:
            keys = list(dict.fromkeys(call.arguments.keys))
            edits = [await editing.begin(namespace, key) for key in keys]
            found = [edit for edit in edits if edit.base is not None]
            for edit in edits:
                if edit.base is None:
                    _tell(call, edit, "not found")
            status = ExitStatus.DONE if len(found) == len(edits) else ExitStatus.NOT_FOUND
            if not found or not _is_agreed(call, found, host=client.host):
                return ExitStatus.NOT_FOUND
            return max(status, *[await _delete(call, editing, edit) for edit in found])

    return on_endpoint(call, work)


def _is_about_folder(call: Call) -> bool:
    """Tell keys from folders and plans; exactly one of them must be given."""
    arguments = call.arguments
    given = (bool(arguments.keys), arguments.prefix is not None, arguments.resume is not None)
    if sum(given) != 1:
        raise SettingsError("rm takes keys, or --prefix FOLDER/, or --resume PLAN")
    if arguments.retry and arguments.resume is None:
        raise SettingsError("--retry needs --resume PLAN")
    return not arguments.keys


def _is_agreed(call: Call, found: Sequence[Edit], *, host: str) -> bool:
    if call.arguments.dry_run:
        return True
    what = found[0].key if len(found) == 1 else f"{len(found):,} keys"
    size = sum(len(edit.base.content) for edit in found if edit.base)
    target = f"{what} ({size:,} B) from {found[0].namespace.name} on {host}"
    if len(found) > 1 and not call.arguments.yes:
        for edit in found:
            call.console.say(f"  {edit.key}")
    if confirmed(call, f"Delete {target}?"):
        return True
    call.console.say("nothing was deleted")
    return False


async def _delete(call: Call, editing: Editing, edit: Edit) -> ExitStatus:
    if call.arguments.dry_run:
        return _tell(call, edit, "would be deleted")
    if not call.arguments.yes and await editing.conflict(edit) is not None:
        return _tell(call, edit, "kept: changed while you were asked", ExitStatus.NOT_FOUND)
    try:
        report = await editing.delete(edit, is_awaited=True)
    except OutcomeUnknownError:
        return _tell(call, edit, _UNKNOWN, ExitStatus.UNKNOWN)
    except asyncio.CancelledError:
        _tell(call, edit, f"interrupted: {_UNKNOWN}")
        raise
    if report.finding is Finding.DONE:
        return _tell(call, edit, "deleted")
    return _tell(call, edit, _UNKNOWN, ExitStatus.UNKNOWN)


def _tell(call: Call, edit: Edit, outcome: str, status: ExitStatus = ExitStatus.DONE) -> ExitStatus:
    call.console.say(f"{edit.key}: {outcome}")
    if call.arguments.json:
        size_bytes = len(edit.base.content) if edit.base else None
        call.console.record({"key": edit.key, "outcome": outcome, "size_bytes": size_bytes})
    return status


RM: Final = Command("rm", "delete keys", _define, _run)
