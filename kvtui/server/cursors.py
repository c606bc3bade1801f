"""Cursors: opaque, bound to one listing, and full of characters that a URL must escape."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

_HEAD: Final = b"\xfb\xff\xbf"
"""`+/+/` in base64: a client that forgets to escape a cursor fails at once."""
_DIGEST_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Position:
    """The last entry that was listed: the next page begins after it."""

    rank: str
    """What the listing is ordered by, before the key; empty where that is the key alone."""
    key: str
    is_detour: bool = False
    """The next page is an empty one, on purpose."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a cursor belongs to; it is refused everywhere else."""

    namespace_id: str
    prefix: str
    order: str

    def cursor(self, position: Position) -> str:
        payload = f"{int(position.is_detour)} {position.rank} {position.key}".encode()
        raw = _HEAD + self._digest(payload) + payload
        if len(raw) % 3 == 0:
            raw += b" "
        return _text(raw)

    def position(self, cursor: str) -> Position | None:
        """Read a cursor of this listing; None for anything else."""
        try:
            raw = base64.b64decode(cursor, validate=True)
        except (binascii.Error, ValueError):
            return None
        digest_end = len(_HEAD) + _DIGEST_BYTES
        payload = raw[digest_end:].rstrip(b" ")
        if raw[:digest_end] != _HEAD + self._digest(payload) or _text(raw) != cursor:
            return None
        detour, rank, key = payload.decode().split(" ", 2)
        return Position(rank, key, is_detour=detour == "1")

    def _digest(self, payload: bytes) -> bytes:
        scope = f"{self.namespace_id}\n{self.order}\n{self.prefix}\n".encode()
        return hashlib.blake2b(scope + payload, digest_size=_DIGEST_BYTES).digest()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
