"""Whether the server finds out quickly that there is nothing below a prefix."""

from typing import Final

from kvtui.records import KeyPage

_WEIGHT: Final = 0.2
"""Of the latest answer in the average."""
_LEAST_EMPTY: Final = 8
_LEAST_FULL: Final = 2
_MOST_TIMES: Final = 4.0
"""As many times as long as a page full of keys, an empty answer takes at most."""
_QUICK_SECONDS: Final = 0.5
"""An empty answer that comes within it is never too slow."""


class _Average:
    """Seconds, the latest ones counting most."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def note(self, seconds: float) -> None:
        self.count += 1
        self.seconds += (seconds - self.seconds) * max(_WEIGHT, 1 / self.count)


class Pace:
    """How long empty answers take beside full pages.

    Plans ask for many prefixes that hold nothing. A server without an index looks at every key to
    find that out: then reading page by page comes to the end sooner. Both kinds have to be noted
    from requests made side by side, where each waits for the others.
    """

    def __init__(self) -> None:
        self._empty = _Average()
        self._full = _Average()

    def note(self, page: KeyPage) -> None:
        """Take in how long a page took."""
        if page.answer_seconds is None:
            return
        if page.keys and page.has_more:
            self._full.note(page.answer_seconds)
        elif not page.keys and not page.has_more:
            self._empty.note(page.answer_seconds)

    @property
    def is_probing_dear(self) -> bool:
        """Whether asking where nothing is costs too much here."""
        if self._empty.count < _LEAST_EMPTY or self._full.count < _LEAST_FULL:
            return False
        return self._empty.seconds > max(_MOST_TIMES * self._full.seconds, _QUICK_SECONDS)
