"""Garbage collection while nobody presses a key."""

import gc
from collections.abc import Callable
from typing import Final

LOOK_SECONDS: Final = 1.0
REST_SECONDS: Final = 0.5
"""Nobody is expected to press a key after so long without one."""
_DUE_AFTER: Final = 10
"""Smaller collections after which all is looked through: Python's own measure."""
_AT_THE_LATEST_AFTER: Final = 100
"""The same where keys never rest."""


class IdleCollector:
    """Looks through everything when it is in nobody's way: that takes 30 ms, ten frames' time.

    What is there at the first time is what was loaded to begin with; it is not looked at again.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._key_at = clock()
        self._is_ours = False
        self._has_settled = False
        self._seen = 0
        """How many smaller collections there had been at the last large one."""

    def begin(self) -> None:
        """Take over where collection was put off, and never look at what was loaded till then."""
        if not gc.isenabled():
            gc.freeze()
            young, middle, _ = gc.get_threshold()
            gc.set_threshold(young, middle, _AT_THE_LATEST_AFTER)
            gc.enable()
            self._is_ours = True

    def note_key(self) -> None:
        """Take note that a key was pressed."""
        self._key_at = self._clock()

    def look(self) -> None:
        """Collect, if it is due and keys rest."""
        is_resting = self._clock() - self._key_at >= REST_SECONDS
        seen = _smaller_collections()
        if not self._is_ours or not is_resting or seen - self._seen < _DUE_AFTER:
            return
        gc.collect()
        self._seen = seen
        if not self._has_settled:
            self._has_settled = True
            gc.freeze()


def _smaller_collections() -> int:
    middle: int = gc.get_stats()[1]["collections"]
    return middle
