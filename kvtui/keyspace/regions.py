"""A prefix cut into regions, for a server that lists in any order.

Regions form a tree. Each is listed by its own prefix with its own cursor, or split into one
region for every next character and a question for the one key that is exactly its prefix; when all
of those are done, so is the region. Nothing is assumed about the order of keys.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from kvtui.keyspace.children import Children
from kvtui.keyspace.chunk import shared_length
from kvtui.keyspace.piece import Piece, State
from kvtui.protocol import KEY_ALPHABET, MAX_KEY_LENGTH
from kvtui.records import KeyPage

_SAMPLED_PAGES: Final = 8


class Region(Piece):
    """All keys that begin with a prefix, or the one key that is the prefix."""

    __slots__ = (
        "is_probe",
        "is_split",
        "is_stopped",
        "node",
        "parent",
        "parts",
        "sample",
        "share",
    )

    def __init__(
        self, prefix: str, parent: "Region | None" = None, *, is_exact: bool = False
    ) -> None:
        super().__init__(prefix, is_exact=is_exact)
        self.parent = parent
        self.sample: list[str] = []
        """Keys of it that were seen, as long as they may be of use."""
        self.share = 0.0
        """A guess at which part of all keys it holds."""
        self.parts: dict[Region, None] = {}
        """What it was split into, without those that are done."""
        self.is_split = False
        self.node = ""
        """Where it was split: at every character up to the end of this."""
        self.is_stopped = False
        """Whether its parts are listed in its place, rather than beside it."""
        self.is_probe = False
        """Whether one key of it is all that is wanted."""

    @property
    def is_live(self) -> bool:
        """Whether it is to be listed itself."""
        return self.state is not State.DONE and not self.is_stopped

    @property
    def racer(self) -> "Region | None":
        """The listing that goes on while its parts are tried, of which this is one."""
        parent = self.parent
        while parent is not None:
            if not parent.is_stopped:
                return parent
            parent = parent.parent
        return None

    def live_parts(self) -> list["Region"]:
        """Give what is listed in the place of this, or beside it."""
        found: list[Region] = []
        for part in self.parts:
            found += part.live_parts() if part.is_stopped else [part]
        return found


class Regions:
    """The tree of regions of one prefix.

    With `children`, keys are wanted only as far as they show the children of a folder: what lies
    in a folder that is known is left out, and one key of another will do.
    """

    def __init__(self, prefix: str, children: Children | None = None) -> None:
        self.children = children
        self.root = Region(prefix)
        self.root.share = 1.0
        self.made_count = 1
        self.done_count = 0

    def leaves(self) -> Iterator[Region]:
        """Give the regions that are to be listed."""
        stack = [self.root]
        while stack:
            region = stack.pop()
            if region.is_live:
                yield region
            stack += region.parts

    def feed(self, region: Region, page: KeyPage) -> None:
        """Take in the next page of a region."""
        if region.state is State.DONE:
            return
        region.take(page)
        if region.page_count <= _SAMPLED_PAGES:
            region.sample += page.keys
        if region.state is not State.OPEN or (region.is_probe and page.keys):
            self.close(region)

    def split(self, region: Region, node: str) -> list[Region]:
        """Divide a region at every character from its prefix to `node`, and after it.

        `node` begins with the region's prefix. What was seen of the region is handed on.
        """
        seen = set(region.sample)
        parts: list[Region] = []
        for end in range(len(region.prefix), len(node) + 1):
            stem = node[:end]
            if stem and stem not in seen:
                parts.append(Region(stem, region, is_exact=True))
            taken = node[end : end + 1]
            if end < MAX_KEY_LENGTH:
                parts += [
                    Region(stem + letter, region) for letter in KEY_ALPHABET if letter != taken
                ]
        parts = [part for part in parts if part.is_exact or self._is_wanted(part)]
        self._hand_on(region, parts)
        region.is_split = True
        region.node = node
        region.parts = dict.fromkeys(parts)
        self.made_count += len(parts)
        return parts

    def stop(self, region: Region) -> None:
        """List the parts of a region in its place."""
        region.is_stopped = True
        self._close_if_all_done(region)

    def join(self, region: Region) -> None:
        """List a region itself, and not the parts it was split into."""
        for part in region.parts:
            self._drop(part)
        region.parts = {}
        region.is_split = False

    def close(self, region: Region) -> None:
        """Note that all that is wanted of a region is known."""
        self._drop(region)
        parent = region.parent
        if parent is not None:
            parent.parts.pop(region, None)
            self._close_if_all_done(parent)

    def _is_wanted(self, part: Region) -> bool:
        children = self.children
        if children is None or not children.is_folder(part.prefix):
            return True
        part.is_probe = True
        part.limit = 1
        return part.prefix not in children.paths

    def _drop(self, region: Region) -> None:
        self.done_count += region.state is not State.DONE
        region.state = State.DONE
        region.sample = []
        for part in region.parts:
            self._drop(part)
        region.parts = {}

    def _close_if_all_done(self, region: Region) -> None:
        if region.state is not State.DONE and region.is_split and not region.parts:
            self.close(region)

    def _hand_on(self, region: Region, parts: list[Region]) -> None:
        by_prefix = {part.prefix: part for part in parts if not part.is_exact}
        for key in region.sample:
            for end in range(len(region.prefix) + 1, len(key) + 1):
                part = by_prefix.get(key[:end])
                if part is not None:
                    part.sample.append(key)
                    break
        total = max(len(region.sample), 1)
        for part in parts:
            part.share = region.share * len(part.sample) / total


def shared_prefix(keys: Sequence[str]) -> str:
    """Give the longest beginning that all keys have."""
    first = min(keys)
    return first[: shared_length(first, max(keys))]
