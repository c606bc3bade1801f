"""The API key, which is shown nowhere: not in messages, not in tracebacks, not in logs."""

import re
from typing import Final

from kvtui.errors import SettingsError

_KEY: Final = re.compile(r"[\x21-\x7e]+")
_MASK: Final = "•••"


class Secret:
    """An API key fit for a header. `reveal` is the only way to its text."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        stripped = text.strip()
        if not stripped:
            raise SettingsError("the API key is empty")
        if not _KEY.fullmatch(stripped):
            raise SettingsError("the API key holds characters that no header can carry")
        self.__text = stripped

    def reveal(self) -> str:
        return self.__text

    def __repr__(self) -> str:
        return f"Secret({_MASK})"

    def __str__(self) -> str:
        return _MASK

    def __format__(self, format_spec: str) -> str:
        return format(_MASK, format_spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac

        return hmac.compare_digest(self.__text, other.__text)

    def __hash__(self) -> int:
        return hash(self.__text)
