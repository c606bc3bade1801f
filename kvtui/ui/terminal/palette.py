"""The looks of cells, numbered, and the shortest way from one to another."""

from collections.abc import Callable
from typing import Final

import msgspec

PLAIN: Final = 0
"""The pen without colours and attributes, which terminals begin with."""

_STYLES_KEPT: Final = 2048
_OFF: Final = {
    "1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25",
    "7": "27", "8": "28", "9": "29", "51": "54", "52": "54", "53": "55",
}  # fmt: skip
"""What takes each attribute away."""
_SEEN_ON_BLANKS: Final = frozenset({"4", "21", "7", "9", "51", "52", "53", "5", "6"})
"""Attributes that make a difference to a space."""


class Pen(msgspec.Struct, frozen=True):
    """What SGR can say of a cell; a colour is its parameters, empty for the terminal's own."""

    foreground: str = ""
    background: str = ""
    attributes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, parameters: str) -> "Pen":
        """Read the parameters of an SGR sequence."""
        foreground = background = ""
        attributes: set[str] = set()
        codes = iter(parameters.split(";") if parameters else ())
        for code in codes:
            if code in {"38", "48"}:
                kind = next(codes)
                rest = [next(codes) for _ in range(1 if kind == "5" else 3)]
                colour = ";".join((code, kind, *rest))
                foreground, background = (
                    (colour, background) if code == "38" else (foreground, colour)
                )
            elif _is_colour(code, "3", "9"):
                foreground = "" if code == "39" else code
            elif _is_colour(code, "4", "10"):
                background = "" if code == "49" else code
            else:
                attributes.add(code)
        return cls(foreground, background, frozenset(attributes))

    @property
    def blank_look(self) -> tuple[str, object]:
        """What is seen of a space."""
        seen = self.attributes & _SEEN_ON_BLANKS
        return self.background, (self.foreground, self.attributes) if seen else None

    @property
    def parameters(self) -> tuple[str, ...]:
        """Say everything, from a fresh start."""
        return tuple(filter(None, (*sorted(self.attributes), self.foreground, self.background)))

    def change(self, to: "Pen") -> str:
        """Give the shortest SGR sequence from this pen to another."""
        if self == to:
            return ""
        anew = ";".join(("", *to.parameters)) if to.parameters else ""
        return f"\x1b[{min(self._difference(to), anew, key=len)}m"

    def _difference(self, to: "Pen") -> str:
        gone = {_OFF.get(code, "0") for code in self.attributes - to.attributes}
        kept = {code for code in to.attributes if _OFF.get(code) not in gone}
        wanted = sorted((to.attributes - self.attributes) | (to.attributes - kept))
        codes = [*sorted(gone), *wanted]
        if self.foreground != to.foreground:
            codes.append(to.foreground or "39")
        if self.background != to.background:
            codes.append(to.background or "49")
        return ";".join(codes)


def _is_colour(code: str, normal: str, bright: str) -> bool:
    """Tell whether a code is one of the 16 colours, or the terminal's own."""
    return code[:-1] in {normal, bright} and code[-1] != "8"


class Palette:
    """Every pen that was used, by number."""

    def __init__(self, parameters: Callable[[object], str]) -> None:
        self._parameters = parameters
        """Gives the SGR parameters of a style."""
        self._pens = [Pen()]
        self._numbers = {"": PLAIN}
        self._numbers_of_styles: dict[int, tuple[object, int]] = {}
        """By the identity of a style, which is kept with it: quicker than its look."""
        self._changes: dict[tuple[int, int], str] = {}
        self.blank_looks: list[int] = [0]
        """By pen: pens that share a number make the same of a space."""
        self._looks: dict[object, int] = {Pen().blank_look: 0}
        self.is_erasable: list[bool] = [True]
        """By pen: whether a space of it is nothing but background."""
        self.has_background: list[bool] = [False]

    def pen(self, style: object) -> int:
        """Give the pen for a style."""
        known = self._numbers_of_styles.get(id(style))
        if known is not None:
            return known[1]
        parameters = self._parameters(style)
        number = self._numbers.get(parameters)
        number = self._add(parameters) if number is None else number
        if len(self._numbers_of_styles) >= _STYLES_KEPT:
            self._numbers_of_styles.clear()
        self._numbers_of_styles[id(style)] = style, number
        return number

    def change(self, before: int | None, after: int) -> str:
        """Give what takes the terminal from one pen to another; None is one that is not known."""
        if before is None:
            return ";".join(("\x1b[0", *self._pens[after].parameters)) + "m"
        sequence = self._changes.get((before, after))
        if sequence is None:
            sequence = self._pens[before].change(self._pens[after])
            self._changes[before, after] = sequence
        return sequence

    def _add(self, parameters: str) -> int:
        pen = Pen.of(parameters)
        number = len(self._pens)
        self._pens.append(pen)
        self._numbers[parameters] = number
        look = pen.blank_look
        self.blank_looks.append(self._looks.setdefault(look, len(self._looks)))
        self.is_erasable.append(look[1] is None)
        self.has_background.append(bool(pen.background))
        return number
