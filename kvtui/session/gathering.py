"""Lists everything under a prefix, side by side where that is possible."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Final

from kvtui.keyspace.listing_order import ListingOrder, Verdict
from kvtui.keyspace.request import Request
from kvtui.keyspace.scan import Scan
from kvtui.records import KeyPage, Priority
from kvtui.session.client import Client
from kvtui.session.listing import KeyPager
from kvtui.session.pace import Pace
from kvtui.session.plan_runner import Answered, PlanRunner

SMALL_PAGES: Final = 8
"""With so few, side by side is not quicker; meanwhile they may prove the order."""
_TRIAL_ANSWERS: Final = 32
_LEAST_AT_ONCE: Final = 2.0
"""A rate limit that lets fewer be under way makes more requests slower than fewer in a row."""


class Gathering:
    """One listing of everything `pager` lists; stopped, it goes on where it was.

    The plan relies on what is known of the server. Where that turns out wrong, where looking for
    what is not there takes too long, or where a rate limit leaves nothing to be gained, the rest
    is read page by page: `is_complete` never rests on a plan that broke.
    """

    def __init__(
        self,
        pager: KeyPager,
        runner: PlanRunner,
        order: ListingOrder,
        pace: Pace,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pager = pager
        self._runner = runner
        self._order = order
        self._pace = pace
        self._scan: Scan | None = None
        self._is_scanned = False
        self._clock = clock
        self._is_worth_it = True
        """Whether asking side by side is quicker, as far as is known."""

    @property
    def is_complete(self) -> bool:
        return self._pager.is_complete or self._is_scanned

    @property
    def is_by_order(self) -> bool:
        """Whether it is complete only if the server lists in byte order."""
        return self._is_scanned and self._order.verdict is Verdict.BYTE_ORDER

    @property
    def done_count(self) -> int:
        """How many branches are read to their end."""
        return self._scan.done_count if self._scan is not None else int(self.is_complete)

    @property
    def branch_count(self) -> int:
        """How many branches are known; it may grow."""
        return self._scan.branch_count if self._scan is not None else 1

    async def answers(self) -> AsyncGenerator[Answered, None]:
        """Give every page that is still to be read; a key may come more than once."""
        while not self.is_complete and self._is_open:
            yield await self._next()
        if not self.is_complete and self._is_worth_it and not self._pace.is_probing_dear:
            async with aclosing(self._side_by_side()) as answers:
                async for answered in answers:
                    yield answered
        while not self.is_complete:
            yield await self._next()

    @property
    def _is_open(self) -> bool:
        """Whether reading on may still prove the order, at little cost."""
        is_little = self._pager.page_count < SMALL_PAGES
        return is_little and self._order.verdict is Verdict.OPEN and self._scan is None

    async def _side_by_side(self) -> AsyncGenerator[Answered, None]:
        plan = self._scan = self._scan or Scan(self._pager.prefix, self._order)
        trial = _Trial(self._clock) if not plan.request_count else None
        async with aclosing(self._runner.run(plan, Priority.BACKGROUND)) as answers:
            async for answered in answers:
                self._is_scanned = plan.is_done
                yield answered
                self._is_worth_it = trial is None or trial.note(answered.page)
                is_given_up = self._pace.is_probing_dear or not self._is_worth_it
                if is_given_up and not plan.is_done:
                    break
        if not plan.is_done:
            self._scan = None

    async def _next(self) -> Answered:
        pager = self._pager
        request = Request(0, pager.prefix, pager.cursor)
        page = await pager.next_page(Priority.BACKGROUND)
        return Answered(request, page if page is not None else KeyPage.of([]))


class _Trial:
    """Looks at the first answers to see how many are under way at once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began_at = clock()
        self._answer_count = 0
        self._busy_seconds = 0.0

    def note(self, page: KeyPage) -> bool:
        """Tell whether side by side is worth going on with."""
        self._answer_count += 1
        self._busy_seconds += page.answer_seconds or 0.0
        if self._answer_count != _TRIAL_ANSWERS or not self._busy_seconds:
            return True
        elapsed_seconds = self._clock() - self._began_at
        return self._busy_seconds >= _LEAST_AT_ONCE * elapsed_seconds


async def all_pages(client: Client, namespace_id: str, prefix: str) -> AsyncIterator[KeyPage]:
    """Give every page under `prefix`; a key may come more than once."""
    order, pace = ListingOrder(), Pace()
    pager = KeyPager(client, namespace_id, prefix, order=order)
    gathering = Gathering(pager, PlanRunner(client, namespace_id), order, pace)
    async with aclosing(gathering.answers()) as answers:
        async for answered in answers:
            pace.note(answered.page)
            yield answered.page
