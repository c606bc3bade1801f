"""All the listings of one namespace: the next page of a folder, all of it, all of it again."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, nullcontext
from typing import Final

from kvtui.keyspace.children import Children
from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.discovery import FIND_REQUESTS
from kvtui.keyspace.progress import Doing, Progress
from kvtui.records import Priority
from kvtui.session.answer_batch import AnswerBatch
from kvtui.session.client import Client
from kvtui.session.comparison import Comparison
from kvtui.session.folder_search import FolderSearch
from kvtui.session.gathering import Gathering
from kvtui.session.known_keys import KnownKeys
from kvtui.session.listing import KeyPager
from kvtui.session.plan_runner import PlanRunner
from kvtui.session.survey import Standing, Survey

MAX_BARREN_PAGES: Final = 5
"""Pages read by themselves while none of them brings a new row."""
MAX_KNOWN_PAGES: Final = 50
"""Of pages full of rows that listings around them have shown already."""
MAX_REFRESHED_PAGES: Final = 20
"""Pages read again by a refresh; what lies beyond is read again as it is scrolled to."""
PROOF_REQUESTS: Final = 3000
"""So many a proof may make before it stops to be asked again; about a cent."""


class Listings:
    """Reads listings into `known`, each folder by its own prefix."""

    def __init__(
        self,
        client: Client,
        namespace_id: str,
        known: KnownKeys,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._namespace_id = namespace_id
        self._known = known
        self._survey = Survey(known, clock)
        self._pagers: dict[str, KeyPager] = {}
        self._runner = PlanRunner(client, namespace_id)
        self._gatherings: dict[str, Gathering] = {}
        self._searches: dict[str, FolderSearch] = {}

    @property
    def comparison(self) -> Comparison:
        return self._survey.comparison

    @property
    def is_probing_dear(self) -> bool:
        """Whether folders are read page by page because empty answers take too long here."""
        return self._survey.pace.is_probing_dear

    def shown_prefixes(self) -> list[str]:
        """Give the prefixes whose own listings make up what is shown, outer ones first."""
        tree = self._known.tree
        expanded = [prefix for prefix in tree.expanded() if prefix in self._pagers]
        return [tree.root, *(prefix for prefix in expanded if prefix != tree.root)]

    def is_begun(self, prefix: str) -> bool:
        """Whether opening `prefix` needs no request: it was listed, or is known whole."""
        pager = self._pagers.get(prefix)
        return (pager is not None and pager.page_count > 0) or self.is_complete(prefix)

    def is_complete(self, prefix: str) -> bool:
        return self._survey.is_complete(prefix)

    def standing(self, prefix: str) -> Standing:
        """Tell how far the listing of `prefix` came, what it took and how old it is."""
        return self._survey.standing(prefix)

    async def fill(
        self, prefix: str, *, is_explicit: bool = False
    ) -> AsyncGenerator[Progress, None]:
        """Read on under `prefix` until a page brings rows, at most `MAX_BARREN_PAGES` pages.

        Where so many pages bring none, the folders that do not show are looked for by their own
        prefixes; what ends sooner is cheaper to read through. Where that was done, whoever asks
        (`is_explicit`) gets as much again of the search, which ends with the proof.
        """
        search = self._search(prefix)
        if search is not None and not search.is_rested:
            steps = search.find()
        elif search is not None and is_explicit and not self.is_probing_dear:
            steps = search.prove(FIND_REQUESTS)
        else:
            steps = self._read_on(prefix)
        async with aclosing(steps):
            async for progress in steps:
                yield progress

    async def prove(
        self, prefix: str, budget: int = PROOF_REQUESTS
    ) -> AsyncGenerator[Progress, None]:
        """Prove that `prefix` has no other children, or stop after so many requests.

        Stopped, it goes on where it was. Where looking for what is not there costs too much, the
        folder is read to its end instead.
        """
        made = 0
        if not self.is_probing_dear:
            search = self._search(prefix) or self._new_search(prefix)
            async with aclosing(search.prove(budget)) as steps:
                async for progress in steps:
                    made = progress.request_count
                    yield progress
        pager = self._pager(prefix)
        while self.is_probing_dear and made < budget and not self.is_complete(prefix):
            page = await pager.next_page(Priority.BACKGROUND)
            if page is None:
                return
            made += 1
            yield await self._survey.take_page(
                pager, page, doing=Doing.PROVING, made=made, limit=budget
            )

    async def load_all(self, prefix: str) -> AsyncGenerator[Progress, None]:
        """Read everything under `prefix`, side by side where that is possible.

        What was stopped goes on where it was.
        """
        survey, pager = self._survey, self._pager(prefix)
        gathering = self._gatherings.setdefault(
            prefix, Gathering(pager, self._runner, survey.order, survey.pace)
        )
        survey.open(prefix)
        batch = AnswerBatch(survey, prefix)
        try:
            async with aclosing(gathering.answers()) as answers:
                async for answered in answers:
                    new_key_count = await batch.add(answered, is_last=gathering.is_complete)
                    if gathering.is_complete:
                        survey.cover(prefix, Coverage.COMPLETE, is_by_order=gathering.is_by_order)
                    yield Progress(
                        prefix,
                        new_key_count,
                        is_complete=gathering.is_complete,
                        done_count=gathering.done_count,
                        branch_count=gathering.branch_count,
                    )
        finally:
            await batch.flush()

    async def refresh(
        self, prefix: str, *, is_comparing: bool = False
    ) -> AsyncGenerator[Progress, None]:
        """List `prefix` again, as far as it was listed before; forget what is not there any more.

        What may be forgotten depends on what the pages prove: everything that is missing where
        the listing ended, and everything missing between the first and the last key where the
        server is proven to list in byte order. When comparing, nothing is forgotten yet: keys
        that are new, changed or gone are marked, until the next refresh.
        """
        survey = self._survey
        survey.end_comparison(prefix)
        before, search = self._pagers.get(prefix), self._searches.pop(prefix, None)
        self._gatherings.pop(prefix, None)
        pages = 1 if before is None or search is not None else before.page_count
        with survey.comparing(before) if is_comparing else nullcontext():
            async with aclosing(self._read_again(prefix, pages)) as steps:
                async for progress in steps:
                    yield progress
            if search is not None and not self.is_complete(prefix) and not self.is_probing_dear:
                async with aclosing(self._new_search(prefix).find()) as steps:
                    async for progress in steps:
                        yield progress

    async def probe(self, key: str) -> bool:
        """Look for one key by listing its own name as a prefix; one request."""
        page = await self._client.list_keys(self._namespace_id, prefix=key)
        self._known.take(page)
        return key in self._known.index

    async def _read_on(self, prefix: str) -> AsyncGenerator[Progress, None]:
        pager = self._pager(prefix)
        barren_count = known_count = 0
        while barren_count < MAX_BARREN_PAGES and known_count < MAX_KNOWN_PAGES:
            is_first = pager.page_count == 0
            page = await pager.next_page(Priority.INTERACTIVE if is_first else Priority.VISIBLE)
            if page is None:
                return
            progress = await self._survey.take_page(pager, page)
            yield progress
            if not progress.is_barren:
                return
            has_known_rows = Children(prefix).are_rows(page.keys)
            known_count += has_known_rows
            barren_count += not has_known_rows
        if barren_count == MAX_BARREN_PAGES and self._may_search(prefix):
            async with aclosing(self._new_search(prefix).find()) as steps:
                async for progress in steps:
                    yield progress

    def _may_search(self, prefix: str) -> bool:
        return self._search(prefix) is None and not self.is_probing_dear

    async def _read_again(self, prefix: str, pages: int) -> AsyncGenerator[Progress, None]:
        pages = min(max(1, pages), MAX_REFRESHED_PAGES)
        self._pagers.pop(prefix, None)
        self._survey.begin(prefix)
        pager = self._pager(prefix)
        seen: set[str] = set()
        while pager.page_count < pages and (page := await pager.next_page()) is not None:
            seen.update(page.keys)
            yield await self._survey.take_page(pager, page)
        self._survey.lose(self._survey.unseen(pager, seen))

    def _pager(self, prefix: str) -> KeyPager:
        pager = self._pagers.get(prefix)
        if pager is None:
            order = self._survey.order
            pager = KeyPager(self._client, self._namespace_id, prefix, order=order)
            self._pagers[prefix] = pager
        return pager

    def _search(self, prefix: str) -> FolderSearch | None:
        search = self._searches.get(prefix)
        return None if search is None or search.is_outdated else search

    def _new_search(self, prefix: str) -> FolderSearch:
        search = self._searches[prefix] = FolderSearch(
            self._pager(prefix), self._survey, self._runner
        )
        return search
