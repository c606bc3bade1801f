"""A terminal that draws images, by either protocol, as far as one can be without a window."""

import re
from base64 import b64decode
from io import BytesIO

import pyte
from PIL import Image
from pyte.screens import Char

from kvtui.ui.terminal.graphics import SEQUENCE
from kvtui.ui.terminal.placeholder import COLOUR, part

CELL = (10, 20)
_UNDER_IMAGE = "\ue000"
"""Stands where an image was drawn at the cursor, until text is written there."""
_KITTY = re.compile(r"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
_CUT = re.compile(r"\x1b(?:[_\]][^\x07\x1b]*)?\x1b?\Z")
"""A sequence whose end is still to come."""
_ITERM2 = re.compile(r"\x1b\]1337;File=([^:]*):([^\x07]*)\x07")


class ImageScreen:
    """Draws what is fed; `picture` is what a person would see of images."""

    def __init__(self, columns: int, lines: int) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self.screen)
        self._stream.feed("\x1b[?7l")
        self.sent: dict[int, Image.Image] = {}
        """Images that the terminal holds, by the number that it knows them by."""
        self._arriving: tuple[int, str] | None = None
        self._unfinished = ""
        self._drawn: dict[tuple[int, int], Image.Image] = {}

    def feed(self, text: str) -> None:
        text, at = self._unfinished + text, 0
        cut = _CUT.search(text)
        self._unfinished = cut[0] if cut else ""
        text = text.removesuffix(self._unfinished)
        for found in SEQUENCE.finditer(text):
            self._stream.feed(text[at : found.start()])
            at = found.end()
            if kitty := _KITTY.fullmatch(found[0]):
                self._obey(_keys(kitty[1], ","), kitty[2] or "")
            elif iterm2 := _ITERM2.fullmatch(found[0]):
                self._draw(_keys(iterm2[1], ";"), b64decode(iterm2[2]))
        self._stream.feed(text[at:])

    @property
    def picture(self) -> Image.Image:
        """The screen with images alone."""
        width, height = self.screen.columns, self.screen.lines
        seen = Image.new("RGB", (width * CELL[0], height * CELL[1]))
        for y in range(height):
            for x in range(width):
                if cell := self._cell(x, y):
                    seen.paste(cell, (x * CELL[0], y * CELL[1]))
        return seen

    @property
    def image_cells(self) -> set[tuple[int, int]]:
        """The columns and rows in which an image is seen."""
        places = ((x, y) for y in range(self.screen.lines) for x in range(self.screen.columns))
        return {(x, y) for x, y in places if self._cell(x, y)}

    def _obey(self, keys: dict[str, str], payload: str) -> None:
        action = keys.get("a", "t")
        if action == "d":
            self.sent.pop(int(keys["i"]), None)
        elif action == "p":
            size = int(keys["c"]) * CELL[0], int(keys["r"]) * CELL[1]
            self.sent[int(keys["i"])] = self.sent[int(keys["i"])].resize(size)
        else:
            number, before = self._arriving or (int(keys["i"]), "")
            self._arriving = number, before + payload
            if keys["m"] == "0":
                self.sent[number] = _opened(b64decode(self._arriving[1]))
                self._arriving = None

    def _draw(self, keys: dict[str, str], content: bytes) -> None:
        columns, cursor = int(keys["width"]), self.screen.cursor
        assert int(keys["size"]) == len(content)
        strip = _opened(content).resize((columns * CELL[0], CELL[1]))
        for column in range(columns):
            self._drawn[cursor.x + column, cursor.y] = _crop(strip, column, 0)
            self.screen.buffer[cursor.y][cursor.x + column] = Char(_UNDER_IMAGE)
        # Terminals differ in where they leave the cursor.
        cursor.x = cursor.y = 0

    def _cell(self, x: int, y: int) -> Image.Image | None:
        cell = self.screen.buffer[y][x]
        if cell.data == _UNDER_IMAGE:
            return self._drawn[x, y]
        found = part(cell.data)
        if found is None or len(cell.fg) != 6:
            return None
        number = found.image << 24 | int(cell.fg, 16)
        if number not in self.sent or cell.fg != bytes(COLOUR).hex():
            return None
        return _crop(self.sent[number], found.column, found.row)


def _keys(text: str, separator: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split(separator))
    return {key: value for key, _, value in pairs}


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


def _crop(image: Image.Image, column: int, row: int) -> Image.Image:
    x, y = column * CELL[0], row * CELL[1]
    return image.crop((x, y, x + CELL[0], y + CELL[1]))
