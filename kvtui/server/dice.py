"""Numbers and bytes that look random and are the same on every machine."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

_Item = TypeVar("_Item")


class Dice:
    """A sequence drawn from a seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._blocks = 0
        self._words: list[int] = []

    def below(self, end: int) -> int:
        """Draw a whole number from 0 up to `end`, which is far below 2 to the power of 32."""
        if not self._words:
            self._words = list(memoryview(self.content(65_536)).cast("I"))
        return self._words.pop() % end

    def fraction(self) -> float:
        return self.below(1_000_000) / 1_000_000

    def pick(self, items: Sequence[_Item]) -> _Item:
        return items[self.below(len(items))]

    def content(self, size_bytes: int) -> bytes:
        self._blocks += 1
        return hashlib.shake_128(f"{self._seed} {self._blocks}".encode()).digest(size_bytes)
