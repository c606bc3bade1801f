"""One page of a key listing, with its cursor, in good behaviour and in each bad one."""

from dataclasses import replace

from kvtui.server import refusal, wire
from kvtui.server.cursors import Listing, Position
from kvtui.server.options import CursorQuirk, ServerOptions
from kvtui.server.pages import KeyRow
from kvtui.server.store import NamespaceState, Store


class KeyListing:
    """Turns a prefix, a cursor and a limit into the body of an answer."""

    def __init__(self, store: Store, options: ServerOptions) -> None:
        self._store = store
        self._order = options.order
        self._quirk = options.cursor_quirk

    def page(self, state: NamespaceState, prefix: str, cursor: str | None, limit: int) -> bytes:
        listing = Listing(state.namespace.id, prefix, self._order)
        after = _position(listing, cursor)
        if after is not None and after.is_detour:
            straight = listing.cursor(replace(after, is_detour=False))
            return wire.keys_body([], has_more=True, cursor=straight)
        if after is not None and self._quirk is CursorQuirk.REPEATED:
            rows = self._store.page(state, prefix, after, limit)
            return wire.keys_body(rows, has_more=True, cursor=cursor)
        rows = self._store.page(state, prefix, after, limit + 1)
        page, has_more = rows[:limit], len(rows) > limit
        next_cursor = self._next_cursor(listing, page, has_more=has_more)
        return wire.keys_body(page, has_more=has_more, cursor=next_cursor)

    def _next_cursor(self, listing: Listing, page: list[KeyRow], *, has_more: bool) -> str | None:
        is_wanted = has_more or self._quirk is CursorQuirk.AFTER_END
        if not page or not is_wanted or self._quirk is CursorQuirk.MISSING:
            return None
        key, _size, _updated_at, rank = page[-1]
        is_detour = self._quirk is CursorQuirk.EMPTY_PAGE
        return listing.cursor(Position(rank, key, is_detour=is_detour))


def _position(listing: Listing, cursor: str | None) -> Position | None:
    if cursor is None:
        return None
    position = listing.position(cursor)
    if position is None:
        raise refusal.bad_request("The cursor is not valid for this listing.", "cursor")
    return position
