"""`kvtui get`: one value, byte for byte."""

import argparse
import base64
from typing import Final

from kvtui.cli.call import Call, Command, on_endpoint
from kvtui.cli.console import JsonFields
from kvtui.cli.exit_status import ExitStatus
from kvtui.cli.options import (
    NAMESPACE_HELP,
    add_endpoint_options,
    add_json_option,
    addressable_key,
)
from kvtui.errors import SettingsError
from kvtui.records import StoredValue
from kvtui.session.account import Account
from kvtui.session.client import Client
from kvtui.settings import Settings
from kvtui.values.display import hidden_count


def _define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("namespace", metavar="NAMESPACE", help=NAMESPACE_HELP)
    parser.add_argument("key", metavar="KEY", type=addressable_key)
    parser.add_argument("target", metavar="-", nargs="?", choices=["-"], help="standard output")
    parser.add_argument("--force", action="store_true", help="put binary on a terminal too")
    add_json_option(parser)
    add_endpoint_options(parser)


def _run(call: Call) -> ExitStatus:
    async def work(client: Client, settings: Settings) -> ExitStatus:
        key: str = call.arguments.key
        namespace = await Account(client, settings.bindings).resolve(call.arguments.namespace)
        value = await client.get_value(namespace.id, key)
        if call.arguments.json:
            call.console.record(_fields(key, value))
            return ExitStatus.DONE
        if call.console.is_output_terminal and not call.arguments.force:
            _check_harmless(value)
        call.console.write(value.content)
        return ExitStatus.DONE

    return on_endpoint(call, work)


def _check_harmless(value: StoredValue) -> None:
    try:
        is_harmless = not hidden_count(value.content.decode())
    except UnicodeDecodeError:
        is_harmless = False
    if not is_harmless:
        raise SettingsError(
            f"the value ({len(value.content):,} B) is not plain text:"
            " send it to a file, or put it on the terminal with --force"
        )


def _fields(key: str, value: StoredValue) -> JsonFields:
    try:
        text, encoding = value.content.decode(), "utf-8"
    except UnicodeDecodeError:
        text, encoding = base64.b64encode(value.content).decode(), "base64"
    return {
        "key": key,
        "size_bytes": len(value.content),
        "content_type": value.content_type,
        "encoding": encoding,
        "value": text,
    }


GET: Final = Command("get", "put out one value, byte for byte", _define, _run)
