"""Bytes that are being edited, with every step kept for undo and redo."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from kvtui.values.chunked_bytes import ChunkedBytes
from kvtui.values.search import find_bytes

_NIBBLE: Final = 4


@dataclass(frozen=True, slots=True)
class _Step:
    """One change: what stood at a place, and what stands there since."""

    start: int
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    is_half: bool
    """Whether only the first digit of a byte was typed, so that the second belongs to it."""


class ByteBuffer:
    """Holds bytes and their changes; a step costs what it changes, not what there is."""

    def __init__(self, content: bytes) -> None:
        self._content = ChunkedBytes(content)
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self.revision = 0
        """Grows with every change, undo and redo."""

    def __len__(self) -> int:
        return len(self._content)

    def __getitem__(self, part: slice) -> bytes:
        return self._content[part]

    @property
    def content(self) -> bytes:
        return self.frozen()()

    def frozen(self) -> Callable[[], bytes]:
        """Give a way to make the bytes as they are now, later and in another thread."""
        return self._content.frozen()

    @property
    def has_undo(self) -> bool:
        return bool(self._done)

    def replace(self, start: int, end: int, new: bytes) -> int:
        """Put `new` in place of a part; give where it ends."""
        return self._do(_Step(start, self[start:end], new, is_half=False))

    def type_digit(self, start: int, digit: int, *, is_second: bool, is_insert: bool) -> None:
        """Type one hex digit of the byte at `start`; both of a byte are one step of undo."""
        if is_second and start < len(self):
            byte = self[start : start + 1][0] & 0xF0 | digit
            self._do(_Step(start, self[start : start + 1], bytes([byte]), is_half=False))
            return
        before = b"" if is_insert else self[start : start + 1]
        kept = before[0] & 0x0F if before else 0
        self._do(_Step(start, before, bytes([digit << _NIBBLE | kept]), is_half=True))

    def undo(self) -> int | None:
        """Take the last step back; give where it was, or None where there is none."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        self._splice(step.start, step.start + len(step.after), step.before)
        return step.start

    def redo(self) -> int | None:
        """Do again what was taken back last; give where it ends, or None where there is none."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self._splice(step.start, step.start + len(step.before), step.after)
        return step.start + len(step.after)

    def find(self, needle: str, start: int) -> int | None:
        """Find text, or bytes written in hex, from `start` on and around the end."""
        content = self.content
        at = find_bytes(content, needle, start)
        return find_bytes(content, needle, 0) if at is None else at

    def _splice(self, start: int, end: int, new: bytes) -> None:
        self._content.replace(start, end, new)
        self.revision += 1

    def _do(self, step: _Step) -> int:
        self._undone.clear()
        if step.before != step.after or step.is_half:
            self._splice(step.start, step.start + len(step.before), step.after)
            self._done.append(self._joined(step))
        return step.start + len(step.after)

    def _joined(self, step: _Step) -> _Step:
        """Make one step of the two digits of a byte."""
        if self._done and self._done[-1].is_half and self._done[-1].start == step.start:
            return _Step(step.start, self._done.pop().before, step.after, is_half=step.is_half)
        return step
