"""What a save would change, in rows: text by lines, JSON by its tokens, anything else by bytes.

Where both values have the same layers around them, what is inside is compared.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from kvtui.values.byte_diff import ByteDiff
from kvtui.values.detect import detect
from kvtui.values.detection import ARROW, Encoding, Layer
from kvtui.values.formats.text import is_legible
from kvtui.values.lines import Lines
from kvtui.values.text_diff import TextDiff

_ENCODED: Final = frozenset({Encoding.UTF_16_LE, Encoding.UTF_16_BE, Encoding.LATIN_1})
_KEPT: Final = 2
"""Diffs that need not be worked out anew when only the width changes."""


def diff_lines(old: bytes, new: bytes, width: int) -> Lines:
    """Lay out what changes from `old` to `new` for a width in cells, a summary in the first row."""
    return _difference(old, new).lines(width)


def summary(old: bytes, new: bytes) -> str:
    """Say in a few words what changes, as in `+3 -1 lines`."""
    return _difference(old, new).summary


def shared_layers(old: bytes, new: bytes) -> str:
    """Name the layers inside which the values are compared; empty where there are none."""
    return ARROW.join(_inside(old, new).layers)


class _Inside(NamedTuple):
    """Two values without the layers that both have."""

    layers: tuple[Layer, ...]
    old: bytes
    new: bytes
    encoding: Encoding
    """Of both, where they are text."""


@lru_cache(maxsize=_KEPT)
def _inside(old: bytes, new: bytes) -> _Inside:
    before, after = detect(old), detect(new)
    if before.layers != after.layers or before.content == after.content:
        return _Inside((), old, new, Encoding.UTF_8)
    encoding = Encoding.UTF_8
    if before.encoding is after.encoding and before.encoding in _ENCODED:
        encoding = before.encoding
    return _Inside(before.layers, before.content, after.content, encoding)


@lru_cache(maxsize=_KEPT)
def _difference(old: bytes, new: bytes) -> TextDiff | ByteDiff:
    inside = _inside(old, new)
    old_text = _text(inside.old, inside.encoding)
    new_text = _text(inside.new, inside.encoding)
    if old_text is None or new_text is None:
        return ByteDiff(inside.old, inside.new)
    return TextDiff(old_text, new_text)


def _text(content: bytes, encoding: Encoding) -> str | None:
    """Decode with the byte order mark kept, so that its coming or going is seen."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if is_legible(text) else None
