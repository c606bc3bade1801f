"""Guesses about names: which characters may follow, where in a folder a key stands.

Plans use them to decide what to ask first and what is worth asking. None is relied upon.
"""

import re
import string
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from kvtui.keyspace.chunk import shared_length
from kvtui.protocol import SEPARATOR

_CLASSES: Final = (
    string.digits,
    string.digits + "abcdef",
    string.ascii_lowercase,
    string.ascii_uppercase,
    string.digits + string.ascii_lowercase,
    string.digits + string.ascii_uppercase + string.ascii_lowercase,
)
_LEAST_WIDTH: Final = 1e-12
_SEEN_KEYS: Final = 50
_NUMBER: Final = re.compile(r"(?<![0-9a-f])[0-9]{1,6}(?![0-9a-zA-Z])|(?<=[a-z])[0-9]{1,6}$")
"""A short run of digits that is a number rather than a part of a hexadecimal name."""


def likelihood(path: str, at: int, character: str) -> tuple[int, int, int]:
    """Rank a sibling of a child seen: its path up to position `at`, then `character`.

    Lower ranks are likelier: other numbers first (2025 beside 2024, the last digit first), then a
    shorter name (`users/` beside `users-archive/`), then names that begin alike the less, and at
    last longer names (`users2` beside `users`).
    """
    there = path[at]
    if character.isdigit() and there.isdigit() and _is_number(path, at):
        return 0, -at, abs(ord(character) - ord(there))
    if character == SEPARATOR:
        return 1, at, 0
    if there == SEPARATOR:
        return 3, at, ord(character)
    return 2, at, int(_kind(character) is not _kind(there))


class Scale:
    """Guesses which fraction of a folder sorts before a key, from a page of its keys.

    `start` is the length of the folder's prefix. Letters that all keys share are taken to be
    shared by the rest; digits that all share are taken to be the leading digits of numbers.
    """

    def __init__(self, keys: Sequence[str], start: int) -> None:
        self._start = start
        self._keys = keys[:: max(1, len(keys) // _SEEN_KEYS)]
        self._shared = keys[0][: shared_length(keys[0], keys[-1])]
        self._letters: dict[int, str] = {}

    def position(self, key: str) -> float:
        fraction, width = 0.0, 1.0
        for at in range(self._start, len(key)):
            character = key[at]
            if at < len(self._shared) and not self._shared[at].isdigit():
                if character == self._shared[at]:
                    continue
                return fraction + width * (character > self._shared[at])
            if not character.isalnum():
                continue
            letters = self._letters_at(at)
            width /= len(letters)
            fraction += width * bisect_left(letters, character)
            if width < _LEAST_WIDTH:
                break
        return fraction

    def covers(self, key: str) -> bool:
        """Tell whether a key has the letters that all keys of the page share."""
        return all(
            letter.isdigit() or key[at : at + 1] == letter for at, letter in enumerate(self._shared)
        )

    @property
    def folder(self) -> str:
        """The innermost folder that all keys of the page are in."""
        return self._shared[: self._shared.rfind(SEPARATOR) + 1]

    def _letters_at(self, at: int) -> str:
        """Give the characters of the kind seen at a position, in order."""
        if at not in self._letters:
            seen = {key[at] for key in self._keys if len(key) > at}
            letters = next((c for c in _CLASSES if seen.issubset(c)), string.printable)
            self._letters[at] = "".join(sorted(letters))
        return self._letters[at]


def _is_number(path: str, at: int) -> bool:
    start = path.rfind(SEPARATOR, 0, at) + 1
    end = path.find(SEPARATOR, at)
    name = path[start:] if end < 0 else path[start:end]
    return any(found.start() <= at - start < found.end() for found in _NUMBER.finditer(name))


def _kind(character: str) -> str:
    return next((c for c in _CLASSES if character in c), "")


def forks(prefix: str, key: str, limit: str, keys: Sequence[str]) -> list[int]:
    """Give the positions in `key` at which keys after it may differ, the promising ones first.

    Those are where the keys of a page differ already, and the digits of numbers; letters that all
    keys share are likely to be shared by the rest. What differs must sort before `limit`.
    """
    shared = shared_length(keys[0], keys[-1])
    return [
        at
        for at in range(len(prefix), len(key))
        if (at >= shared or key[at].isdigit())
        and any(key[:at] + letter < limit for letter in _later(key, at, keys))
    ]


def _later(key: str, at: int, keys: Sequence[str]) -> list[str]:
    """Give the characters of the kind seen at a position that sort after the one in `key`."""
    alike = keys[bisect_left(keys, key[:at]) :]
    some = alike[:: max(1, len(alike) // _SEEN_KEYS)]
    seen = {other[at] for other in some if len(other) > at and other[:at] == key[:at]}
    letters = next((c for c in _CLASSES if seen.issubset(c)), "")
    return [letter for letter in letters if letter > key[at]]
