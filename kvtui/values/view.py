"""The views that exist for a value: which there are, which comes first, and their rows."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

from kvtui.values.detect import detect
from kvtui.values.detection import Detection, Format
from kvtui.values.fixed_lines import FixedLines, fact_lines
from kvtui.values.formats import (
    cbor,
    form,
    image,
    json_lenient,
    json_text,
    jwt,
    msgpack,
    protobuf,
    text,
)
from kvtui.values.formats.hexdump import HexLines
from kvtui.values.formats.info import ENCODING_NAMES, Circumstances, facts, line_endings
from kvtui.values.formats.json_tree import JsonTree
from kvtui.values.formats.picture import image_lines
from kvtui.values.layers import is_packed
from kvtui.values.lines import Kind, Lines, Span
from kvtui.values.looks import TextStyle, View
from kvtui.values.reading import Reading, reread
from kvtui.values.text_lines import Document


def _pretty(text: str) -> str | None:
    return json_text.pretty(text) or json_lenient.laid_out(text)


_READABLE_VIEWS: Final = {
    Format.JSON: View.JSON,
    Format.JSON_LINES: View.JSON,
    Format.JWT: View.JWT,
    Format.FORM: View.FORM,
    Format.MSGPACK: View.MSGPACK,
    Format.CBOR: View.CBOR,
    Format.PROTOBUF: View.PROTOBUF,
}
"""Views of what `ValueViews` calls the readable text."""
_TEXT_WRITERS: Final[dict[Format, Callable[[str], str | None]]] = {
    Format.JSON: _pretty,
    Format.JSON_LINES: json_text.pretty_documents,
    Format.JWT: jwt.written,
    Format.FORM: form.written,
}
_BYTE_WRITERS: Final[dict[Format, Callable[[bytes], str | None]]] = {
    Format.MSGPACK: msgpack.written,
    Format.CBOR: cbor.written,
    Format.PROTOBUF: protobuf.written,
}
_FOUND: Final = Reading()
_AS_EVER: Final = TextStyle()
QUICK_BYTES: Final = 64 * 1024
"""What is larger is better found out and laid out beside the screen than before it."""
_EMPTY: Final = FixedLines([[Span("empty: 0 bytes", Kind.DIM)]])


class ValueViews:
    """All views of one value; what one of them had to find out is kept for the next."""

    def __init__(
        self,
        content: bytes,
        circumstances: Circumstances,
        reading: Reading = _FOUND,
    ) -> None:
        self._circumstances = circumstances
        self.whole: Detection = detect(content, circumstances.content_type)
        """What was found, whatever was chosen."""
        self.reading = reading
        self.detection = self.read(reading)
        self._documents: dict[View, Document | JsonTree] = {}
        self._laid_out: dict[View, tuple[tuple[int, TextStyle], Lines]] = {}

    def read(self, reading: Reading) -> Detection:
        """Say what the value is when it is read in another way."""
        return reread(self.whole, reading, self._circumstances.content_type)

    @cached_property
    def available(self) -> tuple[View, ...]:
        """The views in their order."""
        found = self.detection.format
        views: list[View] = []
        if self._readable is not None:
            views.append(_READABLE_VIEWS[found])
        if found is Format.IMAGE:
            views.append(View.IMAGE)
        if found in {Format.JSON, Format.JSON_LINES}:
            views.append(View.RAW)
        is_legible = self.detection.is_text and found is not Format.BINARY
        views.extend([View.TEXT, View.HEX] if is_legible else [View.HEX])
        if self.detection.is_text and not is_legible:
            views.append(View.TEXT)
        return (*views, View.INFO, *([View.STORED] if self.detection.layers else []))

    def describe(self, view: View) -> str:
        """Say in a few words how a view reads the value; nothing where it goes without saying."""
        found = self.detection
        if view is View.IMAGE and (header := image.header(found.content)):
            return f"{header.type}, {header.dimensions}"
        if view is View.TEXT and found.encoding:
            words = [ENCODING_NAMES[found.encoding], *self._line_endings, found.doubt]
            return " · ".join(filter(None, words))
        if view is View.RAW and not self.is_json:
            return f"not laid out: {found.reason}"
        return ""

    def prepare(self) -> None:
        """Find out now what the first look needs, which may take a while."""
        view = self.default
        if view in _READABLE_VIEWS.values() and view not in self._documents:
            self._documents[view] = self._document(view)

    @property
    def is_json(self) -> bool:
        """Whether it is JSON that can be laid out."""
        return View.JSON in self.available

    @property
    def default(self) -> View:
        """The view that shows most of the value."""
        return self.available[0]

    def is_quick(self, view: View, width: int, style: TextStyle = _AS_EVER) -> bool:
        """Tell whether `lines` takes no time that a person at a screen could notice."""
        is_laid_out = self._laid_out.get(view, (None,))[0] == (width, style)
        size = max(len(self.detection.stored), len(self.detection.content))
        is_small = size <= QUICK_BYTES and view is not View.IMAGE
        return is_laid_out or is_small or view is View.HEX

    def lines(self, view: View, width: int, style: TextStyle = _AS_EVER) -> Lines:
        """Lay out one of the `available` views for a width in cells, or give what was before."""
        known, lines = self._laid_out.get(view, (None, _EMPTY))
        if known != (width, style):
            lines = self._lines(view, width, style)
            self._laid_out[view] = (width, style), lines
        return lines

    def _lines(self, view: View, width: int, style: TextStyle) -> Lines:
        if view is View.INFO:
            return fact_lines(facts(self.detection, self._circumstances, self._readable), width)
        if view is View.IMAGE:
            return image_lines(self.detection.content, width)
        if view is View.HEX or (view is View.STORED and self._stored_text is None):
            found = self.detection
            return HexLines(found.content if view is View.HEX else found.stored, width)
        if self.detection.format is Format.EMPTY and view is View.TEXT:
            return _EMPTY
        if view not in self._documents:
            self._documents[view] = self._document(view)
        document = self._documents[view]
        return (
            document.lines(width)
            if isinstance(document, JsonTree)
            else document.lines(width, style)
        )

    def _document(self, view: View) -> Document | JsonTree:
        found = self.detection
        if view is View.TEXT:
            return text.document(self._text, found.language)
        if view is View.STORED:
            return text.document(self._stored_text or "")
        if view is View.RAW:
            return json_text.document(self._text)
        return JsonTree(
            self._readable or "",
            is_sequence=found.format is Format.JSON_LINES,
            is_notation=view is not View.JSON,
        )

    @cached_property
    def _readable(self) -> str | None:
        """The value laid out as JSON, or written like it; None where it cannot be."""
        found = self.detection
        if found.format in _BYTE_WRITERS:
            return _BYTE_WRITERS[found.format](found.content)
        if found.format in _TEXT_WRITERS and (body := found.text) is not None:
            return _TEXT_WRITERS[found.format](body)
        return None

    @cached_property
    def _text(self) -> str:
        """The innermost bytes decoded, once they are looked at as they are."""
        return self.detection.text or ""

    @cached_property
    def _line_endings(self) -> list[str]:
        return line_endings(self._text)

    @cached_property
    def _stored_text(self) -> str | None:
        """The stored bytes as text, in their encoding or none."""
        decoded = text.decoded(self.detection.stored)
        return decoded.text if decoded and text.is_legible(decoded.text) else None


def is_quick(content: bytes) -> bool:
    """Tell whether a value is found out in no time: small, and nothing that may unpack to more."""
    return len(content) <= QUICK_BYTES and not is_packed(content)


def views(
    content: bytes,
    content_type: str | None = None,
    *,
    now: float,
    extra: Sequence[tuple[str, str]] = (),
) -> ValueViews:
    """Find out what a value is and how it can be looked at.

    `now` is in seconds since the epoch; `extra` are facts for the Info view, such as the time of
    the last change.
    """
    return ValueViews(content, Circumstances(content_type, now, extra))
