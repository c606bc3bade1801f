"""`kvtui get`: one value, byte for byte."""

import argparse
from typing import Final

from kvtui.cli.call import Call, Command, on_endpoint
from kvtui.cli.exit_status import ExitStatus
from kvtui.cli.options import (
    NAMESPACE_HELP,
    add_endpoint_options,
    add_json_option,
    addressable_key,
)
from kvtui.cli.value_output import put_out_value
from kvtui.session.account import Account
from kvtui.session.client import Client
from kvtui.settings import Settings


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
        put_out_value(call, key, value)
        return ExitStatus.DONE

    return on_endpoint(call, work)


GET: Final = Command("get", "put out one value, byte for byte", _define, _run)
