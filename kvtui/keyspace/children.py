"""The children of a folder that pages have shown."""

from collections.abc import Sequence
from typing import Final

from kvtui.keyspace.chunk import child_path, child_paths
from kvtui.protocol import SEPARATOR

_MOST: Final = 100_000
"""No plan looks for single children in a folder of more."""
_FLAT_SHARE: Final = 4
"""One child or more for so many keys: they come faster by reading on."""


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
        return set(child_paths(keys, length))

    def are_rows(self, keys: Sequence[str]) -> bool:
        """Tell whether keys lead to so many children that no search finds them faster."""
        return bool(keys) and len(self.of(keys)) * _FLAT_SHARE >= len(keys)

    def is_folder(self, path: str) -> bool:
        """Tell whether a path is a folder directly below the prefix, known or not."""
        length = len(self.prefix)
        return len(path) > length and path.find(SEPARATOR, length) == len(path) - 1
