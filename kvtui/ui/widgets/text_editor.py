"""The editor for values that are text: exact, quick at 1 MiB, and harmless to the terminal."""

import re
from collections.abc import Callable
from typing import Any, Final

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.document._document import EditResult, Location, Selection
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.strip import Strip
from textual.widgets import TextArea

from kvtui.ui.widgets.component_style import component_style
from kvtui.ui.widgets.exact_document import ExactDocument
from kvtui.ui.widgets.indentation import Indentation
from kvtui.ui.widgets.keys_in_order import KeysInOrder
from kvtui.ui.widgets.line_highlighter import LineHighlighter
from kvtui.ui.widgets.wrapped_rows import WrappedRows, shown
from kvtui.values.lines import Kind

_REFUSED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters and uncommon line breaks: they are never taken in by accident."""
_UNDO_STEPS: Final = 1_000


class TextEditor(TextArea, KeysInOrder):
    """Holds a text exactly, and draws only the rows on screen.

    The stock widget joins the whole text for every row it draws, and changes some of it.
    """

    COMPONENT_CLASSES = {f"kind--{kind}" for kind in Kind}
    DEFAULT_CSS = """
    TextEditor {
        border: none;
        padding: 0;
        background: $background;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        &:focus { border: none; }
        & .text-area--gutter { color: $text-disabled; }
        & .text-area--cursor-gutter { color: $text-accent; background: $surface; }
        & .text-area--cursor-line { background: $surface; }
        & > .kind--name { color: $text-primary; }
        & > .kind--string { color: $text-success; }
        & > .kind--number { color: $text-accent; }
        & > .kind--keyword { color: $text-warning; }
        & > .kind--punctuation { color: $text-muted; }
        & > .kind--comment { color: $text-muted; }
        & > .kind--hidden { color: $text-error; text-style: bold; }
    }
    """
    document: ExactDocument
    wrapped_document: WrappedRows

    def __init__(self, text: str = "", *, syntax: str = "", **options: Any) -> None:
        self._styles_in_use: dict[str, Style] = {}
        self._highlighter = LineHighlighter(syntax)
        self._indentation = Indentation.of(text, syntax)
        super().__init__(
            "",
            tab_behavior="indent",
            show_line_numbers=True,
            max_checkpoints=_UNDO_STEPS,
            **options,
        )
        self.set_reactive(TextArea.cursor_blink, False)
        self.set_reactive(TextArea.match_cursor_bracket, False)
        self.set_reactive(TextArea.indent_width, self._indentation.width)
        self.indent_type = "tabs" if self._indentation.step == "\t" else "spaces"
        self._set_document(text, None)

    def _set_document(self, text: str, language: str | None) -> None:
        self.document = ExactDocument(text)
        self.wrapped_document = WrappedRows(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """Find none: the stock search walks through the whole text at every step."""
        return None

    def get_column_width(self, row: int, column: int) -> int:
        """Measure from the beginning of the row on screen, as tabs are drawn."""
        return self.wrapped_document.location_to_offset((row, column)).x

    def frozen(self) -> Callable[[], bytes]:
        """Give a way to make the text as it is now, as UTF-8, later and in another thread."""
        lines, newline = list(self.document.lines), self.document.newline
        return lambda: newline.join(lines).encode(errors="surrogatepass")

    # What may come in

    def _replace_via_keyboard(
        self, insert: str, start: Location, end: Location
    ) -> EditResult | None:
        refused = _REFUSED.search(insert)
        if refused:
            self.notify(
                f"Nothing was inserted: the text holds U+{ord(refused[0]):04X}, a character that "
                "cannot be seen here. Edit the value in $EDITOR to keep it.",
                severity="warning",
                markup=False,
            )
            return None
        return super()._replace_via_keyboard(self.document.with_own_line_ends(insert), start, end)

    async def _on_key(self, event: events.Key) -> None:
        if await self.take_bound_key(event):
            return
        if event.key == "escape":
            event.prevent_default()
        elif self.read_only and event.is_printable:
            self._take_over(event)
        elif not self.read_only:
            self._edit_with(event)

    def _edit_with(self, event: events.Key) -> None:
        """Do what the stock widget does not, or does otherwise."""
        if event.key == "enter":
            self._take(event, "\n" + self._indentation.of_new_line(self._before_cursor))
        elif event.key == "tab" and not self.selection.is_empty:
            self._take_over(event)
            self._shift_lines(self._indentation.moved_in)
        elif event.key == "shift+tab":
            self._take_over(event)
            self._shift_lines(self._indentation.moved_out)
        elif event.character and not event.is_printable and event.character >= "\xa0":
            self._take(event, event.character)

    def _take(self, event: events.Key, text: str) -> None:
        """Insert what the stock widget would not, such as a no-break space."""
        self._take_over(event)
        self._replace_via_keyboard(text, *self.selection)

    def _take_over(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()

    def action_copy(self) -> None:
        """Copy; with nothing selected do nothing, rather than what the key means elsewhere."""
        if self.selection.is_empty:
            self.notify("Nothing is selected.", markup=False)
        else:
            super().action_copy()

    def put(self, text: str) -> bool:
        """Put `text` in place of all there is, as one step of undo; tell whether it differs."""
        new = self.document.with_own_line_ends(text)
        if new == self.text:
            return False
        self.history.checkpoint()
        self.edit(Edit(new, (0, 0), self.document.end, maintain_selection_offset=False))
        self.history.checkpoint()
        self.move_cursor((0, 0))
        return True

    def find(self, needle: str) -> bool:
        """Select the next `needle` after the selection, around the end; tell whether there is one.

        Case matters when the needle has a capital letter.
        """
        fold = str.lower if needle == needle.lower() else str
        row, column = max(self.selection)
        lines = self.document.lines
        for step in range(len(lines) + 1):
            place = (row + step) % len(lines)
            at = fold(lines[place]).find(needle, 0 if step else column)
            if at >= 0:
                self.selection = Selection((place, at), (place, at + len(needle)))
                return True
        return False

    # Indenting lines

    @property
    def _before_cursor(self) -> str:
        row, column = min(self.selection)
        return self.document.get_line(row)[:column]

    def _shift_lines(self, shift: Callable[[str], str]) -> None:
        """Move the lines of the selection in or out, as one step of undo."""
        (first, _), (last, last_column) = sorted(self.selection)
        if last > first and last_column == 0:
            last -= 1
        before = self.document.lines[first : last + 1]
        after = [shift(line) for line in before]
        if after == before:
            return
        moved = {
            first + place: len(new) - len(old)
            for place, (old, new) in enumerate(zip(before, after, strict=True))
        }
        start, end = (
            (row, max(0, column + moved.get(row, 0)) if column else 0)
            for row, column in self.selection
        )
        lines = self.document.newline.join(after)
        self.edit(Edit(lines, (first, 0), (last, len(before[-1])), maintain_selection_offset=False))
        self.selection = Selection(start, end)

    # Drawing

    def notify_style_update(self) -> None:
        self._styles_in_use.clear()
        super().notify_style_update()

    def _style_of(self, name: str) -> Style:
        style = self._styles_in_use.get(name)
        if style is None:
            style = component_style(self, name)
            self._styles_in_use[name] = style
        return style

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        base = self.rich_style
        width = self.scrollable_content_region.width
        if row >= self.wrapped_document.height:
            return Strip.blank(width, base)
        line, section = self.wrapped_document.place_of(row)
        if line == self.cursor_location[0]:
            base += self._style_of("text-area--cursor-line")
        text = self._row_text(line, section)
        strip = Strip([*self._gutter(line, section), *text.render(self.app.console)])
        return strip.apply_style(base).adjust_cell_length(width, base)

    def _gutter(self, line: int, section: int) -> list[Segment]:
        is_current = line == self.cursor_location[0]
        name = "text-area--cursor-gutter" if is_current else "text-area--gutter"
        number = str(line + self.line_number_start) if section == 0 else ""
        return [Segment(f"{number:>{self.gutter_width - 2}}  ", self._style_of(name))]

    def _row_text(self, line: int, section: int) -> Text:
        raw = self.document.get_line(line)
        start, end = self.wrapped_document.bounds(line, section)
        part = raw[start:end]
        visible = shown(part)
        text = Text(f"{visible} " if end == len(raw) else visible, end="", no_wrap=True)
        for run_start, run_end, kind in self._highlighter.runs(raw):
            self._paint(text, f"kind--{kind}", run_start - start, run_end - start)
        if visible is not part:
            for place, (real, stand_in) in enumerate(zip(part, visible, strict=True)):
                if real != stand_in:
                    self._paint(text, "kind--hidden", place, place + 1)
        self._paint_selection(text, line, start)
        text.expand_tabs(self.indent_width)
        return text

    def _paint_selection(self, text: Text, line: int, row_start: int) -> None:
        """Show what is selected in the row, and the cursor."""
        top, bottom = sorted(self.selection)
        if top != bottom and top[0] <= line <= bottom[0]:
            start = top[1] - row_start if line == top[0] else 0
            end = bottom[1] - row_start if line == bottom[0] else len(text.plain)
            self._paint(text, "text-area--selection", start, end)
        row, column = self.cursor_location
        if row == line and self._draw_cursor:
            self._paint(text, "text-area--cursor", column - row_start, column - row_start + 1)

    def _paint(self, text: Text, name: str, start: int, end: int) -> None:
        """Style a part of a row; what lies outside of it is left out."""
        start, end = max(0, start), min(end, len(text.plain))
        if start < end:
            text.stylize(self._style_of(name), start, end)
