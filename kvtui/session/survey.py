"""What the listings of one namespace have shown, how far they came and what that took."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.listing_order import ListingOrder, Verdict
from kvtui.keyspace.outline import parent_prefix
from kvtui.keyspace.progress import Doing, Progress
from kvtui.keyspace.row import Mark
from kvtui.records import KeyPage
from kvtui.session.comparison import Comparison
from kvtui.session.known_keys import KnownKeys
from kvtui.session.listing import KeyPager
from kvtui.session.pace import Pace
from kvtui.session.plan_runner import Answered


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the listing of one prefix came, and what that took."""

    coverage: Coverage
    request_count: int
    """Requests made for it since it was last begun."""
    age_seconds: float | None
    """How long ago it was last listed by itself; None when it never was."""


class Survey:
    """Takes pages into `known`, and keeps what they prove.

    Keys that a listing proves to be gone are forgotten; while comparing they are marked.
    """

    def __init__(self, known: KnownKeys, clock: Callable[[], float]) -> None:
        self.known = known
        self.order = ListingOrder()
        self.pace = Pace()
        self.comparison = Comparison()
        self._clock = clock
        self._listed_at: dict[str, float] = {}
        self._request_counts: dict[str, int] = {}
        self._by_order: dict[str, Coverage] = {}
        """What was concluded from byte order: it falls when that does."""
        self._is_comparing = False
        self._before: KeyPager | None = None

    @property
    def is_in_byte_order(self) -> bool:
        """Whether the server is proven to list in byte order."""
        return self.order.verdict is Verdict.BYTE_ORDER

    def coverage(self, prefix: str) -> Coverage:
        return self.known.tree.coverage(prefix)

    def is_complete(self, prefix: str) -> bool:
        return self.coverage(prefix) is Coverage.COMPLETE

    def standing(self, prefix: str) -> Standing:
        """Tell how far the listing of `prefix` came; it may be known whole from one around it."""
        source, coverage = prefix, self.coverage(prefix)
        while coverage is Coverage.COMPLETE and source and source not in self._listed_at:
            source = parent_prefix(source)
        listed_at = self._listed_at.get(source)
        age_seconds = None if listed_at is None else max(0.0, self._clock() - listed_at)
        return Standing(coverage, self._request_counts.get(source, 0), age_seconds)

    def begin(self, prefix: str) -> None:
        """List `prefix` anew: nothing is said of it any more, and its cost counts from here on."""
        self._request_counts[prefix] = 0
        self.cover(prefix, Coverage.PARTIAL)

    def open(self, prefix: str) -> None:
        """Take note that there is more of `prefix` than was listed, where nothing is known."""
        if self.coverage(prefix) is Coverage.UNKNOWN:
            self.cover(prefix, Coverage.PARTIAL)

    async def take(self, prefix: str, page: KeyPage) -> int:
        """Take in a page that was asked for to list `prefix`; give how many keys are new.

        It is taken in whole, whatever happens meanwhile, but lets others have their turn.
        """
        self._note(prefix, [page])
        return await _in_turns(self.known.taking(page))

    def _note(self, prefix: str, pages: Sequence[KeyPage]) -> None:
        self._listed_at[prefix] = self._clock()
        self._request_counts[prefix] = self._request_counts.get(prefix, 0) + len(pages)
        if self._by_order and self.order.verdict is Verdict.OTHER:
            self._withdraw()
        if self._is_comparing:
            for page in pages:
                self._mark_differences(page)

    async def take_page(
        self,
        pager: KeyPager,
        page: KeyPage,
        *,
        doing: Doing = Doing.READING,
        made: int = 0,
        limit: int = 0,
    ) -> Progress:
        """Take in the page that `pager` has just read."""
        tree = self.known.tree
        rows_before = len(tree)
        try:
            new_key_count = await self.take(pager.prefix, page)
        finally:
            self._conclude_page(pager, page)
        is_barren = not new_key_count or len(tree) == rows_before
        return Progress(
            pager.prefix,
            new_key_count,
            pager.is_complete,
            is_barren and not pager.is_complete,
            doing,
            request_count=made,
            request_limit=limit,
        )

    def _conclude_page(self, pager: KeyPager, page: KeyPage) -> None:
        if pager.is_complete:
            self.cover(pager.prefix, Coverage.COMPLETE)
        else:
            self.open(pager.prefix)
        if pager.is_complete and pager.page_count == 1:
            self.lose(self.known.unlisted(pager.prefix, page.keys))

    async def take_answer(self, prefix: str, answered: Answered) -> int:
        """Take in an answer, with what it proves of the prefix that was asked for."""
        self.pace.note(answered.page)
        try:
            return await self.take(prefix, answered.page)
        finally:
            self._conclude_answer(answered)

    async def take_answers(
        self, prefix: str, answers: Sequence[Answered], change_count: int
    ) -> int:
        """Take in answers together; see `KnownKeys.taking_all`."""
        pages = [answered.page for answered in answers]
        self._note(prefix, pages)
        try:
            return await _in_turns(self.known.taking_all(pages, change_count))
        finally:
            for answered in answers:
                self._conclude_answer(answered)

    def _conclude_answer(self, answered: Answered) -> None:
        asked = answered.request.prefix
        if answered.is_whole:
            self.lose(self.known.unlisted(asked, answered.page.keys))
        if answered.is_last and self.known.index.count(asked):
            self.cover(asked, Coverage.COMPLETE)

    def cover(self, prefix: str, coverage: Coverage, *, is_by_order: bool = False) -> None:
        """Say how far the listing of `prefix` came, perhaps on the word of byte order."""
        self._by_order.pop(prefix, None)
        if is_by_order:
            self._by_order[prefix] = coverage
        self.known.cover(prefix, coverage)

    def lose(self, keys: Sequence[str]) -> None:
        """Take note that listed keys are not there any more."""
        if not self._is_comparing:
            self.known.forget_all(keys)
            return
        for key in keys:
            self.known.tree.mark(key, Mark.GONE)
            self.comparison.note(key, Mark.GONE)

    def unseen(self, pager: KeyPager, seen: set[str]) -> list[str]:
        """Give the known keys that the pages of `pager` prove to be gone."""
        if pager.is_complete:
            return self.known.unlisted(pager.prefix, seen)
        if not pager.is_in_byte_order or pager.last_key is None:
            return []
        seen.update(self.known.changes.keys(pager.prefix))
        unseen: list[str] = []
        for key in self.known.index.keys(pager.prefix):
            if key > pager.last_key:
                break
            if key not in seen:
                unseen.append(key)
        return unseen

    @contextmanager
    def comparing(self, before: KeyPager | None) -> Iterator[None]:
        """Mark what differs from what is known, instead of forgetting what is gone."""
        self._is_comparing, self._before = True, before
        try:
            yield
        finally:
            self._is_comparing, self._before = False, None

    def end_comparison(self, prefix: str) -> None:
        """Take the marks of a comparison away, and with them the keys that are gone."""
        for key, mark in self.comparison.take(prefix):
            if mark is Mark.GONE:
                self.known.forget(key)
            else:
                self.known.tree.mark(key, None)

    def _mark_differences(self, page: KeyPage) -> None:
        known = self.known
        for key, mark in self.comparison.differences(page, known.index, self._before):
            if known.changes.get(key) is None:
                known.tree.mark(key, mark)

    def _withdraw(self) -> None:
        """Take back what only byte order had proven; the keys stay."""
        for prefix, coverage in self._by_order.items():
            if self.coverage(prefix) is coverage:
                self.known.cover(prefix, Coverage.PARTIAL)
        self._by_order.clear()


async def _in_turns(steps: Iterator[int]) -> int:
    """Do all steps, whatever happens meanwhile, but let others have their turn; add them up."""
    new_key_count = next(steps, 0)
    try:
        for count in steps:
            new_key_count += count
            await asyncio.sleep(0)
    finally:
        new_key_count += sum(steps)
    return new_key_count
