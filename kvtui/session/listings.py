"""All the listings of one namespace: the next page of a folder, all of it, all of it again."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from kvtui.keyspace.chunk import child_path
from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.discovery import Discovery
from kvtui.keyspace.listing_order import Edge, ListingOrder, Verdict
from kvtui.keyspace.row import Mark
from kvtui.keyspace.scan import Scan
from kvtui.protocol import SEPARATOR
from kvtui.records import KeyPage, Priority
from kvtui.session.client import Client
from kvtui.session.comparison import Comparison
from kvtui.session.known_keys import KnownKeys
from kvtui.session.listing import KeyPager
from kvtui.session.plan_runner import PlanRunner

MAX_BARREN_PAGES: Final = 5
"""Pages read by themselves while none of them brings a new row."""
MAX_REFRESHED_PAGES: Final = 20
"""Pages read again by a refresh; what lies beyond is read again as it is scrolled to."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What one page brought."""

    prefix: str
    new_key_count: int
    is_complete: bool
    """Whether everything under the prefix was listed."""
    is_barren: bool = False
    """Whether it brought no new row, though there are more pages."""
    done_count: int = 0
    """Of a scan: how many of its branches are read to the end."""
    branch_count: int = 1
    """Of a scan: how many branches are known; it may grow."""
    request_count: int = 0
    """Requests made to find folders; 0 for a page of the listing itself."""


class Listings:
    """Reads listings into `known`, each folder by its own prefix."""

    def __init__(
        self,
        client: Client,
        namespace_id: str,
        known: KnownKeys,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.comparison = Comparison()
        self._client = client
        self._namespace_id = namespace_id
        self._known = known
        self._clock = clock
        self._listed_at: dict[str, float] = {}
        self._pagers: dict[str, KeyPager] = {}
        self._order = ListingOrder()
        self._edges: dict[str, Edge | None] = {}
        self._runner = PlanRunner(client, namespace_id)
        self._scans: dict[str, Scan] = {}
        self._discoveries: dict[str, Discovery] = {}
        self._discovered: set[str] = set()

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
        return self._known.tree.coverage(prefix) is Coverage.COMPLETE

    def age_seconds(self, prefix: str) -> float | None:
        """Tell how long ago `prefix` was last listed by itself; None when it never was."""
        listed_at = self._listed_at.get(prefix)
        return None if listed_at is None else max(0.0, self._clock() - listed_at)

    async def fill(self, prefix: str) -> AsyncIterator[Progress]:
        """Read on under `prefix` until a page brings rows, at most `MAX_BARREN_PAGES` pages.

        Where so many pages lie in one folder, the others are looked for by their own prefixes; a
        folder that ends sooner is cheaper to read through.
        """
        pager = self._pagers.setdefault(prefix, self._pager(prefix))
        is_in_one_folder = False
        for _ in range(MAX_BARREN_PAGES):
            is_first = pager.page_count == 0
            page = await pager.next_page(Priority.INTERACTIVE if is_first else Priority.VISIBLE)
            if page is None:
                return
            self._edges[prefix] = self._order.observe(page, self._edges.get(prefix))
            is_in_one_folder = _is_in_one_folder(page, prefix)
            progress = self._take(pager, page)
            yield progress
            if not progress.is_barren:
                return
        if is_in_one_folder and self._may_discover(prefix):
            async for found in self._discover(prefix):
                yield found

    def _may_discover(self, prefix: str) -> bool:
        return prefix not in self._discovered and self._order.verdict is Verdict.BYTE_ORDER

    async def _discover(self, prefix: str) -> AsyncIterator[Progress]:
        """Find the children of `prefix` without reading the large ones."""
        plan = self._discoveries.setdefault(prefix, Discovery(prefix, self._order))
        async for page in self._runner.run(plan, Priority.BACKGROUND):
            new_key_count = self._known.take(page)
            yield Progress(
                prefix, new_key_count, is_complete=False, request_count=plan.request_count
            )
        self._discovered.add(prefix)
        if plan.is_found and not self.is_complete(prefix):
            self._known.cover(prefix, Coverage.ALL_FOUND)

    async def load_all(self, prefix: str) -> AsyncIterator[Progress]:
        """Read everything under `prefix`: side by side once byte order is proven, else in a row.

        What was stopped goes on where it was.
        """
        pager = self._pagers.setdefault(prefix, self._pager(prefix))
        while not pager.is_complete and self._order.verdict is Verdict.OPEN:
            page = await pager.next_page(Priority.BACKGROUND)
            if page is not None:
                self._edges[prefix] = self._order.observe(page, self._edges.get(prefix))
                yield self._take(pager, page)
        if not pager.is_complete and self._order.verdict is Verdict.BYTE_ORDER:
            async for progress in self._scan(prefix):
                yield progress
        if not self.is_complete(prefix):
            async for page in pager.pages(Priority.BACKGROUND):
                yield self._take(pager, page)

    async def _scan(self, prefix: str) -> AsyncIterator[Progress]:
        """List everything under `prefix` side by side."""
        plan = self._scans.setdefault(prefix, Scan(prefix, self._order))
        async for page in self._runner.run(plan, Priority.BACKGROUND):
            new_key_count = self._known.take(page)
            self._listed_at[prefix] = self._clock()
            if plan.is_done:
                self._known.cover(prefix, Coverage.COMPLETE)
            yield Progress(
                prefix,
                new_key_count,
                is_complete=plan.is_done,
                done_count=plan.done_count,
                branch_count=plan.branch_count,
            )
        if plan.is_broken:
            del self._scans[prefix]

    async def refresh(self, prefix: str, *, is_comparing: bool = False) -> AsyncIterator[Progress]:
        """List `prefix` again, as far as it was listed before; forget what is not there any more.

        What may be forgotten depends on what the pages prove: everything that is missing where
        the listing ended, and everything missing between the first and the last key where the
        pages came in byte order. When comparing, nothing is forgotten yet: keys that are new,
        changed or gone are marked, until the next refresh.
        """
        self._clear_comparison(prefix)
        before = self._pagers.get(prefix)
        pages = min(max(1, before.page_count if before else 1), MAX_REFRESHED_PAGES)
        pager = self._pagers[prefix] = self._pager(prefix)
        seen: set[str] = set()
        while pager.page_count < pages and (page := await pager.next_page()) is not None:
            seen.update(page.keys)
            if is_comparing:
                self._mark_differences(page, before)
            yield self._take(pager, page)
        for key in self._unseen(pager, seen):
            if is_comparing:
                self._known.tree.mark(key, Mark.GONE)
                self.comparison.note(key, Mark.GONE)
            else:
                self._known.forget(key)

    async def probe(self, key: str) -> bool:
        """Look for one key by listing its own name as a prefix; one request."""
        page = await self._client.list_keys(self._namespace_id, prefix=key)
        self._known.take(page)
        return key in self._known.index

    def _pager(self, prefix: str) -> KeyPager:
        return KeyPager(self._client, self._namespace_id, prefix)

    def _take(self, pager: KeyPager, page: KeyPage) -> Progress:
        tree = self._known.tree
        self._listed_at[pager.prefix] = self._clock()
        rows_before = len(tree)
        new_key_count = self._known.take(page)
        coverage = Coverage.COMPLETE if pager.is_complete else Coverage.PARTIAL
        self._known.cover(pager.prefix, coverage)
        is_barren = len(tree) == rows_before and not pager.is_complete
        return Progress(pager.prefix, new_key_count, pager.is_complete, is_barren)

    def _mark_differences(self, page: KeyPage, before: KeyPager | None) -> None:
        known = self._known
        for key, mark in self.comparison.differences(page, known.index, before):
            if known.changes.get(key) is None:
                known.tree.mark(key, mark)

    def _clear_comparison(self, prefix: str) -> None:
        for key, mark in self.comparison.take(prefix):
            if mark is Mark.GONE:
                self._known.forget(key)
            else:
                self._known.tree.mark(key, None)

    def _unseen(self, pager: KeyPager, seen: set[str]) -> list[str]:
        """Give the known keys that the pages of `pager` prove to be gone."""
        changes = self._known.changes
        if pager.is_complete:
            changes.settle_absent(pager.prefix, seen)
        elif not pager.is_in_byte_order or pager.last_key is None:
            return []
        own = set(changes.keys(pager.prefix))
        unseen = []
        for entry in self._known.index.entries(pager.prefix):
            if not pager.is_complete and pager.last_key is not None and entry.key > pager.last_key:
                break
            if entry.key not in seen and entry.key not in own:
                unseen.append(entry.key)
        return unseen


def _is_in_one_folder(page: KeyPage, prefix: str) -> bool:
    """Tell whether all keys of a page are in the same child folder of `prefix`."""
    if not page.keys:
        return False
    folder = child_path(page.keys[-1], len(prefix))
    return folder.endswith(SEPARATOR) and all(key.startswith(folder) for key in page.keys)
