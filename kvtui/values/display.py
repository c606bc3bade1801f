"""The one door through which remote text reaches a screen.

What comes out holds no control, format, private or unassigned character, no line or paragraph
separator, nothing invisible but ordinary spaces. Nothing is dropped silently.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from kvtui.values.glyphs import MAX_MARKS, STACKED, Piece, glyph, is_plain, pieces
from kvtui.values.lines import Kind, Span

ELLIPSIS: Final = "…"
_STAND_IN: Final = "□"
_LINE_SYMBOLS: Final = {"\r\n": "↵", "\n": "↵", "\t": "→"}


def show(text: str, *, clip: int | None = None) -> str:
    """Make `text` safe to show, newlines and tabs included, in at most `clip` cells."""
    if is_plain(text):
        return text if clip is None or len(text) <= clip else _cut_plain(text, clip)
    shown = pieces(text)
    return "".join(piece.text for piece in (shown if clip is None else _clipped(shown, clip)))


def show_line(text: str, *, clip: int | None = None) -> str:
    """Do as `show`, with ↵ for a newline and → for a tab: for places of one line."""
    if is_plain(text):
        return show(text, clip=clip)
    for character, symbol in _LINE_SYMBOLS.items():
        text = text.replace(character, symbol)
    return show(text, clip=clip)


def show_in_place(text: str) -> str:
    """Make `text` safe with exactly one character for each, for a widget that counts characters.

    A control character becomes its picture, anything else that is hidden becomes □.
    """
    if is_plain(text):
        return text
    return "".join(map(_in_place, text))


def _in_place(character: str) -> str:
    shown, _, is_hidden = glyph(character)
    return _STAND_IN if is_hidden and len(shown) > 1 else shown


def show_spans(text: str, kind: Kind = Kind.TEXT) -> list[Span]:
    """Do as `show`, with what stands for hidden characters told apart by its kind."""
    if is_plain(text):
        return [Span(text, kind)] if text else []
    return merged(span for piece in pieces(text) for span in piece_spans(piece, kind))


def piece_spans(piece: Piece, kind: Kind) -> list[Span]:
    """Give the spans of one piece."""
    if piece.is_hidden:
        return [Span(piece.text, Kind.HIDDEN)]
    if piece.marks > MAX_MARKS:
        return [Span(piece.text.removesuffix(STACKED), kind), Span(STACKED, Kind.HIDDEN)]
    return [Span(piece.text, kind)]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Join neighbours of one kind."""
    texts: list[str] = []
    kinds: list[Kind] = []
    for span in spans:
        if kinds and kinds[-1] is span.kind:
            texts[-1] += span.text
        else:
            texts.append(span.text)
            kinds.append(span.kind)
    return [Span(text, kind) for text, kind in zip(texts, kinds, strict=True)]


def hidden_count(text: str) -> int:
    """Count the characters that are shown as symbols, ordinary newlines and tabs not among them."""
    if is_plain(text):
        return 0
    counts = Counter(text.replace("\r\n", "\n"))
    counts.pop("\n", None)
    counts.pop("\t", None)
    return sum(count for character, count in counts.items() if glyph(character).is_hidden)


def _cut_plain(text: str, clip: int) -> str:
    return text[: clip - 1] + ELLIPSIS if clip > 0 else ""


def _clipped(shown: Iterable[Piece], clip: int) -> Iterator[Piece]:
    """Pass on what fits into `clip` cells, the last of them kept for the ellipsis when it cuts."""
    held: list[Piece] = []
    used = 0
    for piece in shown:
        used += piece.cells
        if used > clip:
            yield from _cut(held, piece, clip - 1)
            return
        held.append(piece)
    yield from held


def _cut(held: list[Piece], over: Piece, room: int) -> Iterator[Piece]:
    for piece in [*held, over]:
        if piece.cells <= room:
            room -= piece.cells
            yield piece
            continue
        if piece.is_run:
            yield piece._replace(text=piece.text[: max(0, room) * len(piece.text) // piece.cells])
        break
    if room >= 0:
        yield Piece(0, 0, ELLIPSIS, 1)
