"""What a save would change, in rows: text by lines, JSON by its tokens, anything else by bytes."""

from functools import lru_cache
from typing import Final

from kvtui.values.byte_diff import ByteDiff
from kvtui.values.formats.text import is_legible
from kvtui.values.lines import Lines
from kvtui.values.text_diff import TextDiff

_KEPT: Final = 2
"""Diffs that need not be worked out anew when only the width changes."""


def diff_lines(old: bytes, new: bytes, width: int) -> Lines:
    """Lay out what changes from `old` to `new` for a width in cells, a summary in the first row."""
    return _difference(old, new).lines(width)


def summary(old: bytes, new: bytes) -> str:
    """Say in a few words what changes, as in `+3 -1 lines`."""
    return _difference(old, new).summary


@lru_cache(maxsize=_KEPT)
def _difference(old: bytes, new: bytes) -> TextDiff | ByteDiff:
    old_text, new_text = _text(old), _text(new)
    if old_text is None or new_text is None:
        return ByteDiff(old, new)
    return TextDiff(old_text, new_text)


def _text(content: bytes) -> str | None:
    """Decode with the byte order mark kept, so that its coming or going is seen."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return text if is_legible(text) else None
