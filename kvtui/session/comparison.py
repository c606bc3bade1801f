"""What is new, changed or gone since the listing before."""

from collections import Counter
from collections.abc import Iterator

from kvtui.keyspace.columns import is_newer
from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.row import Mark
from kvtui.records import KeyPage
from kvtui.session.listing import KeyPager


class Comparison:
    """The marks of one comparison, by key.

    A key that was not known before is called new only where that is certain: the listing before
    would have shown it, or it was written after everything that listing showed.
    """

    def __init__(self) -> None:
        self._marks: dict[str, Mark] = {}

    def __len__(self) -> int:
        return len(self._marks)

    def count(self, mark: Mark) -> int:
        return Counter(self._marks.values())[mark]

    def note(self, key: str, mark: Mark) -> None:
        self._marks[key] = mark

    def differences(
        self, page: KeyPage, known: KeyIndex, before: KeyPager | None
    ) -> Iterator[tuple[str, Mark]]:
        """Note and give what a page has and the listing `before` had not, or had otherwise."""
        for entry in page.entries():
            old = known.get(entry.key)
            if old is None:
                is_different = before is not None and _is_new(entry.key, entry.updated_at, before)
            else:
                is_different = None not in {old.updated_at, entry.updated_at} and (
                    old.updated_at != entry.updated_at
                )
            if is_different:
                mark = Mark.NEW if old is None else Mark.CHANGED
                self.note(entry.key, mark)
                yield entry.key, mark

    def take(self, prefix: str) -> list[tuple[str, Mark]]:
        """Give the marks below `prefix` and forget them."""
        taken = [(key, mark) for key, mark in self._marks.items() if key.startswith(prefix)]
        for key, _ in taken:
            del self._marks[key]
        return taken


def _is_new(key: str, updated_at: str | None, before: KeyPager) -> bool:
    if before.is_complete:
        return True
    if before.is_in_byte_order and before.last_key is not None and key <= before.last_key:
        return True
    newest = before.newest_time
    return newest is not None and updated_at != newest and is_newer(updated_at, newest)
