"""Which prefixes to ask for to find a folder's children without reading all of it.

A caller asks `poll` for requests, as many as it has room for, makes them side by side and gives
every answer to `feed` (or `give_back` where no answer came), and merges the pages into the index.
Until `is_found` the requests look for children; with `wants_proof` they go on until `is_proven`.
Where `poll` gives nothing and nothing is under way, the plan rests: it has reached what was
wanted, or the folder has so many children that they are better read page by page.

Byte order is used only once it is certified; `order` is the evidence, kept for the namespace. When
it is revoked, the plan goes on without it: what was found stays, what was proven does not.
"""

from collections import deque
from typing import Final, Protocol

from kvtui.keyspace.asking import Asking, PieceT
from kvtui.keyspace.children import Children
from kvtui.keyspace.free_discovery import FreeDiscovery
from kvtui.keyspace.listing_order import ListingOrder, Verdict
from kvtui.keyspace.ordered_discovery import OrderedDiscovery
from kvtui.keyspace.piece import Piece, State
from kvtui.keyspace.regions import Region
from kvtui.keyspace.request import Request
from kvtui.keyspace.segments import Segment
from kvtui.records import KeyPage

FIND_REQUESTS: Final = 256
"""So many find what is likely to be there; more follow only while they bring something."""
_MOST_FIND_REQUESTS: Final = 1280
FRUITFUL: Final = 16
"""Looking goes on past its budget while so many requests bring at least one child."""


class _Plan(Protocol[PieceT]):
    """What one kind of listing order makes of the task."""

    @property
    def root(self) -> PieceT: ...

    @property
    def is_proven(self) -> bool: ...

    def next_find(self) -> PieceT | None: ...

    def next_proof(self) -> PieceT | None: ...

    def feed(self, piece: PieceT, page: KeyPage, /) -> int: ...

    def give_back(self, piece: PieceT, /) -> None: ...


class _Looking(Asking[PieceT]):
    """A plan, with its requests."""

    def __init__(self, plan: _Plan[PieceT], pages: list[KeyPage], order: ListingOrder) -> None:
        super().__init__(order)
        self.plan = plan
        for page in pages:
            plan.root.state = State.ASKED
            self.note(plan.root, page)
            plan.feed(plan.root, page)

    def feed(self, request: Request, page: KeyPage) -> int | None:
        piece = self.answer(request, page)
        return None if piece is None else self.plan.feed(piece, page)

    def give_back(self, request: Request) -> None:
        piece = self.give_up(request)
        if piece is not None:
            self.plan.give_back(piece)

    def find(self, ticket: int) -> Request | None:
        piece = self.plan.next_find()
        return None if piece is None else self.ask(piece, ticket)

    def prove(self, ticket: int) -> Request | None:
        piece = self.plan.next_proof()
        return None if piece is None else self.ask(piece, ticket)


class Discovery:
    """The plan for one folder."""

    def __init__(
        self, prefix: str = "", order: ListingOrder | None = None, budget: int = FIND_REQUESTS
    ) -> None:
        self.wants_proof = False
        self.request_count = 0
        self._prefix = prefix
        self._order = order or ListingOrder()
        self._children = Children(prefix)
        self._budget = budget
        self._lately: deque[int] = deque(maxlen=FRUITFUL)
        self._is_rested = False
        """Whether looking has come to an end once."""
        self._begin()

    @property
    def children(self) -> set[str]:
        """The paths of the children found so far."""
        return self._children.paths

    @property
    def is_found(self) -> bool:
        """Whether every likely place was looked at; that there are no more is not proven."""
        return self.is_proven or (self._is_rested and not self._is_waiting)

    @property
    def is_proven(self) -> bool:
        looking = self._looking
        return looking is not None and looking.plan.is_proven and not looking.is_foreign

    @property
    def is_done(self) -> bool:
        return self.is_proven

    def poll(self, limit: int) -> list[Request]:
        """Give up to `limit` requests to be made now."""
        requests: list[Request] = []
        while len(requests) < limit and (request := self._next(self.request_count + 1)) is not None:
            self.request_count += 1
            requests.append(request)
        return requests

    def feed(self, request: Request, page: KeyPage) -> None:
        """Take in the answer to a request.

        Raises MalformedResponseError for a page that leads in circles.
        """
        if self._looking is None:
            self._choose(request, page)
        else:
            found = self._looking.feed(request, page)
            self._lately.append(self._children.add(page.keys) if found is None else found)
            is_ordered = isinstance(self._looking.plan, OrderedDiscovery)
            if is_ordered and self._order.verdict is Verdict.OTHER:
                self._begin()

    def give_back(self, request: Request) -> None:
        """Take back a request that got no answer; it is asked again when the plan goes on."""
        if self._looking is not None:
            self._looking.give_back(request)
        elif (root := self._opening.give_up(request)) is not None:
            root.give_back()

    @property
    def _is_waiting(self) -> bool:
        return len(self._opening if self._looking is None else self._looking) > 0

    def _begin(self) -> None:
        self._root = Piece(self._prefix)
        self._opening: Asking[Piece] = Asking(self._order)
        self._pages: list[KeyPage] = []
        """The first ones, until it is known which plan they are for."""
        self._looking: _Looking[Segment] | _Looking[Region] | None = None
        self._is_rested = False

    def _choose(self, request: Request, page: KeyPage) -> None:
        """Choose the plan, after one more page where that page could certify byte order."""
        root = self._opening.answer(request, page)
        self._children.add(page.keys)
        if root is None:
            return
        root.take(page)
        self._pages.append(page)
        if page.has_more and self._order.lacks_border and len(self._pages) == 1:
            return
        if self._order.verdict is Verdict.BYTE_ORDER:
            ordered = OrderedDiscovery(self._children)
            self._looking = _Looking(ordered, self._pages, self._order)
        else:
            free = FreeDiscovery(self._children)
            self._looking = _Looking(free, self._pages, self._order)
        self._looking.is_foreign = self._opening.is_foreign
        self._lately.append(len(self._children.paths))

    def _next(self, ticket: int) -> Request | None:
        looking = self._looking
        if looking is None:
            is_ready = self._root.state in {State.NEW, State.OPEN}
            return self._opening.ask(self._root, ticket) if is_ready else None
        if looking.is_foreign:
            self._is_rested = True
            return None
        is_fruitful = self.request_count < _MOST_FIND_REQUESTS and any(self._lately)
        if self.request_count < self._budget or is_fruitful:
            request = looking.find(ticket)
            if request is not None:
                return request
            if len(looking) and not self._is_rested:
                return None
        self._is_rested = True
        return looking.prove(ticket) if self.wants_proof else None
