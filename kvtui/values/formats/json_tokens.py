"""The kinds of JSON tokens in any window of a line, however long the line is.

Whether a place is inside a string depends on every quote before it. These are counted once per
block, so that a row in the middle of a megabyte costs no more than the first one.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from operator import xor
from typing import Final

from kvtui.values.lines import Kind
from kvtui.values.painting import Run

_BLOCK: Final = 4096
_FIRST: Final = 512
"""Rows that begin before this are read from the start of the line."""
_REACH: Final = 64
"""Numbers and words longer than this may be coloured in parts where a row cuts them."""
_WORD_END: Final = re.compile(r"[\w.+-]*\Z")
_NAME_END: Final = re.compile(r"\"\s*:")
_TOKEN: Final = re.compile(
    r"(?P<string>\"[^\"]*\"?)|(?P<space>\s+)|(?P<punctuation>[{}\[\],:]+)"
    r"|(?P<number>-?\d[\w.+-]*)|(?P<keyword>(?:true|false|null)\b)"
    r"|(?P<label><[^<>\"]*(?:>|\Z))|(?P<warning>[\w.+-]+|.)"
)
_KINDS: Final = {
    "space": Kind.TEXT,
    "punctuation": Kind.PUNCTUATION,
    "number": Kind.NUMBER,
    "keyword": Kind.KEYWORD,
    "label": Kind.LABEL,
    "warning": Kind.WARNING,
}


class JsonLine:
    """One line of JSON, or of something written like it."""

    def __init__(self, text: str) -> None:
        # Of equal length, with only the quotes that begin and end strings left.
        self._text = text
        if "\\" in text:
            self._text = text.replace("\\\\", "__").replace('\\"', "__")
        quotes = (self._text.count('"', at, at + _BLOCK) for at in range(0, len(text), _BLOCK))
        self._parities = bytes(accumulate((count & 1 for count in quotes), xor, initial=0))

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """Give the kinds of `text[start:end]`, by runs that end at offsets from `start`."""
        at = 0
        if start > _FIRST and self._is_in_string(start):
            close = self._text.find('"', start)
            at = close + 1 or len(self._text)
            yield at - start, self._string_kind(close)
        elif start > _FIRST:
            at = self._word_start(start)
        for token in _TOKEN.finditer(self._text, at, min(len(self._text), end + _REACH)):
            if token.start() >= end:
                return
            yield token.end() - start, self._kind(token)

    def _is_in_string(self, offset: int) -> bool:
        block = offset // _BLOCK
        quotes = self._text.count('"', block * _BLOCK, offset)
        return bool(self._parities[block] ^ (quotes & 1))

    def _word_start(self, offset: int) -> int:
        word = _WORD_END.search(self._text, max(0, offset - _REACH), offset)
        return word.start() if word else offset

    def _kind(self, token: re.Match[str]) -> Kind:
        group = token.lastgroup or "warning"
        if group == "string":
            return self._string_kind(self._text.find('"', token.start() + 1))
        return _KINDS[group]

    def _string_kind(self, close: int) -> Kind:
        """Tell the name of a member from other strings by what follows its closing quote."""
        if close < 0:
            return Kind.WARNING
        return Kind.NAME if _NAME_END.match(self._text, close) else Kind.STRING
