"""Which prefixes to ask for to find a folder's children without reading all of it.

A caller asks `poll` for requests, as many as it has room for, makes them side by side and gives
every answer to `feed` (or `give_back` where no answer came), and merges the pages into the index.
Until `is_found` the requests look for children; with `wants_proof` they go on until `is_proven`.
Where `poll` gives nothing and nothing is under way, the plan rests: either it has reached what was
wanted, or the folder's rows come page by page, and `read_on` asks for the next page.
"""

from collections import deque
from typing import Final

from kvtui.keyspace.children import Children
from kvtui.keyspace.listing_order import Edge, ListingOrder
from kvtui.keyspace.ordered_discovery import OrderedDiscovery
from kvtui.keyspace.request import Request
from kvtui.keyspace.segments import Segment, State
from kvtui.records import KeyPage

_FIND_REQUESTS: Final = 256
_MOST_FIND_REQUESTS: Final = 1280
_FRUITFUL: Final = 16
"""Looking goes on past its budget while so many requests bring at least one child."""


class Discovery:
    """The plan for one folder."""

    def __init__(
        self, prefix: str = "", order: ListingOrder | None = None, budget: int = _FIND_REQUESTS
    ) -> None:
        self.wants_proof = False
        self.request_count = 0
        self._order = order or ListingOrder()
        self._children = Children(prefix)
        self._plan = OrderedDiscovery(self._children)
        self._budget = budget
        self._lately: deque[int] = deque(maxlen=_FRUITFUL)
        self._waiting: dict[int, Segment] = {}
        self._is_rested = False
        """Whether looking has come to an end once."""
        self._edges: dict[Segment, Edge | None] = {}

    @property
    def children(self) -> set[str]:
        """The paths of the children found so far."""
        return self._children.paths

    @property
    def is_found(self) -> bool:
        """Whether nothing likely is left to ask for; that nothing else exists is not proven."""
        return not self._waiting and not self._plan.is_looking

    @property
    def is_proven(self) -> bool:
        return self._plan.is_proven

    @property
    def is_done(self) -> bool:
        return self.is_proven

    def poll(self, limit: int) -> list[Request]:
        """Give up to `limit` requests to be made now."""
        requests: list[Request] = []
        while len(requests) < limit and (segment := self._next()) is not None:
            segment.state = State.READING if segment.cursor else State.ASKED
            self.request_count += 1
            request = Request(self.request_count, segment.prefix, segment.cursor)
            self._waiting[request.ticket] = segment
            requests.append(request)
        return requests

    def feed(self, request: Request, page: KeyPage) -> None:
        segment = self._waiting.pop(request.ticket)
        self._edges[segment] = self._order.observe(page, self._edges.get(segment))
        self._lately.append(self._plan.feed(segment, page))

    def give_back(self, request: Request) -> None:
        """Take back a request that got no answer; it is asked again when the plan goes on."""
        segment = self._waiting.pop(request.ticket, None)
        if segment is not None:
            self._plan.give_back(segment)

    def _next(self) -> Segment | None:
        root = self._plan.root
        if root.page_count == 0:
            return root if root.state is State.NEW else None
        if self._order.lacks_border and root.page_count == 1 and root.state is not State.DONE:
            return root if root.state is State.OPEN else None
        is_fruitful = self.request_count < _MOST_FIND_REQUESTS and any(self._lately)
        if self.request_count < self._budget or is_fruitful:
            segment = self._plan.next_find()
            if segment is not None:
                return segment
            if self._waiting and not self._is_rested:
                return None
        self._is_rested = True
        return self._plan.next_proof() if self.wants_proof else None
