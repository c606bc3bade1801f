"""Options that several commands share."""

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from kvtui.errors import SettingsError
from kvtui.protocol import dot_segment_problem, key_problem

if TYPE_CHECKING:
    from argparse import ArgumentParser

NAMESPACE_HELP: Final = "a name, an id, or @BINDING"


def add_endpoint_options(parser: "ArgumentParser") -> None:
    """Add the options that say which endpoint is meant.

    They stand before or after the command, so an absent one must not overwrite a given one.
    """
    from argparse import SUPPRESS

    group = parser.add_argument_group("endpoint", argument_default=SUPPRESS)
    group.add_argument("--profile", metavar="NAME", help="a profile of the configuration file")
    group.add_argument("--base-url", metavar="URL", help="wins over TELNYX_BASE_URL")
    group.add_argument("--read-only", action="store_true", help="refuse every write")
    group.add_argument(
        "--ca-bundle", metavar="FILE", type=Path, help="certificates to trust besides the usual"
    )
    group.add_argument(
        "--no-journal", action="store_true", help="write without keeping old values for undo"
    )
    group.add_argument("--proxy", metavar="URL|env", help="go through a proxy; by default none")


def add_json_option(parser: "ArgumentParser") -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def add_write_options(parser: "ArgumentParser") -> None:
    """Add what every command that destroys something has."""
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do not")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_arming_option(parser)


def add_arming_option(parser: "ArgumentParser") -> None:
    """Add `--write`, for commands that only add something."""
    parser.add_argument("--write", action="store_true", help="needed on a production profile")


def refuse_endpoint_options(arguments: SimpleNamespace, *also: str) -> None:
    """Refuse options that a command with an endpoint of its own would ignore."""
    for option in ("--profile", "--base-url", "--ca-bundle", "--proxy", *also):
        if option.removeprefix("--").replace("-", "_") in vars(arguments):
            raise SettingsError(f"{option} has no meaning here: the server is a local one")


def addressable_key(text: str) -> str:
    """Refuse a key that no request could name, before anything is done."""
    if problem := key_problem(text) or dot_segment_problem(text):
        from argparse import ArgumentTypeError

        raise ArgumentTypeError(problem)
    return text
