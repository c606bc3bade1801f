"""Colours for a text that is being edited: one line at a time, and only lines on screen."""

from functools import lru_cache
from typing import Any, Final

from kvtui.values.lines import Kind

_LONGEST_LINE: Final = 16_384
"""Longer lines stay without colours, so that typing in them stays quick."""
_LINES_KEPT: Final = 512
"""Lines whose tokens are remembered: more than any screen shows."""

Run = tuple[int, int, Kind]
"""From where to where in the line, and what it is."""


class LineHighlighter:
    """Tells the tokens of a line, without regard to the lines before it.

    For JSON that is exact, because none of its tokens spans lines; for others it is a good guess.
    """

    def __init__(self, syntax: str) -> None:
        self._syntax = syntax
        self._lexer: Any = None
        self._kept = lru_cache(maxsize=_LINES_KEPT)(self._runs)

    def runs(self, line: str) -> tuple[Run, ...]:
        """Give the tokens of `line` in order; what is between them has no colour."""
        if not self._syntax or len(line) > _LONGEST_LINE:
            return ()
        return self._kept(line)

    def _runs(self, line: str) -> tuple[Run, ...]:
        return tuple(
            (start, start + len(text), kind)
            for start, token, text in self._tokens(line)
            if (kind := _kind(token)) is not None
        )

    def _tokens(self, line: str) -> Any:
        if self._lexer is None:
            self._lexer = _lexer(self._syntax)
        return self._lexer.get_tokens_unprocessed(line)


def _lexer(syntax: str) -> Any:
    from pygments.lexers import TextLexer, get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(syntax)
    except ClassNotFound:
        return TextLexer()


def _kind(token: Any) -> Kind | None:
    """Sort a token of pygments into the kinds that all views share."""
    from pygments import token as tokens

    kinds = {
        tokens.Name.Tag: Kind.NAME,
        tokens.Name.Attribute: Kind.NAME,
        tokens.Comment: Kind.COMMENT,
        tokens.Keyword: Kind.KEYWORD,
        tokens.Literal.String: Kind.STRING,
        tokens.Literal.Number: Kind.NUMBER,
        tokens.Literal: Kind.STRING,
        tokens.Punctuation: Kind.PUNCTUATION,
    }
    return next((kind for parent, kind in kinds.items() if token in parent), None)
