"""How the line to the terminal is doing: what was asked, what was answered, how late it is."""

from collections import deque
from collections.abc import Callable
from typing import Final

import msgspec

ASK: Final = "\x1b[?2026$p"
"""A question that terminals answer once they have drawn what came before it."""
ASKED_EVERY_BYTES: Final = 512
"""How often to ask while the line takes everything at once."""
QUEUE_SECONDS: Final = 0.01
"""For so long what is sent may wait on its way before the next frame waits here instead."""
STALLED_SECONDS: Final = 0.03
"""How much later than it should an answer may come before new frames wait for it."""
LOST_AFTER_SECONDS: Final = 5.0
"""An answer that takes so long is not waited for."""
SLOW_AFTER_SECONDS: Final = 0.5
"""For so long frames must have waited lately for the line to count as slow."""
MOST_REMEMBERED_SECONDS: Final = 1.0
"""What is remembered of the time that frames waited; nothing is left after `SETTLED_SECONDS`."""
SETTLED_SECONDS: Final = 10.0
_ANSWERS_KEPT: Final = 32
"""From so many answers the length of the way is judged: a line can change."""
_SHARE_OF_NEWEST: Final = 0.3
_LATE: Final = 1.25


class _Question(msgspec.Struct, frozen=True):
    at: float
    sent_bytes: int
    """Of everything, up to and with it."""
    own_bytes: int
    """Since the question before."""
    under_way_bytes: int


class _Answer(msgspec.Struct, frozen=True):
    took_seconds: float
    own_bytes: int


class Line:
    """Judges the line by when it answers questions that travel among the frames.

    On a full line, what is under way divided by the time of an answer is its speed; what is left
    of the time of an answer is the way itself. So a slow line is told from a long way, and only so
    much is sent as can be under way without waiting.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked: deque[_Question] = deque()
        self._answers: deque[_Answer] = deque(maxlen=_ANSWERS_KEPT)
        self._sent_bytes = self._asked_bytes = self._arrived_bytes = 0
        self._seconds_per_byte = 0.0
        """What a byte under way costs all that come after it; 0 where that is not known."""
        self._is_answering = False
        self._held_since: float | None = None
        self._held_seconds = 0.0
        self._judged_at = clock()
        self.is_slow = False
        """Whether the line has been the bottleneck lately."""

    def question(self, size_bytes: int) -> str:
        """Give what to append to a frame of this size: a question, or nothing."""
        self._sent_bytes += size_bytes
        if not self._is_answering or not self._is_worth_asking:
            return ""
        self._sent_bytes += len(ASK)
        own = self._sent_bytes - self._asked_bytes
        under_way = self._sent_bytes - self._arrived_bytes
        self._asked_bytes = self._sent_bytes
        self._asked.append(_Question(self._clock(), self._sent_bytes, own, under_way))
        return ASK

    def answered(self) -> None:
        """Take note of an answer, the first of which is to a question asked at the start."""
        self._is_answering = True
        if not self._asked:
            return
        question = self._asked.popleft()
        took = self._clock() - question.at
        self._arrived_bytes = question.sent_bytes
        self._answers.append(_Answer(took, question.own_bytes))
        self._learn(took / question.under_way_bytes, is_full=self._is_late(took))

    @property
    def is_asked(self) -> bool:
        """Whether answers are still to come."""
        return bool(self._asked)

    def forget(self) -> None:
        """Expect no answers to what was asked before."""
        self._asked.clear()
        self._arrived_bytes = self._asked_bytes = self._sent_bytes

    def is_behind(self) -> bool:
        """Tell whether another frame would have to wait on its way."""
        if not self._asked or not self._answers:
            return False
        waited = self._clock() - self._asked[0].at
        if waited > LOST_AFTER_SECONDS:
            self.forget()
            return False
        way = self._way_seconds
        queue = (self._sent_bytes - self._arrived_bytes) * self._seconds_per_byte
        return queue > way + QUEUE_SECONDS or waited > way + queue + STALLED_SECONDS

    def held(self) -> None:
        """Take note that a frame has to wait."""
        self._held_since = self._held_since or self._clock()

    def passed(self) -> None:
        """Take note that a frame could go out, and judge."""
        now = self._clock()
        self._fade(now)
        if self._held_since is not None:
            self._held_seconds += now - self._held_since
            self._held_since = None
        self._held_seconds = min(self._held_seconds, MOST_REMEMBERED_SECONDS)
        self.judge()

    def judge(self) -> None:
        """Find out whether the line is slow: it stays so until all is forgotten."""
        self._fade(self._clock())
        least = 0.0 if self.is_slow else SLOW_AFTER_SECONDS
        self.is_slow = self._held_seconds > least

    def _fade(self, now: float) -> None:
        """Remember less of what was, the longer ago it is."""
        passed = now - self._judged_at
        self._judged_at = now
        self._held_seconds -= passed * MOST_REMEMBERED_SECONDS / SETTLED_SECONDS
        self._held_seconds = max(0.0, self._held_seconds)

    @property
    def _is_worth_asking(self) -> bool:
        """Whether enough was sent since the last question, or each frame counts."""
        unasked = self._sent_bytes - self._asked_bytes
        return unasked >= ASKED_EVERY_BYTES or (
            ASKED_EVERY_BYTES * self._seconds_per_byte > QUEUE_SECONDS
        )

    @property
    def _way_seconds(self) -> float:
        """How long the way is without anything on it."""
        cost = self._seconds_per_byte
        return max(0.0, min(it.took_seconds - it.own_bytes * cost for it in self._answers))

    def _is_late(self, took_seconds: float) -> bool:
        """Tell whether an answer waited for what was sent before it."""
        least = min(it.took_seconds for it in self._answers)
        return took_seconds > least * _LATE + QUEUE_SECONDS

    def _learn(self, cost: float, *, is_full: bool) -> None:
        """Take note of what a byte cost: on a full line exactly that, else at most."""
        known = self._seconds_per_byte
        if not known or cost < known:
            self._seconds_per_byte = cost
        elif is_full:
            self._seconds_per_byte += (cost - known) * _SHARE_OF_NEWEST
