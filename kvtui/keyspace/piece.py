"""A part of the key space that is listed by its own prefix and its own cursor."""

from enum import Enum

from kvtui.errors import MalformedResponseError
from kvtui.keyspace.request import Request
from kvtui.protocol import MAX_KEYS_LIMIT
from kvtui.records import KeyPage


class State(Enum):
    """What happens to a piece."""

    NEW = "new"
    """Not asked for."""
    ASKED = "asked"
    """Its first page is under way."""
    OPEN = "open"
    """It has more pages."""
    READING = "reading"
    """One of them is under way."""
    DONE = "done"


class Piece:
    """The listing of a prefix, or the question for the one key that is the prefix."""

    __slots__ = ("cursor", "is_exact", "key_count", "limit", "page_count", "prefix", "state")

    def __init__(self, prefix: str, *, is_exact: bool = False) -> None:
        self.prefix = prefix
        self.is_exact = is_exact
        self.limit = MAX_KEYS_LIMIT
        self.state = State.NEW
        self.cursor: str | None = None
        self.page_count = 0
        self.key_count = 0

    @property
    def is_under_way(self) -> bool:
        return self.state in {State.ASKED, State.READING}

    @property
    def page_keys(self) -> int:
        """How many keys a page of it holds."""
        return max(self.key_count // max(self.page_count, 1), 1)

    def ask(self, ticket: int) -> Request:
        """Make the request for the next page."""
        self.state = State.ASKED if self.cursor is None else State.READING
        return Request(ticket, self.prefix, self.cursor, self.limit, self.is_exact)

    def give_back(self) -> None:
        """Undo that a page is under way."""
        if self.is_under_way:
            self.state = State.NEW if self.cursor is None else State.OPEN

    def check(self, page: KeyPage) -> None:
        """Refuse a page that would make the listing go round in circles."""
        if page.has_more and (page.cursor is None or page.cursor == self.cursor):
            raise MalformedResponseError("the server gave the same cursor twice: listing stopped")

    def take(self, page: KeyPage) -> None:
        """Count a page, and note where the next one begins."""
        self.page_count += 1
        self.key_count += len(page)
        if page.has_more and not self.is_exact:
            self.cursor, self.state = page.cursor, State.OPEN
