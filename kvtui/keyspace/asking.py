"""The requests that are under way for the pieces of one plan."""

import re
from typing import Final, Generic, TypeVar

from kvtui.keyspace.listing_order import Edge, ListingOrder
from kvtui.keyspace.piece import Piece
from kvtui.keyspace.request import Request
from kvtui.protocol import KEY_ALPHABET
from kvtui.records import KeyPage

_KNOWN_LETTERS: Final = re.compile(f"[{re.escape(KEY_ALPHABET)}]*")

PieceT = TypeVar("PieceT", bound=Piece)


class Asking(Generic[PieceT]):
    """Tells which piece an answer is for, and looks at every page that comes in."""

    def __init__(self, order: ListingOrder) -> None:
        self.is_foreign = False
        """Whether a key held a character that no key may: prefixes made of the others miss it."""
        self._order = order
        self._waiting: dict[int, PieceT] = {}
        self._edges: dict[PieceT, Edge | None] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def ask(self, piece: PieceT, ticket: int) -> Request:
        """Make the request for the next page of a piece."""
        self._waiting[ticket] = piece
        return piece.ask(ticket)

    def answer(self, request: Request, page: KeyPage) -> PieceT | None:
        """Give the piece that a page is for; None when nobody waits for it any more.

        Raises MalformedResponseError for a page that leads in circles.
        """
        piece = self._waiting.pop(request.ticket, None)
        if piece is None:
            return None
        piece.check(page)
        self.is_foreign = self.is_foreign or not _KNOWN_LETTERS.fullmatch("".join(page.keys))
        if not request.is_exact:
            self.note(piece, page)
        return piece

    def note(self, piece: PieceT, page: KeyPage) -> None:
        """Look at the order of a page that follows the one before of the same piece."""
        self._edges[piece] = self._order.observe(page, self._edges.get(piece))

    def give_up(self, request: Request) -> PieceT | None:
        """Give the piece of a request that got no answer."""
        return self._waiting.pop(request.ticket, None)
