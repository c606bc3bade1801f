"""How to read everything below a prefix side by side, and how far that has come.

A caller asks `poll` for requests, makes them side by side, gives every answer to `feed` (or
`give_back` where no answer came) and merges the pages into the index, until `is_done`. The plan
relies on byte order, which must have been certified; a page that contradicts it ends the plan as
`is_broken`, and the listing has to be read through page by page.
"""

from kvtui.errors import MalformedResponseError
from kvtui.keyspace.listing_order import Edge, ListingOrder, Verdict
from kvtui.keyspace.ordered_scan import OrderedScan
from kvtui.keyspace.request import Request
from kvtui.keyspace.segments import Segment, State
from kvtui.records import KeyPage


class Scan:
    """The plan for one prefix; `order` is what is known of the namespace's listings."""

    def __init__(self, prefix: str, order: ListingOrder) -> None:
        self.request_count = 0
        self._order = order
        self._plan = OrderedScan(prefix)
        self._waiting: dict[int, Segment] = {}
        self._edges: dict[Segment, Edge | None] = {}

    @property
    def is_broken(self) -> bool:
        """Whether the order it relies on has turned out to be another."""
        return self._order.verdict is Verdict.OTHER

    @property
    def is_done(self) -> bool:
        """Whether everything below the prefix was listed."""
        return not self.is_broken and self._plan.is_done and not self._waiting

    @property
    def done_count(self) -> int:
        """How many branches are read to their end."""
        return self._plan.done_count

    @property
    def branch_count(self) -> int:
        """How many branches are known; it grows as long ones are split."""
        return self._plan.branch_count

    def poll(self, limit: int) -> list[Request]:
        """Give up to `limit` requests to be made now."""
        requests: list[Request] = []
        if self.is_broken:
            return requests
        self._plan.idle_share = limit / (limit + len(self._waiting)) if limit else 0.0
        while len(requests) < limit and (segment := self._plan.next()) is not None:
            segment.state = State.READING if segment.cursor else State.ASKED
            self.request_count += 1
            requests.append(Request(self.request_count, segment.prefix, segment.cursor))
            self._waiting[self.request_count] = segment
        return requests

    def feed(self, request: Request, page: KeyPage) -> None:
        """Take in the answer to a request."""
        segment = self._waiting.pop(request.ticket)
        if page.has_more and page.cursor in {None, request.cursor}:
            raise MalformedResponseError("the server gave the same cursor twice: listing stopped")
        self._edges[segment] = self._order.observe(page, self._edges.get(segment))
        if not self.is_broken:
            self._plan.feed(segment, page)

    def give_back(self, request: Request) -> None:
        """Take back a request that got no answer; it is asked again when the plan goes on."""
        segment = self._waiting.pop(request.ticket, None)
        if segment is not None:
            self._plan.give_back(segment)
