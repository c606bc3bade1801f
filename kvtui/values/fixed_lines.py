"""A view that is short enough to be made at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvtui.values.cutting import row_starts
from kvtui.values.display import merged, show_spans
from kvtui.values.glyphs import is_plain
from kvtui.values.lines import Kind, Span
from kvtui.values.search import find

_GAP: Final = 2
_LEAST_WIDTH: Final = 16


class FixedLines:
    """Rows that were made before; implements `Lines`."""

    def __init__(self, rows: Sequence[list[Span]]) -> None:
        self._rows = rows
        self._texts = ["".join(span.text for span in row) for row in rows]

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, number: int) -> list[Span]:
        return self._rows[number]

    def find(self, needle: str, start: int, *, is_backward: bool = False) -> int | None:
        rows = range(start, -1, -1) if is_backward else range(start, len(self))
        return next((row for row in rows if find(self._texts[row], needle, 0) is not None), None)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something worth knowing, and the word for it."""

    label: str
    text: str
    kind: Kind = Kind.TEXT


def fact_lines(facts: Sequence[Fact], width: int) -> FixedLines:
    """Lay facts out in two columns; in narrow places the texts stand under their labels."""
    return FixedLines([row for rows in fact_rows(facts, width) for row in rows])


def fact_rows(facts: Sequence[Fact], width: int) -> list[list[list[Span]]]:
    """Give the rows of each fact, laid out together."""
    indent = max((len(fact.label) for fact in facts), default=0) + _GAP
    if width - indent < _LEAST_WIDTH:
        indent = _GAP
    return [_rows(fact, indent, width) for fact in facts]


def _rows(fact: Fact, indent: int, width: int) -> list[list[Span]]:
    label = merged([*show_spans(fact.label, Kind.LABEL), Span(" " * (indent - len(fact.label)))])
    texts = [show_spans(part, fact.kind) for part in _parts(fact.text, max(8, width - indent))]
    if len(fact.label) + _GAP > indent:
        return [label, *([Span(" " * indent), *spans] for spans in texts)]
    rows = [[Span(" " * indent), *spans] for spans in texts]
    rows[0][:1] = label
    return rows


def _parts(text: str, width: int) -> list[str]:
    """Cut a text into rows, between words where it can be."""
    if len(text) <= width and is_plain(text):
        return [text]
    rows: list[str] = []
    while text:
        starts = row_starts(text[: width + 1], width)
        cut = starts[1] if len(starts) > 1 else len(text)
        space = text.rfind(" ", 1, cut + 1)
        cut = space if cut < len(text) and space > 0 else cut
        rows.append(text[:cut])
        text = text[cut:].removeprefix(" ")
    return rows or [""]
