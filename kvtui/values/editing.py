"""Which values can be edited as text without harm, and the way back to bytes.

An editor holds text, not bytes, and shows lines: what is not UTF-8, what a terminal would obey, and
what some tools take for the end of a line and others do not, is not let in.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from kvtui.values.detect import detect
from kvtui.values.detection import Detection, Encoding, Format

_IN_EDITOR: Final = "$EDITOR takes it as it is"
_NOT_AS_TEXT: Final = "$EDITOR takes it, if it can edit bytes"
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


@dataclass(frozen=True, slots=True)
class EditableText:
    """A value that an editor of text can hold exactly."""

    text: str = field(repr=False)
    """The value decoded, with its byte order mark and line endings."""
    syntax: str = ""
    """What it is written in: `json`, `jsonl`, another name that pygments knows, or nothing."""

    def to_bytes(self, text: str) -> bytes:
        """Give the bytes of an edited text: exactly those of the value where nothing changed."""
        return text.encode()


@dataclass(frozen=True, slots=True)
class NotEditable:
    """A value that an editor of text would change or could not show."""

    reason: str
    alternative: str


def editable_text(content: bytes, content_type: str | None = None) -> EditableText | NotEditable:
    """Decide whether a value can be edited as text."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _no_text(detect(content, content_type))
    if reason := _problem(text):
        return NotEditable(reason, _IN_EDITOR)
    return EditableText(text, _syntax(detect(content, content_type)))


def _no_text(found: Detection) -> NotEditable:
    if found.layers:
        return NotEditable(f"it is {found.layers[0]}-compressed", _NOT_AS_TEXT)
    if found.encoding in {Encoding.UTF_16_LE, Encoding.UTF_16_BE, Encoding.LATIN_1}:
        return NotEditable(f"it is text in {found.encoding.upper()}, not in UTF-8", _IN_EDITOR)
    return NotEditable(f"it is not text ({found.format})", _NOT_AS_TEXT)


def _problem(text: str) -> str | None:
    """Say what of a text would not survive in an editor, or None."""
    for pattern, reason in _UNFIT:
        if found := pattern.search(text):
            return reason.format(code=ord(found[0]))
    return None


def _syntax(found: Detection) -> str:
    if found.layers:
        return ""
    return _SYNTAX.get(found.format) or found.language or ""
