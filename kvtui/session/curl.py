"""A request as a command that can be pasted into a shell, with the API key left to the shell."""

import shlex
from typing import Final
from urllib.parse import quote, urlsplit

from kvtui.protocol import NAMESPACES_PATH
from kvtui.records import TraceEntry

_AUTHORIZATION: Final = '-H "Authorization: Bearer $TELNYX_API_KEY"'
_BODIES: Final = {"PUT": "value.bin", "POST": "body.json"}
"""Files that stand in for bodies, which are kept nowhere."""


def curl_of_value(base_url: str, namespace_id: str, key: str) -> str:
    """Return the command that reads the value of a key."""
    return _command(f"{base_url}{NAMESPACES_PATH}/{namespace_id}/keys/{quote(key, safe='')}")


def curl_of_folder(base_url: str, namespace_id: str, prefix: str) -> str:
    """Return the command that lists the first page below a prefix."""
    query = f"?prefix={quote(prefix, safe='')}" if prefix else ""
    return _command(f"{base_url}{NAMESPACES_PATH}/{namespace_id}/keys{query}")


def _command(url: str) -> str:
    return f"curl {shlex.quote(url)} {_AUTHORIZATION}"


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
