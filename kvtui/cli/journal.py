"""`kvtui journal`: the values that were overwritten or deleted from here, and back with them."""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from kvtui import launch
from kvtui.cli.call import Call, Command, check_writable, confirmed, on_endpoint
from kvtui.cli.exit_status import ExitStatus
from kvtui.cli.options import add_endpoint_options, add_json_option, add_write_options
from kvtui.cli.value_output import put_out_value
from kvtui.errors import SettingsError, VaultError
from kvtui.records import StoredValue
from kvtui.session.client import Client
from kvtui.session.editing import Editing, Finding, WriteReport
from kvtui.session.lifetime import parse_lifetime
from kvtui.session.undo import Undo, prepare_undo
from kvtui.settings import Settings
from kvtui.vault.journal_row import JournalRow, Operation

if TYPE_CHECKING:
    from kvtui.vault.journal import Journal

_NUMBER: Final = "the number that `kvtui journal list` shows"


@contextmanager
def _journal(call: Call) -> "Iterator[Journal]":
    from kvtui.vault.journal import Journal

    journal = Journal(call.surroundings.state_folder)
    try:
        yield journal
    finally:
        journal.close()


def _define_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", metavar="KEY", help="only writes of this key")
    parser.add_argument(
        "--limit", metavar="N", type=_positive, help="as many of the latest; all without"
    )
    add_json_option(parser)


def _list(call: Call) -> ExitStatus:
    with _journal(call) as journal:
        rows = []
        if journal.exists:
            rows = journal.rows(key=call.arguments.key, limit=call.arguments.limit)
        call.console.say(f"{_counted(len(rows))} in {journal.path}")
    for row in rows:
        if call.arguments.json:
            call.console.record(_fields(row))
        else:
            call.console.line(_line(row))
    return ExitStatus.DONE


def _define_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", type=_positive, help=_NUMBER)
    parser.add_argument("--force", action="store_true", help="put binary on a terminal too")
    add_json_option(parser)


def _show(call: Call) -> ExitStatus:
    """Put out what was there before a write."""
    with _journal(call) as journal:
        row = _find(journal, call.arguments.number)
        old = journal.old_value(row)
    call.console.say(_line(row))
    if old is None:
        call.console.say(f"{row.place.key} did not exist before")
        return ExitStatus.NOT_FOUND
    put_out_value(call, row.place.key, old)
    return ExitStatus.DONE


def _define_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", type=_positive, help=_NUMBER)
    parser.add_argument(
        "--ttl", metavar="TIME", type=_lifetime, help="how long it lives; for ever without"
    )
    add_write_options(parser)
    add_json_option(parser)
    add_endpoint_options(parser)


def _restore(call: Call) -> ExitStatus:
    """Put back what was there before a write; that is a write like any other, and kept too."""

    async def work(client: Client, settings: Settings) -> ExitStatus:
        check_writable(call, settings)
        async with launch.open_editing(client, settings) as editing:
            undo = await _prepare(call, client, editing)
            if undo.is_done_already:
                call.console.say(f"{undo.edit.key} is that already: nothing to do")
                return ExitStatus.DONE
            call.console.say(_plan(undo))
            if call.arguments.dry_run:
                return ExitStatus.DONE
            question = f"{_plan(undo)} in {undo.edit.namespace.name} on {client.host}?"
            if not confirmed(call, question):
                call.console.say("nothing was written")
                return ExitStatus.NOT_FOUND
            if not call.arguments.yes and await editing.conflict(undo.edit) is not None:
                call.console.say("nothing was written: the key was changed while you were asked")
                return ExitStatus.NOT_FOUND
            return _report(call, undo, await _write(call, editing, undo))

    return on_endpoint(call, work)


async def _prepare(call: Call, client: Client, editing: Editing) -> Undo:
    with _journal(call) as journal:
        row = _find(journal, call.arguments.number)
        old = journal.old_value(row)
    if row.place.endpoint != client.host:
        raise SettingsError(
            f"this was written to {row.place.endpoint} (profile {row.place.profile}),"
            f" and not to {client.host}"
        )
    namespace = await client.get_namespace(row.place.namespace_id)
    if editing.journaling is not None:
        return await prepare_undo(editing, editing.journaling, namespace, row)
    return Undo(row, await editing.begin(namespace, row.place.key), old)


def _plan(undo: Undo) -> str:
    key = undo.edit.key
    if undo.old is None:
        what = f"delete {key}, which did not exist before"
    else:
        verb = "replace" if undo.edit.base is not None else "create"
        what = f"{verb} {key} with the {len(undo.old.content):,} B from before"
    since = " (somebody changed it since)" if undo.is_overtaken else ""
    return f"{what}{since}"


async def _write(call: Call, editing: Editing, undo: Undo) -> WriteReport:
    if undo.old is None:
        return await editing.delete(undo.edit, is_awaited=True)
    value = StoredValue(undo.old.content, undo.old.content_type)
    ttl = call.arguments.ttl
    return await editing.put(undo.edit, value, ttl_seconds=ttl, is_awaited=True)


def _report(call: Call, undo: Undo, report: WriteReport) -> ExitStatus:
    call.console.say(f"{undo.edit.key}: {report.finding.value}")
    if call.arguments.json:
        call.console.record({"key": undo.edit.key, "finding": report.finding.value})
    is_done = report.finding in {Finding.DONE, Finding.UNVERIFIED}
    return ExitStatus.DONE if is_done else ExitStatus.UNKNOWN


def _define_purge(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--older-than", metavar="TIME", type=_lifetime, help="such as 12h, 30d, 4w")
    which.add_argument("--all", action="store_true", help="everything that is settled")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do not")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _purge(call: Call) -> ExitStatus:
    now = time.time()
    before = now - call.arguments.older_than if call.arguments.older_than else now
    with _journal(call) as journal:
        rows = journal.rows() if journal.exists else []
        count = sum(row.is_settled and row.at < before for row in rows)
        if call.arguments.dry_run or not count:
            call.console.say(f"{count:,} of {len(rows):,} writes would be forgotten")
            return ExitStatus.DONE
        if not confirmed(call, f"Forget {count:,} of {len(rows):,} writes for good?"):
            call.console.say("nothing was forgotten")
            return ExitStatus.NOT_FOUND
        call.console.say(f"{journal.purge(before=before):,} writes were forgotten")
    return ExitStatus.DONE


def _counted(number: int) -> str:
    """Give `1 write`, `2 writes`."""
    return f"{number:,} write" if number == 1 else f"{number:,} writes"


def _find(journal: "Journal", number: int) -> JournalRow:
    row = journal.row(number) if journal.exists else None
    if row is None:
        raise VaultError(f"{journal.path} holds no write {number}")
    return row


def _line(row: JournalRow) -> str:
    size = "new" if row.old_size_bytes is None else f"{row.old_size_bytes:,} B"
    verb = "rm " if row.operation is Operation.DELETE else "put"
    place = row.place
    return (
        f"{row.id:>5}  {_time(row)}  {row.state:<7}  {verb}  was {size:<11}"
        f"  {place.namespace_name}  {place.key}"
    )


def _fields(row: JournalRow) -> dict[str, str | int | list[str] | None]:
    return {
        "number": row.id,
        "at": _time(row),
        "profile": row.place.profile,
        "endpoint": row.place.endpoint,
        "namespace_id": row.place.namespace_id,
        "namespace": row.place.namespace_name,
        "key": row.place.key,
        "operation": row.operation.value,
        "old_size_bytes": row.old_size_bytes,
        "old_content_type": row.old_content_type,
        "new_size_bytes": row.new_size_bytes,
        "new_sha256": row.new_hash,
        "state": row.state.value,
        "detail": row.error,
    }


def _time(row: JournalRow) -> str:
    return datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18 or not int(text):
        raise argparse.ArgumentTypeError("a number from 1 on")
    return int(text)


def _lifetime(text: str) -> int:
    try:
        return parse_lifetime(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


JOURNAL_COMMANDS: Final = (
    Command("list", "list the writes that were kept, newest first", _define_list, _list),
    Command("show", "put out what was there before a write", _define_show, _show),
    Command("restore", "put back what was there before a write", _define_restore, _restore),
    Command("purge", "forget writes for good", _define_purge, _purge),
)
