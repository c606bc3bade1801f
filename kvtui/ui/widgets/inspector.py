"""What the bytes under the cursor are, below the bytes themselves."""

from typing import Any, Final

from kvtui.ui.widgets.line_view import LineView, Run

_MOST_OF_PANE: Final = 0.45
_RULE: Final = "─"


class Inspector(LineView, can_focus=False):
    """Shows what bytes mean as numbers and times, below a rule.

    It has the same height for all bytes, so that nothing else moves with the cursor.
    """

    COMPONENT_CLASSES = {"inspector--rule"}
    DEFAULT_CSS = """
    Inspector { height: 0; overflow-y: hidden; }
    Inspector > .inspector--rule { color: $foreground 20%; }
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._pane_size = (0, 0)
        self._facts_height = 0

    def inspect(self, content: bytes, at: int, pane_size: tuple[int, int]) -> None:
        """Say what the bytes from `at` on are, in a pane of so many cells across and down."""
        from kvtui.values.formats.inspector import inspector_lines

        width, _ = pane_size
        if pane_size != self._pane_size:
            self._fit(*pane_size)
        self.show_lines(inspector_lines(content, at, width, self._facts_height), is_same_value=True)

    def _fit(self, width: int, pane_height: int) -> None:
        """Take the room that the facts may need, and leave most of the pane to the bytes."""
        from kvtui.values.formats.inspector import most_rows

        self._pane_size = width, pane_height
        room = int(pane_height * _MOST_OF_PANE) - 1
        self._facts_height = max(0, min(room, most_rows(width)))
        self.styles.height = self._facts_height + 1 if self._facts_height else 0

    @property
    def row_count(self) -> int:
        return 1 + super().row_count

    def runs(self, row: int, width: int) -> list[Run]:
        return super().runs(row - 1, width) if row else [(_RULE * width, "inspector--rule")]
