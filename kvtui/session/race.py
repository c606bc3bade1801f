"""A plan, and beside it the listing it would save reading: whichever comes to its end first."""

from typing import Final

from kvtui.keyspace.request import Request
from kvtui.records import KeyPage
from kvtui.session.listing import KeyPager
from kvtui.session.plan_runner import Plan

_READING: Final = 0
"""The ticket of the listing itself; those of plans begin with 1."""
_FIRST_ROOM: Final = 4


class Race:
    """Gives one slot to the listing, the others to the plan, few as long as little was read.

    So a folder that ends soon costs few requests, and one that does not costs hardly more.
    """

    def __init__(self, plan: Plan, pager: KeyPager) -> None:
        self._plan = plan
        self._pager = pager
        self._room = _FIRST_ROOM
        """For requests of the plan; doubled with every page."""
        self._asked_count = 0
        self._is_reading = False

    def poll(self, limit: int) -> list[Request]:
        """Give up to `limit` requests to be made now; none once either has come to its end."""
        pager = self._pager
        if pager.is_complete or not limit:
            return []
        is_reading_next = not self._is_reading
        room = min(limit - is_reading_next, self._room - self._asked_count)
        requests = self._plan.poll(max(room, 0))
        self._asked_count += len(requests)
        if self._asked_count and is_reading_next:
            self._is_reading = True
            requests.append(Request(_READING, pager.prefix, pager.cursor))
        return requests

    def feed(self, request: Request, page: KeyPage) -> None:
        """Take in the answer to a request."""
        if request.ticket == _READING:
            self._is_reading = False
            self._room *= 2
            self._pager.take(page)
        else:
            self._asked_count -= 1
            self._plan.feed(request, page)

    def give_back(self, request: Request) -> None:
        """Take back a request that got no answer."""
        if request.ticket == _READING:
            self._is_reading = False
        else:
            self._asked_count -= 1
            self._plan.give_back(request)
