"""The composition root: opens the client or the local server, the session and the app.

Each entry imports what it needs when it is called, so that no command pays for another.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from kvtui.session.client import Client
    from kvtui.session.editing import Editing
    from kvtui.settings import Config, Settings
    from kvtui.settings.serving import ServeArguments

T = TypeVar("T")


def run_headless(
    settings: "Settings", work: Callable[["Client"], Awaitable[T]], *, is_armed: bool
) -> T:
    """Open the client, do `work` with it, and close it whatever happens."""
    from kvtui.launch import headless

    return headless.run_headless(settings, work, is_armed=is_armed)


def open_editing(client: "Client", settings: "Settings") -> AbstractAsyncContextManager["Editing"]:
    """Lend careful writes through `client`, with the undo journal that the settings name."""
    from kvtui.launch import headless

    return headless.open_editing(client, settings)


def run_serve(arguments: "ServeArguments", announce: Callable[[str], None]) -> None:
    """Run the local server until a signal; `announce` gets its base URL once it answers."""
    from kvtui.launch import serving

    serving.run_serve(arguments, announce)


def browse(
    settings: "Settings",
    load: Callable[[str], "Settings"],
    *,
    namespace: str | None,
    prefix: str | None,
    is_masked: bool,
) -> int:
    """Run the browser on the configured endpoint and return its exit status."""
    from kvtui.launch import browsing

    return browsing.browse(settings, load, namespace=namespace, prefix=prefix, is_masked=is_masked)


def demo(
    config: "Config",
    *,
    is_read_only: bool,
    screenshot: Path | None,
    namespace: str | None,
    prefix: str | None,
    is_masked: bool,
) -> int:
    """Run the browser on a local server with sample data and return its exit status."""
    from kvtui.launch import browsing

    return browsing.demo(
        config,
        is_read_only=is_read_only,
        screenshot=screenshot,
        namespace=namespace,
        prefix=prefix,
        is_masked=is_masked,
    )
