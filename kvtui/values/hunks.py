"""The rows of a text diff: changes with a few equal lines around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kvtui.values.matching import Change, common_end, common_start

CONTEXT: Final = 3
"""How many equal lines are shown around a change."""
UNTERMINATED: Final = "\n"
"""Ends a line after which there is no newline; nothing else in a line can be one."""

_LONG: Final = 1_000
"""Longer lines are shown without most of what did not change."""
_KEPT: Final = 60
_MAX_PAIRS: Final = 500
"""In longer replacements one line says nothing about the other."""
_VISIBLE_SPACE: Final = str.maketrans({" ": "·", "\t": "→", "\r": "␍"})


@dataclass(slots=True)
class DiffRows:
    """The lines of a diff, in columns because there may be many."""

    signs: list[str] = field(default_factory=list)
    """`+`, `-` or a space for lines of the texts, `@` for a hunk, `i` for information."""
    numbers: list[int] = field(default_factory=list)
    """Of the line in its text, counted from 1."""
    texts: list[str] = field(default_factory=list)
    partners: list[int] = field(default_factory=list)
    """How far away the line is that this one replaces, or is replaced by; 0 for none."""

    def add(self, sign: str, start: int, texts: Sequence[str], partner: int = 0) -> None:
        """Append lines that follow each other from line `start` on, counted from 0."""
        self.signs.extend(sign * len(texts))
        self.numbers.extend(range(start + 1, start + 1 + len(texts)))
        self.texts.extend(texts)
        self.partners.extend([partner] * len(texts))
        if texts and texts[-1].endswith(UNTERMINATED):
            self.texts[-1] = texts[-1].removesuffix(UNTERMINATED)
            self.say("i", "no newline at the end")

    def say(self, sign: str, text: str) -> None:
        """Append a line of our own."""
        self.signs.append(sign)
        self.numbers.append(0)
        self.texts.append(text)
        self.partners.append(0)


def fill(rows: DiffRows, found: Sequence[Change], old: Sequence[str], new: Sequence[str]) -> None:
    """Append the changes with what is around them."""
    for hunk in _hunks(found):
        _Hunk(hunk, old, new).fill(rows)


def _hunks(found: Sequence[Change]) -> Iterator[list[Change]]:
    """Gather changes that are too near to each other to be shown apart."""
    hunk: list[Change] = []
    for change in found:
        if hunk and change.old_start - hunk[-1].old_end > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    if hunk:
        yield hunk


class _Hunk:
    """Changes that are shown together, with what is around and between them."""

    def __init__(self, hunk: Sequence[Change], old: Sequence[str], new: Sequence[str]) -> None:
        self._changes = hunk
        self._old, self._new = old, new
        self._start = max(0, hunk[0].old_start - CONTEXT)
        self._end = min(len(old), hunk[-1].old_end + CONTEXT)

    def fill(self, rows: DiffRows) -> None:
        rows.say("@", self._title())
        at, shift = self._start, self._changes[0].new_start - self._changes[0].old_start
        for change in self._changes:
            self._fill_context(rows, at, change.old_start, shift)
            self._fill_change(rows, change)
            at, shift = change.old_end, change.new_end - change.old_end
        self._fill_context(rows, at, self._end, shift)

    def _title(self) -> str:
        first, last = self._changes[0], self._changes[-1]
        new_start = self._start + first.new_start - first.old_start
        new_end = self._end + last.new_end - last.old_end
        return (
            f"@@ -{self._start + 1},{self._end - self._start} "
            f"+{new_start + 1},{new_end - new_start} @@"
        )

    def _fill_context(self, rows: DiffRows, start: int, end: int, shift: int) -> None:
        rows.add(" ", start + shift, [_shortened(line) for line in self._old[start:end]])

    def _fill_change(self, rows: DiffRows, change: Change) -> None:
        old = self._old[change.old_start : change.old_end]
        new = self._new[change.new_start : change.new_end]
        partner = 0
        if len(old) == len(new) <= _MAX_PAIRS:
            partner = len(old) + old[-1].endswith(UNTERMINATED)
            pairs = [_pair(*pair) for pair in zip(old, new, strict=True)]
            old, new = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        elif old and new and max(map(len, (*old, *new))) > _LONG:
            old, new = _elided_together(old, new)
        rows.add("-", change.old_start, old, partner)
        rows.add("+", change.new_start, new, -partner)


def _shortened(line: str) -> str:
    """Give the beginning of a long line that did not change."""
    if len(line) <= _LONG:
        return line
    end = UNTERMINATED if line.endswith(UNTERMINATED) else ""
    return f"{line[:_KEPT]}⋯ {len(line) - _KEPT:,} more characters{end}"


def _pair(old: str, new: str) -> tuple[str, str]:
    """Prepare a line and what replaces it, so that their difference can be seen."""
    if max(len(old), len(new)) > _LONG:
        return _elided(old, new)
    if old.split() == new.split():
        start, end = common_start(old, new), common_end(old, new)
        return _with_visible_space(old, start, end), _with_visible_space(new, start, end)
    return old, new


def _with_visible_space(line: str, start: int, end: int) -> str:
    stop = len(line) - end
    return line[:start] + line[start:stop].translate(_VISIBLE_SPACE) + line[stop:]


def _elided_together(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Leave out what lines and other lines in their place begin and end with alike."""
    ends = [UNTERMINATED if lines[-1].endswith(UNTERMINATED) else "" for lines in (old, new)]
    bodies = ["\n".join(lines).removesuffix(UNTERMINATED) for lines in (old, new)]
    old_lines, new_lines = (each.split("\n") for each in _elided(*bodies))
    old_lines[-1] += ends[0]
    new_lines[-1] += ends[1]
    return old_lines, new_lines


def _elided(old: str, new: str) -> tuple[str, str]:
    """Leave out what two long lines have in common, but for a little around the difference."""
    start, end = common_start(old, new), common_end(old, new)
    head = old[:start]
    if start > 2 * _KEPT:
        head = f"⋯ {start - _KEPT:,} characters ⋯{old[start - _KEPT : start]}"
    tail = old[len(old) - end :]
    if end > 2 * _KEPT:
        last = UNTERMINATED if tail.endswith(UNTERMINATED) else ""
        tail = f"{tail[:_KEPT]}⋯ {end - _KEPT:,} characters ⋯{last}"
    return head + old[start : len(old) - end] + tail, head + new[start : len(new) - end] + tail
