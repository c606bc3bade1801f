"""What argv may say."""

from collections.abc import Callable, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from kvtui import __version__
from kvtui.cli.browse import DEMO, add_browser_options, browse
from kvtui.cli.call import Command
from kvtui.cli.options import add_endpoint_options

if TYPE_CHECKING:
    from argparse import ArgumentParser

_MODULES: Final = ("ls", "get", "put", "rm", "export", "serve")
"""Each command is in a module of its name."""
_GROUPS: Final = {
    "ns": "list, create, look up and delete namespaces",
    "journal": "values overwritten or deleted from here, and back",
}
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


def parse(argv: Sequence[str]) -> SimpleNamespace:
    """Read argv; like every argparse program, end the process on --help and on mistakes."""
    if not argv:
        return SimpleNamespace(run=browse)
    parser = _parser()
    if not {*_MODULES, *_GROUPS, DEMO.name, "-h", "--help"} & {*argv}:
        arguments, unknown = parser.parse_known_args(argv, SimpleNamespace())
        if not unknown:
            return arguments
    _add_commands(parser, argv[0])
    arguments = parser.parse_args(argv, SimpleNamespace())
    is_browser = arguments.run is browse or arguments.run is DEMO.run
    of_browser = {"namespace_option", "prefix_option", "mask_option"}
    if not is_browser and any(option in vars(arguments) for option in of_browser):
        parser.error("--namespace, --prefix and --mask are for the browser")
    return arguments


def top_commands() -> tuple[Command, ...]:
    """Give the commands that are in no group."""
    return *map(_command, _MODULES), DEMO


def _command(name: str) -> Command:
    command: Command = getattr(import_module(f"kvtui.cli.{name}"), name.upper())
    return command


def _parser() -> "ArgumentParser":
    from argparse import ArgumentParser, RawDescriptionHelpFormatter

    parser = ArgumentParser(
        prog="kvtui",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"kvtui {__version__}")
    parser.set_defaults(run=browse)
    add_endpoint_options(parser)
    add_browser_options(parser)
    return parser


def _add_commands(parser: "ArgumentParser", first: str) -> None:
    """Add the commands: only the one that `first` names, so that it pays for no other."""
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    is_named = first in {*_MODULES, *_GROUPS, DEMO.name}
    for name, summary in _GROUPS.items():
        if not is_named or first == name:
            group = subparsers.add_parser(name, help=summary, allow_abbrev=False)
            members = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
            for command in _members(name):
                _add(members.add_parser, command)
    for command in (_command(first),) if first in _MODULES else top_commands():
        if not is_named or first == command.name:
            _add(subparsers.add_parser, command)


def _members(group: str) -> tuple[Command, ...]:
    if group == "ns":
        from kvtui.cli.namespaces import NAMESPACE_COMMANDS

        return NAMESPACE_COMMANDS
    from kvtui.cli.journal import JOURNAL_COMMANDS

    return JOURNAL_COMMANDS


def _add(add_parser: Callable[..., "ArgumentParser"], command: Command) -> None:
    summary = f"{command.summary[0].upper()}{command.summary[1:]}."
    parser = add_parser(command.name, help=command.summary, description=summary, allow_abbrev=False)
    parser.set_defaults(run=command.run)
    command.define(parser)
