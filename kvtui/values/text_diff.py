"""The difference of two texts by lines; of JSON on long lines, by the lines it is laid out in."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec

from kvtui.values.formats import json_text
from kvtui.values.hunks import UNTERMINATED, DiffRows, fill
from kvtui.values.lines import Kind, Span
from kvtui.values.matching import changes, common_end, common_start
from kvtui.values.painting import Run
from kvtui.values.text_lines import TextLines
from kvtui.values.wrapping import LineIndex, Row

_LONG: Final = 200
"""JSON with a longer line is compared laid out: one line tells nobody where it changed."""
_NARROW: Final = 40
"""Line numbers need more cells than this."""
_LEAST_COMMON: Final = 0.3
"""How much of a line must be the same for the changed part to be told apart."""
_KINDS: Final = {"+": Kind.ADDED, "-": Kind.REMOVED, " ": Kind.TEXT, "@": Kind.LABEL, "i": Kind.DIM}


class TextDiff:
    """The difference of two texts, ready to be laid out at any width."""

    def __init__(self, old: str, new: str) -> None:
        texts = _comparable(old, new)
        newline = "\r\n" if _is_crlf(texts.old) and _is_crlf(texts.new) else "\n"
        old_lines, new_lines = _lines(texts.old, newline), _lines(texts.new, newline)
        found = changes(old_lines, new_lines)
        added = sum(change.new_end - change.new_start for change in found)
        removed = sum(change.old_end - change.old_start for change in found)
        self.summary = f"+{added:,} -{removed:,} {texts.unit}" if found else "no difference"
        self._rows = DiffRows()
        for text in [self.summary, *texts.notes]:
            self._rows.say("i", text)
        fill(self._rows, found, old_lines, new_lines)
        self._index = LineIndex("".join(f"{text}\n" for text in self._rows.texts))

    def lines(self, width: int) -> TextLines:
        return TextLines(
            self._index,
            width,
            colouring=_Colouring(self._rows, self._index),
            margin=_Margin(self._rows, width),
        )


class _Margin:
    """The number of a line in its text, and its sign."""

    def __init__(self, rows: DiffRows, width: int) -> None:
        self._rows = rows
        self._digits = len(str(max(rows.numbers))) if width > _NARROW else 0
        self.width = self._digits + 3

    def spans(self, row: Row) -> list[Span]:
        sign = self._rows.signs[row.line]
        if sign not in "+- ":
            return [Span(" ")]
        number = "" if row.part or not self._digits else str(self._rows.numbers[row.line])
        return [
            Span(f"{number:>{self._digits}} ", Kind.LINE_NUMBER),
            Span(f"{sign} ", _KINDS[sign]),
        ]


class _Colouring:
    """The kind of each line, and within a line that was replaced the part that differs."""

    def __init__(self, rows: DiffRows, index: LineIndex) -> None:
        self._rows = rows
        self._index = index

    def runs(self, row: Row) -> Iterable[Run]:
        kind = _KINDS[self._rows.signs[row.line]]
        before = row.start - self._index.span(row.line)[0]
        for end, run_kind in self._line_runs(row.line, kind):
            yield end - before, run_kind
        yield row.end - row.start, kind

    def _line_runs(self, line: int, kind: Kind) -> Iterator[Run]:
        """Give the runs of a whole line, but for the last."""
        partner = self._rows.partners[line]
        if not partner:
            return
        text, other = self._rows.texts[line], self._rows.texts[line + partner]
        start, end = common_start(text, other), common_end(text, other)
        if start + end >= _LEAST_COMMON * min(len(text), len(other)):
            yield start, kind
            yield len(text) - end, Kind.CHANGED


class _Comparable(NamedTuple):
    """The texts that are compared, and what is to be said about that."""

    old: str
    new: str
    unit: str = "lines"
    notes: tuple[str, ...] = ()


def _comparable(old: str, new: str) -> _Comparable:
    """Lay out JSON on long lines, unless only its white space differs."""
    if max(_longest_line(old), _longest_line(new)) <= _LONG:
        return _Comparable(old, new)
    old_pretty, new_pretty = json_text.pretty(old), json_text.pretty(new)
    if old_pretty is None or new_pretty is None or old_pretty == new_pretty:
        return _Comparable(old, new)
    notes = ["JSON is compared laid out, saved as written"]
    if _spacing(old) != _spacing(new):
        notes.append("spacing differs too, which is not shown")
    return _Comparable(old_pretty, new_pretty, "lines of JSON", tuple(notes))


def _longest_line(text: str) -> int:
    return max(map(len, text.split("\n")))


def _spacing(text: str) -> int:
    """Count the white space between the tokens of JSON."""
    return len(text) - len(msgspec.json.format(text, indent=-1))


def _is_crlf(text: str) -> bool:
    return text.count("\r\n") == text.count("\n")


def _lines(text: str, newline: str) -> list[str]:
    lines = text.split(newline)
    if not lines[-1]:
        return lines[:-1]
    lines[-1] += UNTERMINATED
    return lines
