"""`kvtui ls`: the keys of a namespace."""

import argparse
from collections.abc import Iterator
from typing import Final

from kvtui.cli.call import Call, Command, on_endpoint
from kvtui.cli.exit_status import ExitStatus
from kvtui.cli.options import NAMESPACE_HELP, add_endpoint_options, add_json_option
from kvtui.protocol import SEPARATOR
from kvtui.records import KeyEntry, KeyPage, Priority
from kvtui.session.account import Account
from kvtui.session.client import Client
from kvtui.session.listing import KeyPager
from kvtui.settings import Settings


def _define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("namespace", metavar="NAMESPACE", help=NAMESPACE_HELP)
    parser.add_argument("prefix", metavar="PREFIX", nargs="?", default="", help="only keys with it")
    parser.add_argument(
        "--folders", action="store_true", help="one level: what comes after the next / is folded"
    )
    parser.add_argument("-l", "--long", action="store_true", help="with size and time of change")
    add_json_option(parser)
    add_endpoint_options(parser)


def _run(call: Call) -> ExitStatus:
    async def work(client: Client, settings: Settings) -> ExitStatus:
        arguments = call.arguments
        namespace = await Account(client, settings.bindings).resolve(arguments.namespace)
        rows = _Rows(arguments.prefix, is_folded=arguments.folders)
        pager = KeyPager(client, namespace.id, arguments.prefix)
        async for page in pager.pages(Priority.BACKGROUND):
            for row in rows.new(page):
                _put_out(call, row)
            call.console.flush()
            call.console.progress(f"{pager.key_count:,} keys")
        return ExitStatus.DONE

    return on_endpoint(call, work)


class _Rows:
    """What each page adds: a listing in no known order may bring a key or a folder twice."""

    def __init__(self, prefix: str, *, is_folded: bool) -> None:
        self._prefix = prefix
        self._is_folded = is_folded
        self._seen: set[str] = set()

    def new(self, page: KeyPage) -> Iterator[KeyEntry | str]:
        """Give entries, and folders as their prefix."""
        for entry in page.entries():
            folder = self._folder(entry.key)
            name = folder or entry.key
            if name not in self._seen:
                self._seen.add(name)
                yield folder or entry

    def _folder(self, key: str) -> str:
        if not self._is_folded:
            return ""
        name, separator, _ = key[len(self._prefix) :].partition(SEPARATOR)
        return f"{self._prefix}{name}{separator}" if separator else ""


def _put_out(call: Call, row: KeyEntry | str) -> None:
    if isinstance(row, str):
        _put_out_folder(call, row)
    elif call.arguments.json:
        call.console.record(
            {"key": row.key, "size_bytes": row.size_bytes, "updated_at": row.updated_at}
        )
    elif call.arguments.long:
        size = "-" if row.size_bytes is None else str(row.size_bytes)
        call.console.line(f"{size:>7}  {row.updated_at or '-':<30}  {row.key}")
    else:
        call.console.line(row.key)


def _put_out_folder(call: Call, folder: str) -> None:
    if call.arguments.json:
        call.console.record({"folder": folder})
    elif call.arguments.long:
        call.console.line(f"{'':>7}  {'':<30}  {folder}")
    else:
        call.console.line(folder)


LS: Final = Command("ls", "list the keys of a namespace", _define, _run)
