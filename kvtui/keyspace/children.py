"""The children of a folder that pages have shown."""

from collections.abc import Sequence
from typing import Final

from kvtui.keyspace.chunk import child_path
from kvtui.protocol import SEPARATOR

_MOST: Final = 100_000
"""No plan looks for single children in a folder of more."""


class Children:
    """Paths of keys and folders directly below `prefix`."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.paths: set[str] = set()

    def add(self, keys: Sequence[str]) -> int:
        """Note the children that lead to `keys`; give how many are new."""
        if not keys or len(self.paths) > _MOST:
            return 0
        before = len(self.paths)
        self.paths |= self.of(keys)
        return len(self.paths) - before

    def of(self, keys: Sequence[str]) -> set[str]:
        """Give the children that lead to `keys`."""
        length = len(self.prefix)
        child = child_path(min(keys), length)
        if child.endswith(SEPARATOR) and len(child) > length and max(keys).startswith(child):
            return {child}
        # `child_path` for each, spelled out because every listed key passes here.
        return {key[: key.find(SEPARATOR, length) + 1] or key for key in keys}

    def is_folder(self, path: str) -> bool:
        """Tell whether a path is a folder directly below the prefix, known or not."""
        length = len(self.prefix)
        return len(path) > length and path.find(SEPARATOR, length) == len(path) - 1
