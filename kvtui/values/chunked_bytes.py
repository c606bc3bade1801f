"""Bytes in chunks: opened without a copy, changed at the cost of one chunk."""

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import Final

_CHUNK: Final = 1 << 16


class ChunkedBytes:
    """Bytes of which parts can be replaced; no chunk is ever changed in place."""

    def __init__(self, content: bytes) -> None:
        whole = memoryview(content)
        self._chunks: list[bytes | memoryview] = [
            whole[at : at + _CHUNK] for at in range(0, len(content), _CHUNK)
        ] or [b""]
        self._starts: list[int] = []
        self._count()

    def __len__(self) -> int:
        return self._starts[-1] + len(self._chunks[-1])

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(len(self))
        first, last = self._place(start), self._place(max(start, stop - 1))
        found = b"".join(self._chunks[first : last + 1])
        return found[start - self._starts[first] : max(start, stop) - self._starts[first]]

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Put `new` in place of the part from `start` to `end`."""
        first, last = self._place(start), self._place(end)
        before = self._chunks[first][: start - self._starts[first]]
        after = self._chunks[last][end - self._starts[last] :]
        merged = b"".join((before, new, after))
        if len(merged) <= 2 * _CHUNK:
            self._chunks[first : last + 1] = [merged]
        else:
            self._chunks[first : last + 1] = [
                merged[at : at + _CHUNK] for at in range(0, len(merged), _CHUNK)
            ]
        self._count()

    def frozen(self) -> Callable[[], bytes]:
        """Give a way to make the bytes as they are now, later and in another thread."""
        chunks = list(self._chunks)
        return lambda: b"".join(chunks)

    def _place(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def _count(self) -> None:
        lengths = [len(chunk) for chunk in self._chunks]
        self._starts = list(accumulate(lengths[:-1], initial=0))
