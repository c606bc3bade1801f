"""`kvtui export`: values to files, with a manifest."""

import argparse
from functools import partial
from pathlib import Path
from typing import Final

from kvtui.cli.call import Call, Command, on_endpoint
from kvtui.cli.exit_status import ExitStatus
from kvtui.cli.options import NAMESPACE_HELP, add_endpoint_options, add_json_option


def _define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("namespace", metavar="NAMESPACE", help=NAMESPACE_HELP)
    parser.add_argument("prefix", metavar="PREFIX", nargs="?", default="", help="only keys with it")
    parser.add_argument(
        "--to",
        metavar="DIR",
        type=Path,
        required=True,
        help="a new or empty folder, or that of an export which was stopped",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="count the keys, and write and read no value"
    )
    add_json_option(parser)
    add_endpoint_options(parser)


def _run(call: Call) -> ExitStatus:
    from kvtui.cli.export_values import export_values

    return on_endpoint(call, partial(export_values, call))


EXPORT: Final = Command("export", "write values to files, with a manifest", _define, _run)
