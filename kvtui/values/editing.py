"""Which values can be edited as text without harm, and the way back to bytes.

An editor holds text, not bytes, and shows lines: what a terminal would obey, and what some tools
take for the end of a line and others do not, is not let in.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from kvtui.values.detect import detect
from kvtui.values.detection import BYTE_ORDER_MARK, Detection, Encoding, Format

_AS_IT_IS: Final = "$EDITOR takes it as it is"
_IN_HEX: Final = "$EDITOR takes it written in hex"
_UNFIT: Final = (
    (
        re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]"),
        "it holds the control character U+{code:04X}",
    ),
    (
        re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]"),
        "it holds U+{code:04X}, which an editor takes for the end of a line",
    ),
    (re.compile("\r(?!\n)"), "it holds carriage returns that end no line"),
)
_SYNTAX: Final = {Format.JSON: "json", Format.JSON_LINES: "jsonl"}
_TEXTUAL: Final = frozenset(
    {Format.EMPTY, Format.JSON, Format.JSON_LINES, Format.JWT, Format.FORM, Format.TEXT}
)
_ENCODED: Final = frozenset({Encoding.UTF_16_LE, Encoding.UTF_16_BE, Encoding.LATIN_1})


@dataclass(frozen=True, slots=True)
class EditableText:
    """A value whose innermost content an editor of text can hold exactly."""

    text: str = field(repr=False)
    """The content decoded, with its line endings; a byte order mark is no part of it."""
    syntax: str = ""
    """What it is written in: `json`, `jsonl`, another name that pygments knows, or nothing."""
    encoding: Encoding = Encoding.UTF_8
    """What it is decoded from."""
    is_packed: bool = False
    """Whether layers are put around it, so that its own size is not the size of the value."""
    mark: str = ""
    """The byte order mark that stays before the text, where nobody can type before it."""

    def to_bytes(self, text: str) -> bytes:
        """Give the bytes of an edited text: exactly those of the content where nothing changed.

        What the encoding has no bytes for is replaced: ask `problem` first.
        """
        return (self.mark + text).encode(self.encoding, "replace")

    def to_text(self, content: bytes) -> str | None:
        """Give content as the text that stands for it here, or None where none does."""
        try:
            text = content.decode(self.encoding)
        except UnicodeDecodeError:
            return None
        return text.removeprefix(self.mark) if text.startswith(self.mark) else None

    def problem(self, text: str) -> str | None:
        """Say which character of `text` the encoding cannot hold, or None."""
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError as error:
            character = text[error.start]
            return f"{self.encoding.upper()} has no {character} (U+{ord(character):04X})"
        return None


@dataclass(frozen=True, slots=True)
class NotEditable:
    """A value that an editor of text would change or could not show."""

    reason: str
    alternative: str


def editable_text(content: bytes, content_type: str | None = None) -> EditableText | NotEditable:
    """Decide whether a value can be edited as text."""
    return editable(detect(content, content_type))


def editable(found: Detection) -> EditableText | NotEditable:
    """Decide whether what is inside all layers of a value can be edited as text."""
    encoding = found.encoding if found.encoding in _ENCODED else Encoding.UTF_8
    try:
        text = found.content.decode(encoding)
    except UnicodeDecodeError:
        return NotEditable(f"it is not text ({found.format})", _IN_HEX)
    if reason := text_problem(text):
        return NotEditable(reason, _AS_IT_IS if is_textual(found) else _IN_HEX)
    syntax = _SYNTAX.get(found.format) or found.language or ""
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    text = text.removeprefix(mark)
    return EditableText(text, syntax, encoding, is_packed=bool(found.layers), mark=mark)


def is_textual(found: Detection) -> bool:
    """Tell whether the innermost content is text for other programs too."""
    return found.is_text and found.format in _TEXTUAL


def text_problem(text: str) -> str | None:
    """Say what of a text would not survive in an editor, or None."""
    for pattern, reason in _UNFIT:
        if found := pattern.search(text):
            return reason.format(code=ord(found[0]))
    return None
