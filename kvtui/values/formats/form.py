"""Form-encoded text, as in `name=Alice&city=New+York`."""

import re
from typing import Final

from kvtui.values.formats.notation import OrderedPairs, notation

_PAIR: Final = r"[\w.~!*'()+%\[\]-]+=[\w.~!*'()+%:@/,;$?-]*"
_FORM: Final = re.compile(rf"{_PAIR}(?:&{_PAIR})+", re.ASCII)
_SINGLE: Final = re.compile(_PAIR, re.ASCII)
_ESCAPE: Final = re.compile(rb"%([0-9a-fA-F]{2})")
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9a-fA-F]{2})")


def is_form(text: str, *, is_expected: bool = False) -> bool:
    """Tell whether `text` is fields joined by `&`; one field alone counts only when expected."""
    body = text.strip()
    if _BROKEN_ESCAPE.search(body):
        return False
    return bool(_FORM.fullmatch(body) or (is_expected and _SINGLE.fullmatch(body)))


def written(text: str) -> str:
    """Write the fields like JSON: in order, repeated names kept."""
    fields = (field.partition("=") for field in text.strip().split("&"))
    return notation(
        OrderedPairs((_unescaped(name), _unescaped(value)) for name, _, value in fields)
    )


def _unescaped(text: str) -> str | bytes:
    """Undo the escapes; what is not UTF-8 then stays bytes."""
    raw = _ESCAPE.sub(
        lambda escape: bytes.fromhex(escape[1].decode()), text.encode().replace(b"+", b" ")
    )
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw
