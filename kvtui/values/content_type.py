"""The content type a new value is written with, so that whoever reads it sees what it is."""

from typing import Final

from kvtui.protocol import DEFAULT_CONTENT_TYPE
from kvtui.values.detect import detect
from kvtui.values.detection import Format

_TEXT: Final = "text/plain"
_BY_FORMAT: Final = {
    Format.JSON: "application/json",
    Format.JSON_LINES: "application/x-ndjson",
    Format.JWT: _TEXT,
    Format.FORM: _TEXT,
    Format.TEXT: _TEXT,
}


def fitting_content_type(content: bytes) -> str:
    """Name what the stored bytes are, layers left as they are; the API's default where unsure."""
    found = detect(content)
    if found.layers:
        return DEFAULT_CONTENT_TYPE
    return _BY_FORMAT.get(found.format, DEFAULT_CONTENT_TYPE)
