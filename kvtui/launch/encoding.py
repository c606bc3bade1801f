"""Which characters whoever started this can be trusted to see."""

from collections.abc import Mapping
from typing import Final

_PLAIN: Final = frozenset({"C", "POSIX"})
_COERCED: Final = frozenset({"C.UTF-8", "C.utf8", "UTF-8"})
"""What Python makes of `LC_CTYPE` itself, in a locale that is plain."""
_CHOICES: Final = ("PYTHONIOENCODING", "PYTHONUTF8")


def output_encoding(environ: Mapping[str, str], of_stream: str | None) -> str:
    """Give the encoding to draw for: in a locale that says C, Python writes UTF-8 all the same."""
    if any(environ.get(name) for name in _CHOICES):
        return of_stream or "unknown"
    plain = _plain_locale(environ)
    return f"that of {plain}" if plain else of_stream or "unknown"


def _plain_locale(environ: Mapping[str, str]) -> str:
    """Give what chose a locale without any but ASCII characters; nothing where nobody did."""
    chosen = {name: environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")}
    if chosen["LANG"] in _PLAIN and chosen["LC_CTYPE"] in _COERCED:
        del chosen["LC_CTYPE"]
    name, value = next(((name, value) for name, value in chosen.items() if value), ("", ""))
    return f"{name}={value}" if value in _PLAIN else ""
