"""Whether the server finds out quickly that there is nothing below a prefix."""

from collections import deque
from typing import Final

from kvtui.records import KeyPage

_EMPTY_ANSWERS: Final = 8
_FULL_PAGES: Final = 3
"""So many of the latest are looked at."""
_MOST_TIMES: Final = 4.0
"""As many times as long as a page full of keys, an empty answer takes at most."""
_QUICK_SECONDS: Final = 0.5
"""An empty answer that comes within it is never too slow."""


class Pace:
    """How long empty answers take beside full pages.

    Plans ask for many prefixes that hold nothing. A server without an index looks at every key to
    find that out: then reading page by page comes to the end sooner. Both kinds have to be noted
    from requests made side by side, where each waits for the others.
    """

    def __init__(self) -> None:
        self._empty: deque[float] = deque(maxlen=_EMPTY_ANSWERS)
        self._full: deque[float] = deque(maxlen=_FULL_PAGES)

    def note(self, page: KeyPage) -> None:
        """Take in how long a page took."""
        if page.answer_seconds is None:
            return
        if page.keys and page.has_more:
            self._full.append(page.answer_seconds)
        elif not page.keys and not page.has_more:
            self._empty.append(page.answer_seconds)

    @property
    def is_probing_dear(self) -> bool:
        """Whether asking where nothing is costs too much here: even the quickest answer does.

        Averages would be misled by a line or a machine that is slow for a moment.
        """
        if len(self._empty) < _EMPTY_ANSWERS or len(self._full) < _FULL_PAGES:
            return False
        return min(self._empty) > max(_MOST_TIMES * max(self._full), _QUICK_SECONDS)
