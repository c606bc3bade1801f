"""The text in the editor, held so that every character that went in comes out again."""

from typing import Final

from textual.document._document import Document, EditResult, Location, Newline

_LINE_ENDS: Final[tuple[Newline, ...]] = ("\r\n", "\n", "\r")


class ExactDocument(Document):
    """A document whose lines end where its own line ending stands, and nowhere else.

    The stock document also breaks lines at eight other characters and unifies mixed line endings.
    """

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._newline = _line_end(text)
        self._lines = text.split(self._newline)

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        top, bottom = sorted((start, end))
        replaced = self.get_text_range(top, bottom)
        lines = self._lines
        before = lines[top[0]][: top[1]]
        after = lines[bottom[0]][bottom[1] :] if bottom[0] < len(lines) else ""
        inserted = text.split(self._newline)
        inserted[0] = before + inserted[0]
        end_location = (top[0] + len(inserted) - 1, len(inserted[-1]))
        inserted[-1] += after
        lines[top[0] : bottom[0] + 1] = inserted
        return EditResult(end_location, replaced)

    def get_text_range(self, start: Location, end: Location) -> str:
        top, bottom = sorted((start, end))
        lines = self._lines[top[0] : bottom[0] + 1]
        if bottom[0] < len(self._lines):
            lines[-1] = lines[-1][: bottom[1]]
        lines[0] = lines[0][top[1] :]
        return self._newline.join(lines)

    def with_own_line_ends(self, text: str) -> str:
        """Give `text`, typed or pasted, with the line ending of this document."""
        return self._newline.join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _line_end(text: str) -> Newline:
    """Choose the line ending: where they are mixed, what is not the line ending stays text."""
    if "\r" not in text:
        return "\n"
    counts = [text.count(line_end) for line_end in _LINE_ENDS]
    if counts[0] == counts[1] == counts[2]:
        return "\r\n"
    return "\n" if counts[1] else "\r"
