"""Which lines of two texts differ, in a time that does not explode with their size.

Lines that occur once in both texts are trusted to be the same line; what lies between two of them
is compared closely while that stays cheap, and else counted as replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import AnyStr, Final, NamedTuple

_CLOSE_COST: Final = 40_000
"""Pairs of lines to look at in one place at most."""
_CLOSE_COST_IN_ALL: Final = 200_000
_LEAST_COST: Final = 50
_ALIGNED: Final = 1_000
"""Lines in one place that may be compared one by one."""


class Change(NamedTuple):
    """Lines `old[old_start:old_end]` become lines `new[new_start:new_end]`."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """Find the places where two lists of lines differ, in order."""
    whole = _trimmed(old, new, Change(0, len(old), 0, len(new)))
    budget = _CLOSE_COST_IN_ALL
    found: list[Change] = []
    for gap in _between_anchors(old, new, whole):
        old_count, new_count = gap.old_end - gap.old_start, gap.new_end - gap.new_start
        cost = old_count * new_count + _LEAST_COST
        if old_count == new_count <= _ALIGNED and (aligned := _aligned(old, new, gap)):
            found.extend(aligned)
        elif old_count and new_count and cost <= min(_CLOSE_COST, budget):
            budget -= cost
            found.extend(_compared(old, new, gap))
        elif old_count or new_count:
            found.append(gap)
    return found


def _aligned(old: Sequence[str], new: Sequence[str], gap: Change) -> list[Change]:
    """Compare line by line, where at least half of the lines stand opposite to their equals."""
    shift = gap.new_start - gap.old_start
    lines = range(gap.old_start, gap.old_end)
    differing = [line for line in lines if old[line] != new[line + shift]]
    if 1 < len(lines) < 2 * len(differing):
        return []
    found: list[Change] = []
    for line in differing:
        if found and found[-1].old_end == line:
            found[-1] = found[-1]._replace(old_end=line + 1, new_end=line + shift + 1)
        else:
            found.append(Change(line, line + 1, line + shift, line + shift + 1))
    return found


def _trimmed(old: Sequence[str], new: Sequence[str], gap: Change) -> Change:
    """Take equal lines off both ends of a gap."""
    old_start, old_end, new_start, new_end = gap
    while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
        old_start += 1
        new_start += 1
    while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
        old_end -= 1
        new_end -= 1
    return Change(old_start, old_end, new_start, new_end)


def _between_anchors(old: Sequence[str], new: Sequence[str], whole: Change) -> Iterator[Change]:
    old_at, new_at = whole.old_start, whole.new_start
    for old_line, new_line in _anchors(old, new, whole):
        if old_line > old_at or new_line > new_at:
            yield _trimmed(old, new, Change(old_at, old_line, new_at, new_line))
        old_at, new_at = old_line + 1, new_line + 1
    yield _trimmed(old, new, Change(old_at, whole.old_end, new_at, whole.new_end))


def _anchors(old: Sequence[str], new: Sequence[str], whole: Change) -> list[tuple[int, int]]:
    """Pair the lines that occur once on both sides, as many as keep their order."""
    in_old = _places_of_unique(old, whole.old_start, whole.old_end)
    in_new = _places_of_unique(new, whole.new_start, whole.new_end)
    return _ascending([(place, in_new[line]) for line, place in in_old.items() if line in in_new])


def _places_of_unique(lines: Sequence[str], start: int, end: int) -> dict[str, int]:
    counts = Counter(lines[start:end])
    return {line: place for place, line in enumerate(lines[start:end], start) if counts[line] == 1}


def _ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep the longest part of `pairs`, ascending by the first number, that the second obeys."""
    tails: list[int] = []
    tail_pairs: list[int] = []
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        length = bisect_left(tails, second)
        before.append(tail_pairs[length - 1] if length else -1)
        tails[length : length + 1] = [second]
        tail_pairs[length : length + 1] = [number]
    kept: list[tuple[int, int]] = []
    number = tail_pairs[-1] if tail_pairs else -1
    while number >= 0:
        kept.append(pairs[number])
        number = before[number]
    return kept[::-1]


def _compared(old: Sequence[str], new: Sequence[str], gap: Change) -> Iterator[Change]:
    matcher = SequenceMatcher(
        None, old[gap.old_start : gap.old_end], new[gap.new_start : gap.new_end], autojunk=False
    )
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield Change(
                gap.old_start + old_start,
                gap.old_start + old_end,
                gap.new_start + new_start,
                gap.new_start + new_end,
            )


def common_start(old: AnyStr, new: AnyStr) -> int:
    """Count the equal characters or bytes at the beginning, by halving."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(old: AnyStr, new: AnyStr) -> int:
    """Count the equal characters or bytes at the end that are not part of the common start."""
    start = common_start(old, new)
    return common_start(old[start:][::-1], new[start:][::-1])
