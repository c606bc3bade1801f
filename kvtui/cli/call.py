"""One call of a command: its arguments, where it was called, and its way to the endpoint."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import msgspec

from kvtui.cli.console import Console
from kvtui.cli.exit_status import ExitStatus
from kvtui.errors import ReadOnlyError, SettingsError
from kvtui.settings import Flags, Settings, Surroundings, load_settings, secret_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from kvtui.session.client import Client


class Call(msgspec.Struct, frozen=True):
    """What a command is given."""

    arguments: SimpleNamespace
    """What the parser made of argv; the parser itself is not loaded for a bare `kvtui`."""
    surroundings: Surroundings
    console: Console

    @property
    def flags(self) -> Flags:
        """The options that say which endpoint is meant and how it is reached."""
        given = vars(self.arguments)
        return Flags(
            profile=given.get("profile"),
            base_url=given.get("base_url"),
            is_read_only=given.get("read_only", False),
            ca_bundle=given.get("ca_bundle"),
            proxy=given.get("proxy"),
            is_journaled=not given.get("no_journal", False),
        )

    def settings(self) -> Settings:
        """Read the settings; what had to be passed over is narrated."""
        settings = load_settings(self.flags, self.surroundings)
        for warning in settings.warnings:
            self.console.say(f"kvtui: {warning}")
        return settings


class Command(msgspec.Struct, frozen=True):
    """A command as the parser knows it."""

    name: str
    summary: str
    define: Callable[["ArgumentParser"], None]
    """Adds its arguments."""
    run: Callable[[Call], ExitStatus]
    """Carries it out."""


Work = Callable[["Client", Settings], Awaitable[ExitStatus]]
"""What a command does once it has a client."""


def on_endpoint(call: Call, work: Work) -> ExitStatus:
    """Do `work` on the endpoint that the settings name."""
    from kvtui import launch

    settings = _with_key(call.settings(), call.console)
    is_armed = bool(vars(call.arguments).get("write"))
    return launch.run_headless(settings, lambda client: work(client, settings), is_armed=is_armed)


def check_writable(call: Call, settings: Settings) -> None:
    """Refuse early what the client would refuse, before anybody is asked anything."""
    given = vars(call.arguments)
    if given.get("dry_run") or not settings.refuses_writes(is_armed=given["write"]):
        return
    if settings.is_read_only:
        raise ReadOnlyError("nothing was written: writing is switched off (read-only)")
    raise ReadOnlyError(
        f"nothing was written: the profile {settings.profile} is production, which needs --write"
    )


def confirmed(call: Call, question: str) -> bool:
    """Whether somebody agrees, by `--yes` or when asked; with nobody to ask it is an error."""
    if call.arguments.yes:
        return True
    _check_askable(call.console)
    return call.console.ask(f"{question} [y/N]").lower() in {"y", "yes"}


def confirmed_by_name(call: Call, question: str, name: str) -> bool:
    """Do as `confirmed`, where a bare yes would come too easily."""
    if call.arguments.yes:
        return True
    _check_askable(call.console)
    return call.console.ask(question) == name


def _check_askable(console: Console) -> None:
    if not console.can_ask:
        raise SettingsError("nothing was changed: nobody can be asked here, so --yes is needed")


def _with_key(settings: Settings, console: Console) -> Settings:
    if settings.api_key is not None:
        return settings
    if not console.can_ask:
        raise SettingsError(
            "there is no API key: set TELNYX_API_KEY, or name a file as api_key_file in a profile"
        )
    typed = console.ask_secret(f"API key for {settings.base_url}:")
    return replace(settings, api_key=secret_of(typed, source="what you typed"))
