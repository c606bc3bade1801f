"""The second barrier: control sequences that this program does not use never leave it.

Remote text is made harmless where it enters the interface, and cell by cell where it is drawn. What
is written here is everything: modes, frames, and whatever a library sends by itself.
"""

import re
from typing import Final

from kvtui.ui.terminal.graphics import SEQUENCE

# Line wrap, cursor, mouse, focus, alternate screen, paste, synchronized output, resize reports.
_MODES: Final = "7|25|100[02346]|101[56]|1049|2004|2026|2048"
_SHAPES: Final = (
    "default|pointer|text|crosshair|wait|progress|help|move|grab|grabbing|not-allowed|no-drop"
    "|copy|alias|context-menu|cell|vertical-text|all-scroll|zoom-in|zoom-out"
    "|(?:[ensw]{1,2}|col|row|ew|ns|nesw|nwse)-resize"
)
_ALLOWED: Final = (
    r"\x1b\[[0-9;]*m"  # colours and attributes
    r"|\x0b{1,3}\x08{1,4}"  # down and back to the left, which frames do often
    r"|\x1b\[[0-9;]*[ABCDGHJKXd]"  # cursor moves and erasing
    rf"|\x1b\[\?(?:{_MODES})[hl]"
    r"|\x1b\[\?20(?:26|48)\$p"  # asks what the terminal can do
    r"|\x1b\[>[0-9]+u|\x1b\[<u"  # keyboard protocol
    rf"|\x1b\]22;(?:{_SHAPES})(?:\x07|\x1b\\)"  # pointer shape
)
_FORBIDDEN: Final = (
    r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_WATCHED: Final = re.compile(rf"(?P<allowed>{_ALLOWED})|{_FORBIDDEN}")
_WITH_IMAGES: Final = re.compile(rf"(?P<allowed>{_ALLOWED}|{SEQUENCE.pattern})|{_FORBIDDEN}")
BELL: Final = "\a"


def guard(text: str, *, has_images: bool = False) -> str:
    """Give `text` with nothing a terminal obeys but what this program has use for."""
    if text == BELL:
        return text
    return (_WITH_IMAGES if has_images else _WATCHED).sub(_allowed, text)


def _allowed(found: re.Match[str]) -> str:
    return found["allowed"] or "\N{REPLACEMENT CHARACTER}"
