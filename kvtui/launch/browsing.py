"""The browser on the configured endpoint, or on the demo."""

import asyncio
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from textual.theme import BUILTIN_THEMES

from kvtui.errors import SettingsError
from kvtui.launch.demo_server import DemoServer
from kvtui.launch.encoding import output_encoding
from kvtui.protocol import DEFAULT_BASE_URL
from kvtui.settings import Config, Interface, Profile, Settings, Shortcut
from kvtui.ui.app import DARK, KvtuiApp
from kvtui.ui.commands import COMMANDS
from kvtui.ui.ending import Ending
from kvtui.ui.opening import Opening, ProfileChoice
from kvtui.ui.terminal.capability import is_screen_or_tmux, keeps_escape_back

if TYPE_CHECKING:
    from kvtui.session.workspace import Workspace
    from kvtui.vault.draft_keeper import DraftKeeper

LoadProfile = Callable[[str], Settings]

PICTURE_SIZE: Final = (120, 32)
"""Columns and rows of `demo --screenshot`."""


def browse(
    settings: Settings,
    load: LoadProfile,
    *,
    namespace: str | None,
    prefix: str | None,
    is_masked: bool,
) -> int:
    """Run the browser on the configured endpoint and return its exit status.

    `load` gives the settings of another profile, for whoever switches.
    """
    keepers: list[DraftKeeper] = []
    with DemoServer() as demo_server:

        def flush() -> None:
            demo_server.flush()
            for keeper in keepers:
                keeper.flush()

        def opening_of(settings: Settings) -> Opening:
            return Opening(
                connect=partial(_connect, settings, keepers)
                if settings.api_key is not None
                else None,
                start_demo=demo_server.connect,
                profile=settings.profile,
                host=urlsplit(settings.base_url).netloc,
                is_read_only=settings.refuses_writes(is_armed=False),
                colour=settings.colour,
                is_production=settings.is_production,
                profiles=tuple(_choice(profile) for profile in settings.profiles),
                is_masked=is_masked,
                switch=lambda name: opening_of(load(name)),
                warnings=(*settings.warnings, *_encoding_warnings(settings.interface)),
                is_ascii=_is_ascii(settings.interface),
                theme=_theme(settings.interface),
                keymap=keymap(settings.shortcuts),
            )

        opening = opening_of(settings)
        opening = replace(opening, namespace=namespace, prefix=prefix or "")
        return run_app(KvtuiApp(opening), settings.interface, flush)


async def _connect(settings: Settings, keepers: list["DraftKeeper"]) -> "Workspace":
    """Open an endpoint beside the screen; whoever keeps its drafts is added to `keepers`."""
    return await asyncio.to_thread(_open, settings, keepers)


def _open(settings: Settings, keepers: list["DraftKeeper"]) -> "Workspace":
    from kvtui.launch.headless import open_client, open_drafts, open_journaling
    from kvtui.session.workspace import Workspace

    def open_kept_drafts() -> "DraftKeeper":
        keepers.append(open_drafts(settings.state_folder))
        return keepers[-1]

    client = open_client(settings)
    return Workspace(
        client,
        profile=settings.profile,
        bindings=settings.bindings,
        state_folder=settings.state_folder,
        journaling=partial(open_journaling, client, settings) if settings.is_journaled else None,
        drafts=open_kept_drafts,
    )


def _choice(profile: Profile) -> ProfileChoice:
    words = [urlsplit(profile.base_url or DEFAULT_BASE_URL).netloc]
    words += ["PRODUCTION"] if profile.is_production else []
    words += ["read-only"] if profile.is_read_only else []
    return ProfileChoice(profile.name, "  ".join(words))


def demo(
    config: Config,
    *,
    is_read_only: bool,
    screenshot: Path | None,
    namespace: str | None,
    prefix: str | None,
    is_masked: bool,
) -> int:
    """Run the browser on a local server with sample data and return its exit status."""
    with DemoServer(is_read_only=is_read_only) as demo_server:
        opening = Opening(
            connect=demo_server.connect,
            start_demo=demo_server.connect,
            profile="demo",
            host="local server",
            namespace=namespace or demo_server.first_namespace,
            prefix=prefix or "",
            is_masked=is_masked,
            warnings=_encoding_warnings(config.interface),
            is_ascii=_is_ascii(config.interface),
            theme=_theme(config.interface),
            keymap=keymap(config.shortcuts),
        )
        app = KvtuiApp(opening)
        if screenshot is None:
            return run_app(app, config.interface, demo_server.flush)
        from kvtui.ui.picture import draw

        draw(app, PICTURE_SIZE, screenshot)
        return _status(app)


def keymap(shortcuts: tuple[Shortcut, ...]) -> dict[str, str]:
    """Give the chosen keys by command id; raise SettingsError for a command that is none."""
    known = {command.id for command in COMMANDS}
    for shortcut in shortcuts:
        if shortcut.command_id not in known:
            raise SettingsError(f"{shortcut.source}: there is no command {shortcut.command_id!r}")
    return {shortcut.command_id: ",".join(shortcut.keys) for shortcut in shortcuts}


def run_app(app: KvtuiApp, interface: Interface, flush: Callable[[], None]) -> int:
    """Run the app; `flush` writes what must not be lost, from any thread."""
    app.wants_cells = not interface.is_output_stock
    app.images = interface.images
    app.is_low_bandwidth = interface.is_low_bandwidth
    has_mouse = interface.has_mouse
    if has_mouse is None:
        has_mouse = not keeps_escape_back(os.environ)
        app.uses_mouse_in_tmux = is_screen_or_tmux(os.environ)
    with Ending(app.end, flush, is_lent=lambda: app.is_lent):
        _run(app, has_mouse=has_mouse)
    return _status(app)


def _run(app: KvtuiApp, *, has_mouse: bool) -> None:
    """Run the app; under `python -X dev`, tell afterwards which steps held up the event loop."""
    if not sys.flags.dev_mode:
        app.run(mouse=has_mouse)
        return
    from kvtui.ui.watchdog import Watchdog

    watchdog = Watchdog()
    with closing(watchdog.loop()) as loop:
        app.run(mouse=has_mouse, loop=loop)
    if watchdog.steps:
        warnings.warn(f"long steps of the event loop:\n{watchdog.report()}", stacklevel=1)


def _status(app: KvtuiApp) -> int:
    """Give the exit status; a bug goes on as what it is, now that the terminal is restored."""
    if app.bug is not None:
        raise app.bug
    return app.return_code or 0


def _is_ascii(interface: Interface) -> bool:
    """Tell whether the terminal can be trusted with more than ASCII."""
    if interface.is_ascii is not None:
        return interface.is_ascii
    return not _encoding().lower().replace("-", "").startswith("utf")


def _encoding() -> str:
    return output_encoding(os.environ, getattr(sys.__stderr__, "encoding", None))


def _encoding_warnings(interface: Interface) -> tuple[str, ...]:
    """Say why there is only ASCII, where nobody chose it."""
    if interface.is_ascii is not None or not _is_ascii(interface):
        return ()
    return (f"The output encoding is {_encoding()}: only ASCII is drawn",)


def _theme(interface: Interface) -> str:
    if interface.theme is None:
        return DARK
    if interface.theme not in BUILTIN_THEMES:
        known = ", ".join(sorted(BUILTIN_THEMES))
        raise SettingsError(
            f"{interface.theme_source}: there is no theme {interface.theme!r} (there are: {known})"
        )
    return interface.theme
