"""Images in terminals that can draw them, by kitty's protocol or by iTerm2's.

Only what is written here goes out, and only images that were decoded and written anew.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import cycle
from typing import TYPE_CHECKING, Final

from kvtui.ui.terminal.placeholder import MARKS, MOST_IMAGES, Part, whole_number

if TYPE_CHECKING:
    from kvtui.values.formats.picture import Drawing

BLOCKS: Final = "blocks"
"""The setting for images out of half blocks, which every terminal shows."""
CHUNK: Final = 4096
SEQUENCE: Final = re.compile(
    r"\x1b_G(?:a=t,f=100,i=[0-9]+,)?q=2,m=[01];[A-Za-z0-9+/]{0,4096}={0,2}\x1b\\"
    r"|\x1b_Ga=p,U=1,i=[0-9]+,c=[0-9]+,r=[0-9]+,q=2\x1b\\"
    r"|\x1b_Ga=d,d=I,i=[0-9]+,q=2\x1b\\"
    r"|\x1b\]1337;File=inline=1;size=[0-9]+;width=[0-9]+;height=1;preserveAspectRatio=0:"
    r"[A-Za-z0-9+/]+={0,2}\x07"
)
"""Every sequence that draws or takes away an image."""
AUTO: Final = "auto"
_KITTY: Final = {
    "TERM": ("xterm-kitty", "xterm-ghostty"),
    "TERM_PROGRAM": ("ghostty",),
}
_ITERM2: Final = {
    "TERM_PROGRAM": ("iTerm.app", "WezTerm", "mintty"),
    "LC_TERMINAL": ("iTerm2",),
}
_BETWEEN: Final = ("TMUX", "STY", "ZELLIJ")
"""Programs between here and the terminal, which do not pass images on."""


class Protocol(StrEnum):
    """How a terminal takes images; named as in the settings."""

    KITTY = "kitty"
    ITERM2 = "iterm2"


def protocol(wanted: str, environ: Mapping[str, str], *, has_colours: bool) -> Protocol | None:
    """Choose the protocol that was asked for, `auto` being what the terminal is known to have.

    Kitty's needs all colours: they carry the numbers of images.
    """
    found = _known(environ) if wanted == AUTO else wanted
    if found == Protocol.KITTY and (not has_colours or environ.get("NO_COLOR")):
        return None
    return Protocol(found) if found in {*Protocol} else None


def _known(environ: Mapping[str, str]) -> str:
    if any(environ.get(name) for name in _BETWEEN):
        return BLOCKS
    if _is_one_of(_KITTY, environ) or environ.get("KITTY_WINDOW_ID"):
        return Protocol.KITTY
    return Protocol.ITERM2 if _is_one_of(_ITERM2, environ) else BLOCKS


def _is_one_of(known: Mapping[str, tuple[str, ...]], environ: Mapping[str, str]) -> bool:
    return any(environ.get(name) in values for name, values in known.items())


class Graphics:
    """The images that the terminal holds or is shown, by number."""

    def __init__(
        self,
        protocol: Protocol,
        send: Callable[[str], None],
        cell: Callable[[], tuple[int, int]],
    ) -> None:
        """Take what sends a sequence, and what tells how many pixels a cell has."""
        self.protocol = protocol
        self._send = send
        self._cell = cell
        self._numbers = cycle(range(1, MOST_IMAGES + 1))
        self._shown: dict[int, Drawing] = {}

    @property
    def cell(self) -> tuple[int, int]:
        """The pixels of a cell, across and down."""
        return self._cell()

    def show(self, drawing: "Drawing") -> int:
        """Make an image known to the terminal; give its number for `parts_text`."""
        number = next(self._numbers)
        self._shown[number] = drawing
        self._transmit(number, drawing)
        return number

    def drop(self, number: int) -> None:
        """Take an image out of the terminal again."""
        if self._shown.pop(number, None) is not None:
            self._remove(number)

    def restart(self) -> None:
        """Make all images known again, to a terminal that may have forgotten them."""
        for number, drawing in self._shown.items():
            self._transmit(number, drawing)

    def leave(self) -> None:
        """Leave no image behind."""
        for number in self._shown:
            self._remove(number)

    def strip(self, part: Part) -> str:
        """Give what draws the row of an image that `part` begins."""
        drawing = self._shown.get(part.image)
        return iterm2_strip(drawing.strips[part.row], drawing.columns) if drawing else ""

    def columns(self, image: int) -> int:
        """Tell how many cells a row of an image has; none where it is gone."""
        drawing = self._shown.get(image)
        return min(drawing.columns, len(MARKS)) if drawing else 0

    def _transmit(self, number: int, drawing: "Drawing") -> None:
        if self.protocol is Protocol.KITTY:
            self._send(kitty_image(number, drawing))

    def _remove(self, number: int) -> None:
        if self.protocol is Protocol.KITTY:
            self._send(f"\x1b_Ga=d,d=I,i={whole_number(number)},q=2\x1b\\")


def kitty_image(number: int, drawing: "Drawing") -> str:
    """Give what hands an image over, and lets it stand where its placeholders are."""
    digits = b64encode(drawing.whole).decode()
    chunks = [digits[at : at + CHUNK] for at in range(0, len(digits), CHUNK)]
    whole = whole_number(number)
    keys = [f"a=t,f=100,i={whole},", *([""] * (len(chunks) - 1))]
    sent = [
        f"\x1b_G{key}q=2,m={int(at + 1 < len(chunks))};{chunk}\x1b\\"
        for at, (key, chunk) in enumerate(zip(keys, chunks, strict=True))
    ]
    return f"{''.join(sent)}\x1b_Ga=p,U=1,i={whole},c={drawing.columns},r={drawing.rows},q=2\x1b\\"


def iterm2_strip(png: bytes, columns: int) -> str:
    """Give what draws an image of one row at the cursor."""
    shape = f"size={len(png)};width={columns};height=1;preserveAspectRatio=0"
    return f"\x1b]1337;File=inline=1;{shape}:{b64encode(png).decode()}\x07"
