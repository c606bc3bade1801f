"""What the app is started with: how to connect, where to go first, how to look."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kvtui.session.editing import Sleep
from kvtui.session.workspace import Connect


@dataclass(frozen=True, slots=True)
class Opening:
    """Given by the composition root; nothing heavy happens before `connect` is awaited."""

    connect: Connect | None
    """Opens the configured endpoint; None when there is no API key."""
    start_demo: Connect
    """Opens a local server with sample data."""
    profile: str = ""
    host: str = ""
    is_read_only: bool = False
    namespace: str | None = None
    """A name, an id or `@BINDING` to open at once."""
    prefix: str = ""
    warnings: tuple[str, ...] = ()
    """Things about the settings that a person should know."""
    is_ascii: bool = False
    """Whether only ASCII shapes may be drawn."""
    theme: str = "textual-dark"
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Keys by command id, in place of the table's."""
    clock: Callable[[], float] = time.time
    """Seconds since the epoch; ages are counted from it."""
    sleep: Sleep = asyncio.sleep
    """Waits for the cursor to rest, and between two looks at what changes by itself."""
