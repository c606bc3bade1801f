"""What one page of a listing brought."""

from dataclasses import dataclass
from enum import Enum


class Doing(Enum):
    """What a page was asked for."""

    READING = "reading"
    """The next rows of a folder, or everything below it."""
    FINDING = "finding"
    """The children of a folder, without reading the large ones."""
    PROVING = "proving"
    """That a folder has no other children."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a listing came with one page."""

    prefix: str
    new_key_count: int
    is_complete: bool
    """Whether everything under the prefix was listed."""
    is_barren: bool = False
    """Whether it brought no new row, though there are more pages."""
    doing: Doing = Doing.READING
    done_count: int = 0
    """Of a scan: how many of its branches are read to the end."""
    branch_count: int = 1
    """Of a scan: how many branches are known; it may grow."""
    request_count: int = 0
    """Requests made so far to find or to prove."""
    request_limit: int = 0
    """With how many of them that is to be done."""
