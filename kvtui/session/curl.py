"""A request as a command that can be pasted into a shell, with the API key left to the shell."""

import shlex
from typing import Final
from urllib.parse import urlsplit

from kvtui.records import TraceEntry

_AUTHORIZATION: Final = '-H "Authorization: Bearer $TELNYX_API_KEY"'
_BODIES: Final = {"PUT": "value.bin", "POST": "body.json"}
"""Files that stand in for bodies, which are kept nowhere."""


def as_curl(entry: TraceEntry, base_url: str) -> str:
    """Return `entry` as a curl command for the server of `base_url`.

    The body of a write is read from a file of the current directory, `value.bin` or `body.json`.
    """
    base = urlsplit(base_url)
    url = f"{base.scheme}://{base.netloc}{entry.target}"
    words = ["curl"]
    if entry.method != "GET":
        words += ["-X", shlex.quote(entry.method)]
    words += [shlex.quote(url), _AUTHORIZATION]
    if entry.method in _BODIES:
        if entry.content_type:
            words += ["-H", shlex.quote(f"Content-Type: {entry.content_type}")]
        words += ["--data-binary", f"@{_BODIES[entry.method]}"]
    return " ".join(words)
