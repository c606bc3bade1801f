"""What the app is started with: how to connect, where to go first, how to look."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kvtui.session.editing import Sleep
    from kvtui.session.workspace import Connect


class ProfileChoice(msgspec.Struct, frozen=True):
    """A profile that the browser can go over to."""

    name: str
    words: str
    """Where it leads, and what is special about it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Given by the composition root; nothing heavy happens before `connect` is awaited."""

    connect: "Connect | None"
    """Opens the configured endpoint; None when there is no API key."""
    start_demo: "Connect"
    """Opens a local server with sample data."""
    profile: str = ""
    host: str = ""
    is_read_only: bool = False
    colour: str | None = None
    """Of the profile, in the top line."""
    is_production: bool = False
    """Whether the top line is red and writes wait until they are armed."""
    profiles: tuple[ProfileChoice, ...] = ()
    switch: "Callable[[str], Opening] | None" = None
    """Reads the settings of another profile, which may take a moment; raises KvtuiError."""
    is_masked: bool = False
    """Whether values are hidden until somebody reveals them."""
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
    sleep: "Sleep" = asyncio.sleep
    """Waits for the cursor to rest, and between two looks at what changes by itself."""
