"""What argv may say."""

import argparse
from collections.abc import Callable, Sequence
from typing import Final

from kvtui import __version__
from kvtui.cli.browse import DEMO, add_browser_options, browse
from kvtui.cli.call import Command
from kvtui.cli.options import add_endpoint_options

_DESCRIPTION: Final = "Browse, inspect and safely edit Telnyx KV. Without a command: the browser."

_EPILOG: Final = """\
The API key comes from TELNYX_API_KEY, from the file (0600) that a profile names as api_key_file,
from the system keyring (where the keyring extra is installed: service kvtui, user the profile's
name or the host), or is asked for. There is no option for it, because others can read a process's
arguments. TELNYX_BASE_URL names the endpoint, KVTUI_CONFIG the configuration file.

exit status:
  0    done
  1    not found, declined, or some of several items failed
  2    usage or configuration
  3    refused by the server, or by read-only
  4    not reached, or given up after repeats
  5    a write whose outcome is unknown
  129  the terminal was closed
  130  interrupted
  143  told to end
"""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read argv; like every argparse program, end the process on --help and on mistakes."""
    parser = _parser()
    if set(argv) - {"--version"}:
        _add_commands(parser)
    arguments = parser.parse_args(argv)
    is_browser = arguments.run is browse or arguments.run is DEMO.run
    of_browser = {"namespace_option", "prefix_option", "mask_option"}
    if not is_browser and any(option in arguments for option in of_browser):
        parser.error("--namespace, --prefix and --mask are for the browser")
    return arguments


def top_commands() -> tuple[Command, ...]:
    """Give the commands that are in no group."""
    from kvtui.cli.export import EXPORT
    from kvtui.cli.get import GET
    from kvtui.cli.ls import LS
    from kvtui.cli.put import PUT
    from kvtui.cli.rm import RM
    from kvtui.cli.serve import SERVE

    return LS, GET, PUT, RM, EXPORT, SERVE, DEMO


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kvtui",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"kvtui {__version__}")
    parser.set_defaults(run=browse)
    add_endpoint_options(parser)
    add_browser_options(parser)
    return parser


def _add_commands(parser: argparse.ArgumentParser) -> None:
    """Add all commands; the browser alone opens sooner without."""
    from kvtui.cli.journal import JOURNAL_COMMANDS
    from kvtui.cli.namespaces import NAMESPACE_COMMANDS

    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    namespaces = commands.add_parser(
        "ns", help="list, create, look up and delete namespaces", allow_abbrev=False
    )
    namespace_commands = namespaces.add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    for command in NAMESPACE_COMMANDS:
        _add(namespace_commands.add_parser, command)
    journal = commands.add_parser(
        "journal", help="values overwritten or deleted from here, and back", allow_abbrev=False
    )
    journal_commands = journal.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in JOURNAL_COMMANDS:
        _add(journal_commands.add_parser, command)
    for command in top_commands():
        _add(commands.add_parser, command)


def _add(add_parser: Callable[..., argparse.ArgumentParser], command: Command) -> None:
    summary = f"{command.summary[0].upper()}{command.summary[1:]}."
    parser = add_parser(command.name, help=command.summary, description=summary, allow_abbrev=False)
    parser.set_defaults(run=command.run)
    command.define(parser)
