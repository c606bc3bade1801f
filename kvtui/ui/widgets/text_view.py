"""Text, and every view that is laid out like it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.binding import BindingType
from textual.message import Message

from kvtui.ui.commands import Scope, bindings
from kvtui.ui.widgets.line_view import LineView
from kvtui.values.looks import TextStyle

if TYPE_CHECKING:
    from kvtui.values.lines import Lines

_PAN_CELLS: Final = 8


class TextView(LineView):
    """Shows a value as text, in the style that was chosen last."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.VALUE, Scope.TEXT)]

    class StyleChosen(Message):
        """Text is to be laid out in another style."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reading_style = TextStyle()
        """How text is to be seen."""
        self._found_at: int | None = None
        """Where in the text stands what was found last, while lines are not wrapped."""

    def show_lines(self, lines: "Lines | None", *, is_same_value: bool = False) -> None:
        before = self.lines_shown
        if lines is None or before is None:
            self._found_at = None
            super().show_lines(lines, is_same_value=is_same_value)
            return
        from kvtui.values.text_lines import LongLines, TextLines

        top = None
        if is_same_value and isinstance(before, TextLines | LongLines) and len(before):
            top = before.line_of(min(self.scroll_offset.y, len(before) - 1))
        super().show_lines(lines, is_same_value=is_same_value)
        if top is not None and isinstance(lines, TextLines | LongLines):
            row = lines.row_of(min(top, lines.line_of(len(lines) - 1)))
            self.scroll_to(y=row, animate=False, immediate=True, force=True)
        if not is_same_value or not isinstance(lines, LongLines):
            self._found_at = None
        elif self._found_at is not None:
            self._match = lines.place(self._found_at)[0]

    def search(self, needle: str, *, is_backward: bool = False) -> bool:
        """Do as for all lines; where a line is one row, go from place to place in it too."""
        from kvtui.values.text_lines import LongLines

        lines = self.lines_shown
        if not isinstance(lines, LongLines) or not len(lines):
            return super().search(needle, is_backward=is_backward)
        is_again, self._needle = needle == self._needle, needle
        start = self._found_at
        if start is None:
            start = lines.index.span(self.search_start)[0]
        elif is_again:
            start += -1 if is_backward else 1
        self._found_at = lines.find_offset(needle, start, is_backward=is_backward)
        self._match = None
        if self._found_at is not None:
            self._match, lines.found_column = lines.place(self._found_at)
            self.show_found(self._match)
        self.refresh()
        return self._found_at is not None

    def end_search(self) -> None:
        super().end_search()
        self._found_at = None

    def show_found(self, row: int) -> None:
        from kvtui.values.text_lines import LongLines

        super().show_found(row)
        lines = self.lines_shown
        if isinstance(lines, LongLines) and lines.found_column is not None:
            column = lines.found_column
            if not lines.style.column <= column < lines.style.column + lines.width // 2:
                self._choose(replace(self.reading_style, column=max(0, column - _PAN_CELLS)))

    def action_toggle_wrap(self) -> None:
        self._choose(
            replace(self.reading_style, is_wrapped=not self.reading_style.is_wrapped, column=0)
        )

    def action_toggle_hidden(self) -> None:
        self._choose(replace(self.reading_style, shows_hidden=not self.reading_style.shows_hidden))

    def action_pan(self, direction: int) -> None:
        """Look further to the right or left, where lines are not wrapped."""
        if not self.reading_style.is_wrapped:
            column = max(0, self.reading_style.column + direction * _PAN_CELLS)
            self._choose(replace(self.reading_style, column=column))

    def _choose(self, style: TextStyle) -> None:
        if style != self.reading_style:
            self.reading_style = style
            self.post_message(self.StyleChosen())
