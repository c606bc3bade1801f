"""The children of a folder that pages have shown."""

from collections.abc import Iterable
from typing import Final

from kvtui.keyspace.chunk import child_path

_MOST: Final = 100_000
"""No plan looks for single children in a folder of more."""


class Children:
    """Paths of keys and folders directly below `prefix`."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.paths: set[str] = set()

    def add(self, keys: Iterable[str]) -> int:
        """Note the children that lead to `keys`; give how many are new."""
        if len(self.paths) > _MOST:
            return 0
        length, before = len(self.prefix), len(self.paths)
        self.paths.update(child_path(key, length) for key in keys)
        return len(self.paths) - before
