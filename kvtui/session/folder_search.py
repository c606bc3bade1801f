"""Looks for the children of folders that are too large to be read, and proves that it has all."""

from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing

from kvtui.keyspace.children import Children
from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.discovery import FIND_REQUESTS, FRUITFUL, Discovery
from kvtui.keyspace.listing_order import Verdict
from kvtui.keyspace.progress import Doing, Progress
from kvtui.records import Priority
from kvtui.session.listing import KeyPager
from kvtui.session.plan_runner import Answered, PlanRunner
from kvtui.session.race import Race
from kvtui.session.survey import Survey


class FolderSearch:
    """The search for the children of one folder; stopped, it goes on where it was."""

    def __init__(self, pager: KeyPager, survey: Survey, runner: PlanRunner) -> None:
        self.is_rested = False
        """Whether looking has come to its end."""
        self._pager = pager
        self._prefix = prefix = pager.prefix
        self._survey = survey
        self._runner = runner
        self._is_by_order = False
        """Whether it came to its end in byte order."""
        self._plan = Discovery(prefix, survey.order)
        self._children = Children(prefix)
        self._lately: deque[int] = deque(maxlen=FRUITFUL)
        self._rows: set[str] = set()
        """Prefixes whose listing has more rows of this folder itself."""

    @property
    def is_outdated(self) -> bool:
        """Whether it came to its end in an order that has turned out to be another."""
        return self._is_by_order and self._survey.order.verdict is Verdict.OTHER

    async def find(self) -> AsyncGenerator[Progress, None]:
        """Look for children, likely ones first; what is left of the budget goes to the proof."""
        for wants_proof in (False, True):
            self._plan.wants_proof = wants_proof
            left = FIND_REQUESTS - self._plan.request_count if wants_proof else None
            if left is not None and (left <= 0 or not self._is_worth_proving):
                break
            async with aclosing(self._run(Doing.FINDING, Priority.VISIBLE, left)) as steps:
                async for progress in steps:
                    yield progress
        self._conclude()

    async def prove(self, budget: int) -> AsyncGenerator[Progress, None]:
        """Go on until there are no other children, or so many requests were made."""
        self._plan.wants_proof = True
        async with aclosing(self._run(Doing.PROVING, Priority.BACKGROUND, budget)) as steps:
            async for progress in steps:
                yield progress
        self._conclude()

    async def _run(
        self, doing: Doing, priority: Priority, budget: int | None
    ) -> AsyncGenerator[Progress, None]:
        survey, plan, pager = self._survey, self._plan, self._pager
        made_before = plan.request_count if doing is Doing.PROVING else 0
        limit = budget if budget and doing is Doing.PROVING else FIND_REQUESTS
        async with (
            pager.turn,
            aclosing(self._runner.run(Race(plan, pager), priority, budget)) as answers,
        ):
            async for answered in answers:
                new_key_count = await survey.take_answer(self._prefix, answered)
                self._look_at(answered)
                yield Progress(
                    self._prefix,
                    new_key_count,
                    survey.is_complete(self._prefix),
                    doing=doing,
                    request_count=plan.request_count - made_before,
                    request_limit=limit,
                )
                if survey.pace.is_probing_dear:
                    return

    def _look_at(self, answered: Answered) -> None:
        page, asked = answered.page, answered.request.prefix
        self._lately.append(self._children.add(page.keys))
        if page.has_more and self._children.are_rows(page.keys):
            self._rows.add(asked)
        elif not page.has_more:
            self._rows.discard(asked)

    def _conclude(self) -> None:
        """Say what was found out, which is nothing where probing had to end."""
        survey, plan = self._survey, self._plan
        self.is_rested = True
        is_by_order = self._is_by_order = survey.is_in_byte_order
        if survey.is_complete(self._prefix):
            return
        if plan.is_proven:
            survey.cover(self._prefix, Coverage.PROVEN, is_by_order=is_by_order)
        elif self._is_likely_all:
            survey.cover(self._prefix, Coverage.ALL_FOUND, is_by_order=is_by_order)

    @property
    def _is_worth_proving(self) -> bool:
        """Whether more requests of the search would bring more than the next pages."""
        return not self._rows and not self._survey.pace.is_probing_dear

    @property
    def _is_likely_all(self) -> bool:
        is_at_end = self._plan.request_count < FIND_REQUESTS or not any(self._lately)
        return is_at_end and self._is_worth_proving
