"""The keys of one namespace as far as they were seen, with own writes among them."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from kvtui.keyspace.backlog import Backlog
from kvtui.keyspace.columns import Columns
from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.row import Mark
from kvtui.keyspace.tree import KeyTree
from kvtui.records import KeyEntry, KeyPage
from kvtui.session.local_changes import LocalChanges


class KnownKeys:
    """An index, the tree shown of it, and what was done here that listings may not show yet."""

    def __init__(self) -> None:
        self.index = KeyIndex()
        self.tree = KeyTree(self.index)
        self.changes = LocalChanges()
        self._coverage: dict[str, Coverage] = {}

    def show_root(self, root: str) -> None:
        """Let the tree show what begins with `root`, any beginning of a key; empty shows all."""
        if root == self.tree.root:
            return
        marks = self.tree.marks()
        self.tree = KeyTree(self.index, root)
        for prefix, coverage in self._coverage.items():
            self.tree.set_coverage(prefix, coverage)
        for key, mark in marks.items():
            self.tree.mark(key, mark)

    def cover(self, prefix: str, coverage: Coverage) -> None:
        """Say how far the listing of `prefix` came."""
        self._coverage[prefix] = coverage
        self.tree.set_coverage(prefix, coverage)

    def take(self, page: KeyPage) -> int:
        """Merge what a listing shows, but for what own writes have overtaken; count new keys."""
        return sum(self.taking(page))

    def taking(self, page: KeyPage) -> Iterator[int]:
        """Do so in steps of few milliseconds; give how many new keys each brought.

        Where keys are listed in no order, those of one page lie all over a large index.
        """
        change_count = self.changes.count
        for new_key_count in self.index.merging(Columns.of_page(self._reconciled(page))):
            yield new_key_count
            if self.changes.count != change_count:
                # The rest of the page may be older than what was done here in between.
                yield self.take(page)
                return

    def taking_all(self, pages: Sequence[KeyPage], change_count: int) -> Iterator[int]:
        """Do so with pages that are merged together: in no order, each touches most of the index.

        When the first of them came, `change_count` changes had been made here.
        """
        if len(pages) == 1 and self.changes.count == change_count:
            yield from self.taking(pages[0])
            return
        backlog = Backlog()
        for page in pages:
            backlog.add(self._reconciled(page, is_older=self.changes.count != change_count))
            yield 0
        change_count = self.changes.count
        for new_key_count in backlog.merging(self.index):
            yield new_key_count
            if self.changes.count != change_count:
                for page in pages:
                    yield self.index.merge(self._reconciled(page, is_older=True))
                return

    def _reconciled(self, page: KeyPage, *, is_older: bool = False) -> KeyPage:
        reconciled = self.changes.reconcile(page, is_older=is_older)
        for key in reconciled.agreed:
            self.tree.mark(key, None)
        return reconciled.page

    def unlisted(self, prefix: str, listed: Collection[str]) -> list[str]:
        """Give the known keys below `prefix` that a whole listing of it does not hold.

        What was written here is not among them: a listing may not show it yet.
        """
        if self.index.count(prefix) == len(listed) and not self.changes.keys(prefix):
            return []
        seen = set(listed)
        self.changes.settle_absent(prefix, seen)
        seen.update(self.changes.keys(prefix))
        return [key for key in self.index.keys(prefix) if key not in seen]

    def forget(self, key: str) -> None:
        """Drop a key that is not there any more."""
        self.index.remove(key)
        self.tree.mark(key, None)

    def forget_all(self, keys: Iterable[str]) -> None:
        """Drop keys that are not there any more, neighbours together."""
        runs: list[list[str]] = []
        last_row = -1
        for key, row in ((key, self.index.rank(key)) for key in sorted(keys) if key in self.index):
            if not runs or row != last_row + 1:
                runs.append([key])
            runs[-1][1:] = [key]
            last_row = row
            self.tree.mark(key, None)
        for run in reversed(runs):
            self.index.forget_span(run[0], run[-1] + "\0")

    def note_read(self, key: str) -> None:
        """Take note that a key is there: only an own write stays marked."""
        if self.changes.get(key) is None:
            self.tree.mark(key, None)

    def note_gone(self, key: str) -> None:
        """Take note that a listed key was asked for and is not there."""
        if key in self.index:
            self.tree.mark(key, Mark.GONE)

    def note_written(self, key: str, size_bytes: int) -> None:
        """Show a key that was just written here, marked until the server's listing agrees."""
        self.changes.note_written(key, self.index.get(key))
        self.index.put(KeyEntry(key, size_bytes, None))
        self.tree.mark(key, Mark.WRITTEN)

    def note_deleted(self, key: str) -> None:
        """Take away a key that was just deleted here, also while the listing still shows it."""
        self.changes.note_deleted(key, self.index.get(key))
        self.forget(key)
