"""What the children of a folder hold, as bars, the largest first."""

from typing import Any

from kvtui.keyspace.ranking import Ranked, Share
from kvtui.ui.formatting import fit, plural, size
from kvtui.ui.text import line
from kvtui.ui.widgets.row_view import RowView

BAR_CELLS = 18


class SizeChart(RowView):
    """One row for each child: its share of the whole, its size, its keys, its name."""

    COMPONENT_CLASSES = {"size--bar", "size--folder", "size--number"}
    DEFAULT_CSS = """
    SizeChart > .size--bar { color: $primary; }
    SizeChart > .size--folder { color: $text-primary; text-style: bold; }
    SizeChart > .size--number { color: $text-muted; }
    """

    def __init__(self, *, is_ascii: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._ranked = Ranked()
        self._prefix = ""
        self._is_ascii = is_ascii

    @property
    def row_count(self) -> int:
        return len(self._ranked.shares) + (self._ranked.others > 0)

    @property
    def highlighted(self) -> Share | None:
        """The child under the cursor; None on the row that stands for the others."""
        shares = self._ranked.shares
        return shares[self.cursor] if self.cursor < len(shares) else None

    def show_ranked(self, prefix: str, ranked: Ranked) -> None:
        """Show another ranking; within one folder the cursor stays on its child."""
        kept = self.highlighted.path if self.highlighted and prefix == self._prefix else None
        is_other_folder = prefix != self._prefix
        self._prefix, self._ranked = prefix, ranked
        paths = [share.path for share in ranked.shares]
        if is_other_folder:
            self.set_reactive(SizeChart.cursor, 0)
        elif kept in paths:
            self.set_reactive(SizeChart.cursor, paths.index(kept))
        self.rows_changed()

    def runs(self, row: int, width: int) -> list[tuple[str, str]]:
        if row >= len(self._ranked.shares):
            return [(f"  and {self._ranked.others:,} smaller ones", "size--number")]
        share = self._ranked.shares[row]
        part = share.size_bytes / self._ranked.size_bytes if self._ranked.size_bytes else 0.0
        filled = round(part * BAR_CELLS)
        full, empty = ("#", ".") if self._is_ascii else ("█", "░")
        numbers = f"{size(share.size_bytes):>9} {plural(share.key_count, 'key'):>14} "
        name = line(share.path[len(self._prefix) :]) or "∅"
        room = max(4, width - BAR_CELLS - len(numbers) - 10)
        return [
            (f" {part:>5.1%} ", "size--number"),
            (full * filled + empty * (BAR_CELLS - filled), "size--bar"),
            (numbers, "size--number"),
            (fit(name, room), "size--folder" if share.is_folder else ""),
        ]
