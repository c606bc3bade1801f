"""Filter and order, as values that can be re-applied."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

import msgspec

from kvtui.errors import SettingsError

_REGEX_MARK = "re:"


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """Which keys to show: a part of the key, or a regular expression after `re:`.

    Smart case: a filter without capitals matches both cases.
    """

    text: str
    """As it was typed."""
    matches: Callable[[str], bool] = field(repr=False, compare=False)
    """Tells whether a whole key is shown."""
    is_joinable: bool = field(repr=False, compare=False)
    """Whether `matches` tells of keys in one text, a line each, that any of them is shown."""

    @classmethod
    def parse(cls, text: str) -> "KeyFilter | None":
        """Read a filter as typed; None where nothing is asked. A bad expression: SettingsError."""
        if text.startswith(_REGEX_MARK):
            return cls._of_expression(text) if text != _REGEX_MARK else None
        return cls._of_part(text) if text else None

    @classmethod
    def _of_part(cls, text: str) -> "KeyFilter":
        if text != text.lower():
            return cls(text, lambda keys: text in keys, is_joinable=True)
        return cls(text, lambda keys: text in keys.lower(), is_joinable=True)

    @classmethod
    def _of_expression(cls, text: str) -> "KeyFilter":
        expression = text.removeprefix(_REGEX_MARK)
        is_plain = expression == expression.lower()
        try:
            search = re.compile(expression, re.IGNORECASE if is_plain else 0).search
        except re.error as error:
            message = f"not a regular expression: {error}"
            raise SettingsError(message) from None
        return cls(text, lambda key: search(key) is not None, is_joinable=False)

    def positions(self, keys: Sequence[str]) -> list[int]:
        """Give the positions of the keys that are shown."""
        matches = self.matches
        if self.is_joinable and not matches("\n".join(keys)):
            return []
        return [position for position, key in enumerate(keys) if matches(key)]


class OrderBy(Enum):
    """What the rows of a folder are sorted by."""

    NAME = "name"
    SIZE = "size"
    """A folder's size is that of all its known keys."""
    AGE = "age"
    """A folder is as old as the key in it that was changed last."""


class Order(msgspec.Struct, frozen=True):
    """How the rows of every folder are sorted; what is not known comes last."""

    by: OrderBy = OrderBy.NAME
    is_descending: bool = False
