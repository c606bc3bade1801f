"""Words from the other side made fit to show: one line, no secrets, nothing that acts."""

import re
from typing import Final

from kvtui.secret import Secret

MAX_LENGTH: Final = 300
_REDACTED: Final = "[redacted]"
_API_KEY: Final = re.compile(r"KEY[0-9A-Za-z_-]{6,}")


def cleaned(text: str, secret: Secret, max_length: int = MAX_LENGTH) -> str:
    """Return `text` in one line without API keys, control, bidi or invisible characters."""
    redacted = _API_KEY.sub(_REDACTED, text.replace(secret.reveal(), _REDACTED))
    line = " ".join("".join(map(_harmless, redacted)).split())
    return line if len(line) <= max_length else line[: max_length - 1] + "…"


def _harmless(char: str) -> str:
    if char.isprintable():
        return char
    return " " if char.isspace() else "\N{REPLACEMENT CHARACTER}"
