"""Kinds of source text by pygments, which is imported when the first row asks for it."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

from kvtui.values.lines import Kind
from kvtui.values.painting import Run
from kvtui.values.wrapping import Row

MAX_CHARACTERS: Final = 64 * 1024
"""Longer text keeps one colour: a lexer reads from the start up to the visible row."""

_STEP: Final = 256
_KINDS: Final[dict[tuple[str, ...], Kind]] = {
    ("Comment",): Kind.COMMENT,
    ("Error",): Kind.WARNING,
    ("Generic", "Deleted"): Kind.REMOVED,
    ("Generic", "Heading"): Kind.LABEL,
    ("Generic", "Inserted"): Kind.ADDED,
    ("Generic", "Subheading"): Kind.LABEL,
    ("Keyword",): Kind.KEYWORD,
    ("Literal", "Date"): Kind.NUMBER,
    ("Literal", "Number"): Kind.NUMBER,
    ("Literal", "String"): Kind.STRING,
    ("Name", "Attribute"): Kind.NAME,
    ("Name", "Builtin"): Kind.KEYWORD,
    ("Name", "Class"): Kind.LABEL,
    ("Name", "Function"): Kind.LABEL,
    ("Name", "Tag"): Kind.NAME,
    ("Operator",): Kind.PUNCTUATION,
    ("Punctuation",): Kind.PUNCTUATION,
}


class Token(NamedTuple):
    """A token of a text: where it ends, and what it is."""

    end: int
    kind: Kind


def tokens(text: str, language: str) -> Iterator[Token]:
    """Read `text` as `language`, a name that pygments knows."""
    from pygments.lexers import get_lexer_by_name

    for start, token_type, part in get_lexer_by_name(language).get_tokens_unprocessed(text):
        yield Token(start + len(part), _kind(tuple(token_type)))


@cache
def _kind(token_type: tuple[str, ...]) -> Kind:
    """Give the kind of a token type, or of the nearest type above it."""
    while token_type:
        if token_type in _KINDS:
            return _KINDS[token_type]
        token_type = token_type[:-1]
    return Kind.TEXT


class SourceColouring:
    """A colouring that reads the text no further than the last row asked for."""

    def __init__(self, text: str, language: str) -> None:
        self._ends = array("I")
        self._kinds: list[Kind] = []
        self._unread = tokens(text, language)

    def runs(self, row: Row) -> Iterable[Run]:
        self._read_to(row.end)
        first = bisect_right(self._ends, row.start)
        for place in range(first, len(self._ends)):
            yield self._ends[place] - row.start, self._kinds[place]
            if self._ends[place] >= row.end:
                return
        yield row.end - row.start, Kind.TEXT

    def _read_to(self, offset: int) -> None:
        while not self._ends or self._ends[-1] < offset:
            step = list(islice(self._unread, _STEP))
            if not step:
                return
            self._ends.extend(token.end for token in step)
            # What a lexer does not understand is no fault of the text: the language was a guess.
            self._kinds.extend(
                Kind.TEXT if token.kind is Kind.WARNING else token.kind for token in step
            )
