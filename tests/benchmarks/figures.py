"""What was measured, and the tables that show it."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Column = tuple[str, str, str]
"""Heading, figure and unit; a figure that ends in ` p99` is the worst of a hundred."""


@dataclass
class Figures:
    """Every sample, by program and by what it is."""

    samples: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, program: str, what: str, value: float | None) -> None:
        if value is not None:
            self.samples[program, what].append(value)

    def of(self, program: str, what: str) -> float | None:
        """Give the median, or the worst of a hundred; None where nothing was measured."""
        values = sorted(self.samples.get((program, what.removesuffix(" p99")), ()))
        if not values:
            return None
        if what.endswith(" p99"):
            return values[min(len(values) - 1, round(len(values) * 0.99))]
        return statistics.median(values)

    def ratio(self, what: tuple[str, str], other: tuple[str, str]) -> float | None:
        """Give the median of what two figures of the same round are to each other."""
        pairs = zip(self.samples.get(what, ()), self.samples.get(other, ()), strict=False)
        ratios = [value / beside for value, beside in pairs]
        return statistics.median(ratios) if ratios else None


def table(figures: Figures, programs: Sequence[str], columns: Sequence[Column]) -> Iterable[str]:
    """Give the lines of a table, one program a line."""
    yield f"| | {' | '.join(heading for heading, _, _ in columns)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for program in programs:
        cells = [shown(figures.of(program, what), unit) for _, what, unit in columns]
        if any(cell != "-" for cell in cells):
            yield f"| {program} | {' | '.join(cells)} |"


def shown(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    if unit == "ms":
        return f"{value * 1000:,.1f} ms" if value < 0.1 else f"{value * 1000:,.0f} ms"
    return f"{value:,.2f}x" if unit == "x" else f"{value:,.0f} {unit}"
