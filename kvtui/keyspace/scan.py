"""How to read everything below a prefix side by side, and how far that has come.

A caller asks `poll` for requests, makes them side by side, gives every answer to `feed` (or
`give_back` where no answer came) and merges the pages into the index, until `is_done`. Byte order
is used only once it is certified; when it is revoked, the plan begins anew without it, and pages
come twice. Where keys hold characters that no key may, the plan ends as `is_broken`: prefixes
cannot be made for them, and the listing has to be read through page by page.
"""

from typing import Protocol

from kvtui.keyspace.asking import Asking, PieceT
from kvtui.keyspace.free_scan import FreeScan
from kvtui.keyspace.listing_order import ListingOrder, Verdict
from kvtui.keyspace.ordered_scan import OrderedScan
from kvtui.keyspace.regions import Region, Regions
from kvtui.keyspace.request import Request
from kvtui.keyspace.segments import Segment
from kvtui.records import KeyPage


class _Plan(Protocol[PieceT]):
    """What one kind of listing order makes of the task."""

    idle_share: float

    @property
    def is_done(self) -> bool: ...

    @property
    def done_count(self) -> int: ...

    @property
    def branch_count(self) -> int: ...

    def next(self) -> PieceT | None: ...

    def feed(self, piece: PieceT, page: KeyPage, /) -> None: ...

    def give_back(self, piece: PieceT, /) -> None: ...


class _Reading(Asking[PieceT]):
    """A plan, with its requests."""

    def __init__(self, plan: _Plan[PieceT], order: ListingOrder) -> None:
        super().__init__(order)
        self.plan = plan

    def next(self, ticket: int) -> Request | None:
        piece = self.plan.next()
        return None if piece is None else self.ask(piece, ticket)

    def feed(self, request: Request, page: KeyPage) -> None:
        piece = self.answer(request, page)
        if piece is not None:
            self.plan.feed(piece, page)

    def give_back(self, request: Request) -> None:
        piece = self.give_up(request)
        if piece is not None:
            self.plan.give_back(piece)


class Scan:
    """The plan for one prefix; `order` is what is known of the namespace's listings."""

    def __init__(self, prefix: str, order: ListingOrder) -> None:
        self.request_count = 0
        self._prefix = prefix
        self._order = order
        self._is_ordered = order.verdict is Verdict.BYTE_ORDER
        self._reading: _Reading[Segment] | _Reading[Region] = (
            _Reading(OrderedScan(prefix), order) if self._is_ordered else self._free()
        )

    @property
    def is_broken(self) -> bool:
        """Whether there are keys that no plan can reach."""
        return self._reading.is_foreign

    @property
    def is_done(self) -> bool:
        """Whether everything below the prefix was listed."""
        return not self.is_broken and self._reading.plan.is_done and not len(self._reading)

    @property
    def done_count(self) -> int:
        """How many branches are read to their end."""
        return self._reading.plan.done_count

    @property
    def branch_count(self) -> int:
        """How many branches are known; it grows as long ones are split."""
        return self._reading.plan.branch_count

    def poll(self, limit: int) -> list[Request]:
        """Give up to `limit` requests to be made now."""
        requests: list[Request] = []
        reading = self._reading
        reading.plan.idle_share = limit / (limit + len(reading)) if limit else 0.0
        while len(requests) < limit and not self.is_broken:
            request = reading.next(self.request_count + 1)
            if request is None:
                break
            self.request_count += 1
            requests.append(request)
        return requests

    def feed(self, request: Request, page: KeyPage) -> None:
        """Take in the answer to a request.

        Raises MalformedResponseError for a page that leads in circles.
        """
        self._reading.feed(request, page)
        if self._is_ordered and self._order.verdict is Verdict.OTHER:
            self._is_ordered = False
            self._reading = self._free()

    def give_back(self, request: Request) -> None:
        """Take back a request that got no answer; it is asked again when the plan goes on."""
        self._reading.give_back(request)

    def _free(self) -> _Reading[Region]:
        return _Reading(FreeScan(Regions(self._prefix)), self._order)
