"""Writes drafts beside the event loop, so that they are kept also while the loop stands still."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from kvtui.errors import VaultError
from kvtui.vault.drafts import Draft, Drafts, LeftDraft
from kvtui.vault.journal_row import Place

REST_SECONDS: Final = 0.5
"""How long typing rests before a draft is written."""
MOST_SECONDS: Final = 2.0
"""How old a draft may get while typing does not rest."""


@dataclass(slots=True)
class _Pending:
    make: Callable[[], Draft] | None
    """None where the draft is to be removed."""
    first_at: float
    last_at: float

    @property
    def due_at(self) -> float:
        if self.make is None:
            return self.last_at
        return min(self.last_at + REST_SECONDS, self.first_at + MOST_SECONDS)


class DraftKeeper:
    """One thread that writes what was noted last of each key, soon after.

    Whoever types waits for no disk: `note` and `discard` only say what is to be done.
    """

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._pending: dict[Place, _Pending] = {}
        self._changed = threading.Condition()
        self._disk = threading.Lock()
        """Held while files are touched, so that what is done happens in the order it was asked."""
        self._thread: threading.Thread | None = None
        self.problem = ""
        """Why the last draft could not be kept; empty while all is well."""

    def note(self, place: Place, make: Callable[[], Draft]) -> None:
        """Take note of a change; `make` gives the draft later, in another thread."""
        self._add(place, make)

    def discard(self, place: Place) -> None:
        """Forget the draft of a key that was saved, or is not wanted."""
        self._add(place, None)

    def _add(self, place: Place, make: Callable[[], Draft] | None) -> None:
        now = time.monotonic()
        with self._changed:
            known = self._pending.get(place)
            self._pending[place] = _Pending(
                make, known.first_at if known and known.make else now, now
            )
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="drafts", daemon=True)
                self._thread.start()
            self._changed.notify()

    def flush(self) -> None:
        """Write everything that is still to be written, now."""
        self._write_due(float("inf"))

    def left_behind(self, profile: str, endpoint: str) -> list[LeftDraft]:
        """Give the drafts of runs that are over, newest first. Blocks on the disk."""
        with self._disk:
            return self._drafts.left_behind(profile, endpoint)

    def remove(self, left: LeftDraft) -> None:
        """Remove what was taken over or discarded. Blocks on the disk."""
        with self._disk:
            self._drafts.remove(left.path)

    def close(self) -> None:
        """Write what is left; drafts stay for the next start."""
        self.flush()
        with self._disk, suppress(VaultError):
            self._drafts.close()

    def _keep(self) -> None:
        while True:
            with self._changed:
                while not self._pending:
                    self._changed.wait()
                due_at = min(pending.due_at for pending in self._pending.values())
                self._changed.wait(max(0.0, due_at - time.monotonic()))
            self._write_due(time.monotonic())

    def _write_due(self, now: float) -> None:
        with self._disk:
            with self._changed:
                due = [place for place, item in self._pending.items() if item.due_at <= now]
                wanted = [(place, self._pending.pop(place).make) for place in due]
            for place, make in wanted:
                self._carry_out(place, make)

    def _carry_out(self, place: Place, make: Callable[[], Draft] | None) -> None:
        try:
            if make is None:
                self._drafts.discard(place)
            else:
                self._drafts.write(make())
        except VaultError as error:
            self.problem = str(error)
        else:
            self.problem = ""
