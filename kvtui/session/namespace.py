"""One open namespace: what was seen of its keys, its values read lately, and its listings."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from kvtui.errors import KeyNotAddressableError, NotFoundError
from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.row import Mark
from kvtui.keyspace.tree import KeyTree
from kvtui.protocol import dot_segment_problem
from kvtui.records import KeyEntry, KeyPage, Namespace, Priority, StoredValue
from kvtui.session.client import Client
from kvtui.session.comparison import Comparison
from kvtui.session.listing import KeyPager
from kvtui.session.local_changes import LocalChanges
from kvtui.session.value_cache import ValueCache

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


class OpenNamespace:
    """The keys of one namespace as far as they were seen, and the ways to see more."""

    def __init__(
        self, client: Client, namespace: Namespace, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.namespace = namespace
        self.index = KeyIndex()
        self.tree = KeyTree(self.index)
        self.changes = LocalChanges()
        self._client = client
        self._clock = clock
        self._listed_at: dict[str, float] = {}
        self._pagers: dict[str, KeyPager] = {}
        self._values = ValueCache()
        self.comparison = Comparison()

    def show_root(self, root: str) -> None:
        """Let the tree show what begins with `root`, any beginning of a key; empty shows all."""
        if root == self.tree.root:
            return
        marks = self.tree.marks()
        self.tree = KeyTree(self.index, root)
        for pager in self._pagers.values():
            self._note_coverage(pager)
        for key, mark in marks.items():
            self.tree.mark(key, mark)

    def shown_prefixes(self) -> list[str]:
        """Give the prefixes whose own listings make up what is shown, outer ones first."""
        expanded = [prefix for prefix in self.tree.expanded() if prefix in self._pagers]
        return [self.tree.root, *(prefix for prefix in expanded if prefix != self.tree.root)]

    def is_listed(self, prefix: str) -> bool:
        """Whether opening `prefix` needs no request: it was begun, or is known whole."""
        return prefix in self._pagers or self.tree.coverage(prefix) is Coverage.COMPLETE

    def age_seconds(self, prefix: str) -> float | None:
        """Tell how long ago `prefix` was last listed by itself; None when it never was."""
        listed_at = self._listed_at.get(prefix)
        return None if listed_at is None else max(0.0, self._clock() - listed_at)

    def is_complete(self, prefix: str) -> bool:
        return self.tree.coverage(prefix) is Coverage.COMPLETE

    async def fill(self, prefix: str) -> AsyncIterator[Progress]:
        """Read on under `prefix` until a page brings rows, at most `MAX_BARREN_PAGES` pages."""
        pager = self._pagers.get(prefix)
        if pager is None:
            pager = self._pagers[prefix] = self._pager(prefix)
        for _ in range(MAX_BARREN_PAGES):
            progress = await self._read_page(pager)
            if progress is None:
                return
            yield progress
            if not progress.is_barren:
                return

    async def load_all(self, prefix: str) -> AsyncIterator[Progress]:
        """Read everything under `prefix`, one page after the other."""
        pager = self._pagers.setdefault(prefix, self._pager(prefix))
        while (progress := await self._read_page(pager, Priority.BACKGROUND)) is not None:
            yield progress

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
        for _ in range(pages):
            page = await self._next_page(pager)
            if page is None:
                break
            seen.update(page.keys)
            if is_comparing:
                self._mark_differences(page, before)
            yield self._take_page(pager, page)
        for key in self._unseen(pager, seen):
            if is_comparing:
                self.tree.mark(key, Mark.GONE)
                self.comparison.note(key, Mark.GONE)
            else:
                self._forget(key)

    async def probe(self, key: str) -> KeyEntry | None:
        """Look up one key's entry by listing its own name as a prefix; one request."""
        page = await self._client.list_keys(self.namespace.id, prefix=key)
        self.index.merge(page)
        return self.index.get(key)

    def cached(self, key: str) -> StoredValue | None:
        """Give a value that was read before, which may be out of date."""
        return self._values.get(key)

    async def read(self, key: str) -> StoredValue:
        """Read a value; a key that is gone is marked and raises NotFoundError."""
        refuse_unaddressable(key)
        try:
            value = await self._client.get_value(self.namespace.id, key)
        except NotFoundError:
            self._values.forget(key)
            if key in self.index:
                self.tree.mark(key, Mark.GONE)
            raise
        self.note_read(key, value)
        return value

    def note_read(self, key: str, value: StoredValue) -> None:
        self._values.put(key, value)
        if self.changes.get(key) is None:
            self.tree.mark(key, None)

    def note_written(self, key: str, value: StoredValue) -> None:
        """Show a key that was just written here, marked until the server's listing agrees."""
        self.changes.note_written(key, self.index.get(key))
        self.index.put(KeyEntry(key, len(value.content), None))
        self._values.put(key, value)
        self.tree.mark(key, Mark.WRITTEN)

    def note_deleted(self, key: str) -> None:
        """Take away a key that was just deleted here, also while the listing still shows it."""
        self.changes.note_deleted(key, self.index.get(key))
        self.index.remove(key)
        self._values.forget(key)
        self.tree.mark(key, None)

    def _pager(self, prefix: str) -> KeyPager:
        return KeyPager(self._client, self.namespace.id, prefix)

    def _note_coverage(self, pager: KeyPager) -> None:
        coverage = Coverage.COMPLETE if pager.is_complete else Coverage.PARTIAL
        self.tree.set_coverage(pager.prefix, coverage)

    async def _read_page(
        self, pager: KeyPager, priority: Priority = Priority.VISIBLE
    ) -> Progress | None:
        page = await self._next_page(pager, priority)
        return None if page is None else self._take_page(pager, page)

    async def _next_page(
        self, pager: KeyPager, priority: Priority = Priority.VISIBLE
    ) -> KeyPage | None:
        first = pager.page_count == 0 and priority is Priority.VISIBLE
        return await pager.next_page(Priority.INTERACTIVE if first else priority)

    def _take_page(self, pager: KeyPager, page: KeyPage) -> Progress:
        """Merge a page into what is known."""
        self._listed_at[pager.prefix] = self._clock()
        rows_before = len(self.tree)
        reconciled = self.changes.reconcile(page)
        for key in reconciled.agreed:
            self.tree.mark(key, None)
        new_key_count = self.index.merge(reconciled.page)
        self._note_coverage(pager)
        is_barren = len(self.tree) == rows_before and not pager.is_complete
        return Progress(pager.prefix, new_key_count, pager.is_complete, is_barren)

    def _mark_differences(self, page: KeyPage, before: KeyPager | None) -> None:
        for key, mark in self.comparison.differences(page, self.index, before):
            if self.changes.get(key) is None:
                self.tree.mark(key, mark)

    def _unseen(self, pager: KeyPager, seen: set[str]) -> list[str]:
        """Give the known keys that the pages of `pager` prove to be gone."""
        if pager.is_complete:
            self.changes.settle_absent(pager.prefix, seen)
        elif not pager.is_in_byte_order or pager.last_key is None:
            return []
        own = set(self.changes.keys(pager.prefix))
        unseen = []
        for entry in self.index.entries(pager.prefix):
            if not pager.is_complete and pager.last_key is not None and entry.key > pager.last_key:
                break
            if entry.key not in seen and entry.key not in own:
                unseen.append(entry.key)
        return unseen

    def _forget(self, key: str) -> None:
        self.index.remove(key)
        self._values.forget(key)
        self.tree.mark(key, None)

    def _clear_comparison(self, prefix: str) -> None:
        for key, mark in self.comparison.take(prefix):
            if mark is Mark.GONE:
                self._forget(key)
            else:
                self.tree.mark(key, None)


def refuse_unaddressable(key: str) -> None:
    """Raise KeyNotAddressableError for a key whose URL could address something else."""
    problem = dot_segment_problem(key)
    if problem is not None:
        raise KeyNotAddressableError(problem)
