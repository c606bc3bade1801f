"""Somebody who presses anything but what quits: what a terminal sends for it, at random."""

import random
import string
from collections.abc import Callable

CONTROL = {letter: chr(ord(letter) - ord("a") + 1) for letter in string.ascii_lowercase}
ARROWS = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"]
PAGES = ["\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", CONTROL["d"], CONTROL["u"]]
HELD = [*"jkjkjklhnN", *ARROWS, "\x1b[5~", "\x1b[6~", "\t"]
LETTERS = ["\x1b", "\x1b", "\r", "\r", "\t", "\x1b[Z", " ", *"123fx[]zsSLFcmivVruyYW@?JnNgG0", "/"]
OPENING = [*"eebbmaaRDopX@?:suiSJPE", CONTROL["g"], CONTROL["p"], "\x1bOP"]
INSIDE = [
    *("\x7f", "\x1b[3~", "\r", "\t", " ", "a", "漢", "👩", "é", "\x1b[1;2C", "\x1b[1;2B", "\x1bOR"),
    *map(CONTROL.__getitem__, "ftyxsa"),
]
WORDS = ["user/", "strange", "1", "漢字", "🎉 x", "/", "{}", '{"a": [1, "漢"]}', "re.*", "zz", "0f"]
PALETTE = ["theme", "watch", "sizes", "mask", "sort", "layer", "replace", "zoom"]
WHEEL_UP, WHEEL_DOWN = 64, 65
MOST_HELD = 40


class Wanderer:
    """Gives what is typed, key by key."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._ways: list[Callable[[int, int], list[str]]] = [
            *[self._hold] * 6,
            *[self._press] * 6,
            *[self._open] * 4,
            *[self._click] * 2,
            self._paste,
            self._name,
            self._command,
            self._leave_terminal,
        ]

    def gesture(self, columns: int, rows: int) -> list[str]:
        """Give what is typed next on a screen of this size."""
        return self._dice.choice(self._ways)(columns, rows)

    def _hold(self, *_: int) -> list[str]:
        return [self._dice.choice(HELD)] * self._dice.randint(1, MOST_HELD)

    def _press(self, *_: int) -> list[str]:
        return self._dice.choices([*LETTERS, *ARROWS, *PAGES], k=self._dice.randint(1, 12))

    def _open(self, *_: int) -> list[str]:
        """Open an editor, a dialog or a screen, do something there and leave, or not quite."""
        inside = self._dice.choices([*INSIDE, *ARROWS, *PAGES], k=self._dice.randint(0, 12))
        return [self._dice.choice(OPENING), *inside, *["\x1b"] * self._dice.randint(0, 2)]

    def _click(self, columns: int, rows: int) -> list[str]:
        x, y = self._dice.randint(1, columns), self._dice.randint(1, rows)
        if self._dice.random() < 0.5:
            wheel = self._dice.choice([WHEEL_UP, WHEEL_DOWN])
            return [f"\x1b[<{wheel};{x};{y}M"] * self._dice.randint(1, 15)
        dragged = [f"\x1b[<32;{x};{self._dice.randint(1, rows)}M"] * self._dice.randint(0, 2)
        return [f"\x1b[<0;{x};{y}M", *dragged, f"\x1b[<0;{x};{y}m"]

    def _paste(self, *_: int) -> list[str]:
        return [f"\x1b[200~{self._dice.choice(WORDS)}\x1b[201~"]

    def _name(self, *_: int) -> list[str]:
        """Ask for something by name."""
        end = self._dice.choice(["\r", "\x1b"])
        return [self._dice.choice("/opoJ"), *self._dice.choice(WORDS), end]

    def _command(self, *_: int) -> list[str]:
        return [":", *self._dice.choice(PALETTE), "\r"]

    def _leave_terminal(self, *_: int) -> list[str]:
        """Look at another window, and come back."""
        return ["\x1b[O", "\x1b[I"]
