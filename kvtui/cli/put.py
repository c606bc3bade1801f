"""`kvtui put`: write one value."""

import argparse
import asyncio
import re
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
from kvtui.errors import SettingsError
from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.records import PutOutcome, StoredValue
from kvtui.session.account import Account
from kvtui.session.client import Client
from kvtui.session.editing import Edit, Editing, Finding, WriteReport
from kvtui.session.lifetime import parse_lifetime, spell_lifetime
from kvtui.settings import Settings

_STANDARD_INPUT: Final = "-"
_CONTENT_TYPE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")

_FINDINGS: Final = {
    Finding.DONE: (ExitStatus.DONE, "and read back"),
    Finding.UNVERIFIED: (ExitStatus.DONE, "but could not be read back"),
    Finding.NOT_APPLIED: (
        ExitStatus.UNKNOWN,
        "no answer came, and the key still holds what it held before: it may yet be written",
    ),
    Finding.OVERTAKEN: (
        ExitStatus.UNKNOWN,
        "the key holds something else than what was sent: somebody else writes it too",
    ),
}


def _define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("namespace", metavar="NAMESPACE", help=NAMESPACE_HELP)
    parser.add_argument("key", metavar="KEY", type=addressable_key)
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default=_STANDARD_INPUT,
        help="what to write; - or nothing is standard input",
    )
    parser.add_argument(
        "--ttl",
        metavar="TIME",
        type=_lifetime,
        help="how long it lives: seconds, or such as 30s, 5m, 1h, 2d; for ever without",
    )
    parser.add_argument(
        "--content-type",
        metavar="TYPE",
        type=_content_type,
        help="kept beside the value; without, that of the value it replaces",
    )
    add_write_options(parser)
    add_json_option(parser)
    add_endpoint_options(parser)


def _run(call: Call) -> ExitStatus:
    async def work(client: Client, settings: Settings) -> ExitStatus:
        check_writable(call, settings)
        content = _content(call)
        namespace = await Account(client, settings.bindings).resolve(call.arguments.namespace)
        async with launch.open_editing(client, settings) as editing:
            edit = await editing.begin(namespace, call.arguments.key)
            value = StoredValue(content, call.arguments.content_type or edit.content_type)
            if call.arguments.dry_run:
                return _report_dry_run(call, edit, value)
            if not await _is_agreed(call, editing, edit, host=client.host):
                return ExitStatus.NOT_FOUND
            return _report(call, edit, value, await _write(call, editing, edit, value))

    return on_endpoint(call, work)


def _content(call: Call) -> bytes:
    """Read what is to be written, and no more than could be."""
    file: str = call.arguments.file
    if file == _STANDARD_INPUT:
        content = call.console.read(MAX_VALUE_BYTES + 1)
    else:
        try:
            with Path(file).open("rb") as stream:
                content = stream.read(MAX_VALUE_BYTES + 1)
        except OSError as error:
            raise SettingsError(f"{file} cannot be read: {error.strerror}") from None
    if len(content) > MAX_VALUE_BYTES:
        raise SettingsError(f"a value has at most {MAX_VALUE_BYTES:,} bytes, and this has more")
    return content


async def _is_agreed(call: Call, editing: Editing, edit: Edit, *, host: str) -> bool:
    """Whether the key may be written: one that exists is replaced only with consent."""
    if edit.base is None:
        return True
    size = f"{len(edit.base.content):,} B"
    question = f"{edit.key} in {edit.namespace.name} on {host} holds {size}. Replace it?"
    if not confirmed(call, question):
        call.console.say("nothing was written")
        return False
    if not call.arguments.yes and await editing.conflict(edit) is not None:
        call.console.say("nothing was written: the key was changed while you were asked")
        return False
    return True


async def _write(call: Call, editing: Editing, edit: Edit, value: StoredValue) -> WriteReport:
    try:
        return await editing.put(edit, value, ttl_seconds=call.arguments.ttl, is_awaited=True)
    except asyncio.CancelledError:
        call.console.say(f"interrupted: {edit.key} may or may not have been written")
        raise


def _report_dry_run(call: Call, edit: Edit, value: StoredValue) -> ExitStatus:
    verb = "create" if edit.base is None else "replace"
    call.console.say(f"would {verb} {_spelled(call, edit, value)}")
    if call.arguments.json:
        call.console.record({"key": edit.key, "would": verb, "size_bytes": len(value.content)})
    return ExitStatus.DONE


def _report(call: Call, edit: Edit, value: StoredValue, report: WriteReport) -> ExitStatus:
    status, words = _FINDINGS[report.finding]
    outcome = report.outcome.name.lower() if report.outcome else "sent"
    call.console.say(f"{outcome} {_spelled(call, edit, value)}; {words}")
    expected = PutOutcome.CREATED if edit.base is None else PutOutcome.REPLACED
    if report.outcome not in {None, expected}:
        call.console.say("between the look before and the write, somebody else changed the key")
    if call.arguments.json:
        call.console.record(
            {
                "key": edit.key,
                "outcome": outcome,
                "finding": report.finding.value,
                "size_bytes": len(value.content),
                "content_type": value.content_type,
                "ttl_seconds": call.arguments.ttl,
            }
        )
    return status


def _spelled(call: Call, edit: Edit, value: StoredValue) -> str:
    ttl: int | None = call.arguments.ttl
    lifetime = f"expires in {spell_lifetime(ttl)}" if ttl else "no expiry"
    if ttl is None and edit.base is not None:
        lifetime += " (any existing expiry is lost)"
    return f"{edit.key}: {len(value.content):,} B · {value.content_type} · {lifetime}"


def _lifetime(text: str) -> int:
    try:
        return parse_lifetime(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _content_type(text: str) -> str:
    if not _CONTENT_TYPE.fullmatch(text):
        raise argparse.ArgumentTypeError("no header can carry this")
    return text


PUT: Final = Command("put", "write one value, byte for byte", _define, _run)
