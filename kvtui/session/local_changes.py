"""Own writes that the server's listing may not show yet."""

from dataclasses import dataclass
from enum import Enum

from kvtui.records import KeyEntry, KeyPage


class LocalChange(Enum):
    """What was done here to a key."""

    WRITTEN = "written"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A page as it should be believed, and the keys on which the server now agrees."""

    page: KeyPage
    agreed: tuple[str, ...]


class LocalChanges:
    """Keeps each own write or delete until a listing agrees with it.

    Nothing is said anywhere about how fresh listings are, so a page that still shows a deleted
    key, with the time it had before, is not believed for that key.
    """

    def __init__(self) -> None:
        self.count = 0
        """How many were made in all, agreed on or not."""
        self._changes: dict[str, tuple[LocalChange, KeyEntry | None]] = {}

    def __len__(self) -> int:
        return len(self._changes)

    def get(self, key: str) -> LocalChange | None:
        change = self._changes.get(key)
        return change[0] if change is not None else None

    def keys(self, prefix: str) -> list[str]:
        return [key for key in self._changes if key.startswith(prefix)]

    def note_written(self, key: str, before: KeyEntry | None) -> None:
        """Take note of a write; `before` is how the listing showed the key until now."""
        self.count += 1
        self._changes[key] = (LocalChange.WRITTEN, before)

    def note_deleted(self, key: str, before: KeyEntry | None) -> None:
        self.count += 1
        self._changes[key] = (LocalChange.DELETED, before)

    def reconcile(self, page: KeyPage, *, is_older: bool = False) -> Reconciled:
        """Leave out of `page` what is older than what was done here, or all of that `is_older`."""
        listed = set(page.keys) if self._changes else set()
        touched = [key for key in self._changes if key in listed]
        if not touched:
            return Reconciled(page, ())
        stale = {
            entry.key
            for entry in page.entries()
            if entry.key in self._changes and (is_older or self._is_stale(entry))
        }
        agreed = tuple(key for key in touched if key not in stale)
        for key in agreed:
            del self._changes[key]
        kept = [entry for entry in page.entries() if entry.key not in stale]
        return Reconciled(KeyPage.of(kept, page.cursor), agreed)

    def settle_absent(self, prefix: str, listed: set[str]) -> tuple[str, ...]:
        """After a whole listing of `prefix`: deletes of keys it does not show are agreed on."""
        agreed = tuple(
            key
            for key in self.keys(prefix)
            if self.get(key) is LocalChange.DELETED and key not in listed
        )
        for key in agreed:
            del self._changes[key]
        return agreed

    def _is_stale(self, entry: KeyEntry) -> bool:
        _, before = self._changes[entry.key]
        return before is not None and entry.updated_at == before.updated_at
