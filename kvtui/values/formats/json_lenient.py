"""Laying out what is JSON but for what strict parsers refuse, without changing a token.

NaN, lone surrogates, control characters inside strings and commas too many do not hide a structure
that is plain to see.
"""

import re
from typing import Final

MAX_DEPTH: Final = 200
MAX_CHARACTERS: Final = 2 * 1024 * 1024
"""Python reads a token at a time here, some 15 million characters in a second."""

_TOKEN: Final = re.compile(r'\s*("(?:[^"\\\n]|\\[^\n])*"|[{}\[\],:]|[^\s{}\[\],:"]+)')
_CLOSERS: Final = {"{": "}", "[": "]"}
_INDENT: Final = "  "
_AFTER_VALUES: Final = frozenset("}],:")


class _UnbalancedError(Exception):
    """The brackets do not show where things end."""


def laid_out(text: str) -> str | None:
    """Give the text over several lines as `json_text.pretty` would, or None where it cannot be."""
    if len(text) > MAX_CHARACTERS:
        return None
    layout = _Layout()
    at, end = 0, len(text.rstrip())
    try:
        while at < end:
            match = _TOKEN.match(text, at, end)
            if match is None:
                return None
            layout.add(match[1])
            at = match.end()
        return layout.text()
    except _UnbalancedError:
        return None


class _Layout:
    """Collects tokens with the white space between them."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[str] = []
        self._before = ""
        """What stood before: an opening bracket, a comma, a colon, or a value, closed or not."""

    def add(self, token: str) -> None:
        if not self._open and (self._parts or token in _AFTER_VALUES):
            raise _UnbalancedError
        if token in _CLOSERS.values():
            self._close(token)
        elif token in {",", ":"}:
            self._parts.append(token)
        else:
            self._parts += [self._space(), token]
        if token in _CLOSERS:
            self._open.append(token)
            if len(self._open) > MAX_DEPTH:
                raise _UnbalancedError
        self._before = token

    def _close(self, token: str) -> None:
        if _CLOSERS[self._open.pop()] != token:
            raise _UnbalancedError
        if self._before not in _CLOSERS:
            self._parts.append("\n" + _INDENT * len(self._open))
        self._parts.append(token)

    def _space(self) -> str:
        """Give what parts a value from the token before it."""
        if self._before == "," or self._before in _CLOSERS:
            return "\n" + _INDENT * len(self._open)
        return " " if self._parts else ""

    def text(self) -> str:
        if self._open:
            raise _UnbalancedError
        return "".join(self._parts)
