"""How the line to the terminal is doing: what was asked, what was answered, how late it is."""

from collections import deque
from collections.abc import Callable
from typing import Final

ASK: Final = "\x1b[?2026$p"
"""A question that terminals answer once they have drawn what came before it."""
ASKED_EVERY_BYTES: Final = 512
MOST_BEHIND_SECONDS: Final = 0.03
"""How much later than usual an answer may come before new frames wait for it."""
LOST_AFTER_SECONDS: Final = 5.0
"""An answer that takes so long is not waited for."""
SLOW_AFTER_SECONDS: Final = 0.5
"""For so long frames must have waited, within `SETTLED_SECONDS`, for the line to count as slow."""
SETTLED_SECONDS: Final = 3.0
"""For so long no frame may have waited before the line counts as well again."""


class Line:
    """Judges the line by when it answers questions that travel among the frames."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked: deque[float] = deque()
        self._usual_seconds: float | None = None
        self._unasked_bytes = 0
        self._is_answering = False
        self._held_since: float | None = None
        self._held_seconds = 0.0
        self._last_held = float("-inf")
        self.is_slow = False
        """Whether the line has been the bottleneck lately."""

    def question(self, size_bytes: int) -> str:
        """Give what to append to a frame of this size: a question, or nothing."""
        self._unasked_bytes += size_bytes
        if not self._is_answering or self._unasked_bytes < ASKED_EVERY_BYTES:
            return ""
        self._unasked_bytes = 0
        self._asked.append(self._clock())
        return ASK

    def answered(self) -> None:
        """Take note of an answer, the first of which is to a question asked at the start."""
        self._is_answering = True
        if self._asked:
            took = self._clock() - self._asked.popleft()
            usual = self._usual_seconds
            self._usual_seconds = took if usual is None else min(usual * 1.02, took)

    @property
    def is_asked(self) -> bool:
        """Whether answers are still to come."""
        return bool(self._asked)

    def forget(self) -> None:
        """Expect no answers to what was asked before."""
        self._asked.clear()
        self._unasked_bytes = 0

    def is_behind(self) -> bool:
        """Tell whether the oldest open question should have been answered by now."""
        if not self._asked or self._usual_seconds is None:
            return False
        waited = self._clock() - self._asked[0]
        if waited > LOST_AFTER_SECONDS:
            self.forget()
            return False
        return waited > self._usual_seconds + MOST_BEHIND_SECONDS

    def held(self) -> None:
        """Take note that a frame has to wait."""
        self._held_since = self._held_since or self._clock()

    def passed(self) -> None:
        """Take note that a frame could go out, and judge."""
        now = self._clock()
        if self._held_since is not None:
            self._held_seconds += now - self._held_since
            self._held_since, self._last_held = None, now
        if now - self._last_held > SETTLED_SECONDS:
            self._held_seconds = 0.0
        self.is_slow = self._held_seconds > SLOW_AFTER_SECONDS
