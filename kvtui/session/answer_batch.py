"""Answers that are taken in together, where each alone would touch most of a large index."""

import time
from collections.abc import Callable
from typing import Final

from kvtui.keyspace.listing_order import Verdict
from kvtui.session.plan_runner import Answered
from kvtui.session.survey import Survey

MOST_PAGES: Final = 32
MOST_SECONDS: Final = 0.2
"""So long a page is held back, which is as often as its keys are drawn."""
LARGE_KEYS: Final = 20_000
"""In an index of fewer keys a page is soon merged."""


class AnswerBatch:
    """Answers to the listing of `prefix`, some of which wait for `flush`; none may be left."""

    def __init__(
        self, survey: Survey, prefix: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._survey = survey
        self._prefix = prefix
        self._clock = clock
        self._held: list[Answered] = []
        self._began_at = 0.0
        self._change_count = 0
        """How many own changes had been made when the first of them came."""

    async def add(self, answered: Answered, *, is_last: bool) -> int:
        """Take in an answer, perhaps with those that follow it; give how many keys are new."""
        self._survey.pace.note(answered.page)
        new_key_count = await self.flush() if self._must_follow(answered) else 0
        if not self._held:
            self._began_at = self._clock()
            self._change_count = self._survey.known.changes.count
        self._held.append(answered)
        if is_last or not self._may_wait:
            new_key_count += await self.flush()
        return new_key_count

    async def flush(self) -> int:
        """Take in all that wait; give how many keys are new."""
        held, self._held = self._held, []
        if not held:
            return 0
        return await self._survey.take_answers(self._prefix, held, self._change_count)

    def _must_follow(self, answered: Answered) -> bool:
        """Tell whether a whole listing proves something about what others show, or they of it.

        Keys that it does not hold are gone, but for those that are shown later.
        """
        return any(
            (answered.is_whole or held.is_whole) and _overlap(answered, held) for held in self._held
        )

    @property
    def _may_wait(self) -> bool:
        is_full = len(self._held) >= MOST_PAGES
        is_late = self._clock() - self._began_at >= MOST_SECONDS
        is_scattered = self._survey.order.verdict is Verdict.OTHER
        return is_scattered and not (is_full or is_late) and self._is_large

    @property
    def _is_large(self) -> bool:
        return len(self._survey.known.index) >= LARGE_KEYS


def _overlap(one: Answered, other: Answered) -> bool:
    first, second = one.request.prefix, other.request.prefix
    return first.startswith(second) or second.startswith(first)
