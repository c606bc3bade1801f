"""What one line of the key tree shows."""

from enum import Enum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kvtui.records import KeyEntry


class RowKind(Enum):
    """What a row stands for."""

    FOLDER = "folder"
    KEY = "key"
    MORE = "more"
    """What a folder holds that is not listed yet; the last row of the folder."""


class Mark(Enum):
    """What happened to a key here or since the listing before."""

    WRITTEN = "written"
    """Written here; the server's listing has not confirmed it."""
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    """No longer there; counted nowhere."""


class Row(msgspec.Struct, frozen=True):
    """One line of the tree, identified by `kind` and `path`."""

    kind: RowKind
    depth: int
    """0 for the children of the tree's root."""
    label: str
    """The last segment, without "/"; empty where the key has an empty segment."""
    path: str
    """The whole key; for a folder, and for what is missing in it, the prefix with its "/"."""
    entry: "KeyEntry | None" = None
    """Of a key."""
    count: int | None = None
    """How many keys of a folder are known; with a filter, how many of them are shown."""
    is_count_exact: bool = False
    """Whether the folder holds no other keys, as far as listings have proven."""
    is_expanded: bool = False
    mark: Mark | None = None
