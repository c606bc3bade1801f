"""Which values are hidden from whoever looks over the shoulder: a help, not a protection."""

import re
from typing import Final

from kvtui.ui.formatting import size

MASKED: Final = "Masked: x reveals the value first"
_SECRET: Final = re.compile("secret|token|password", re.IGNORECASE)
_HASH_CHARACTERS: Final = 8


class Masking:
    """Hides all values, or only those under keys that sound secret; one at a time is revealed."""

    def __init__(self, *, is_on: bool = False) -> None:
        self.is_on = is_on
        """Whether every value is hidden."""
        self._revealed: str | None = None

    def hides(self, key: str) -> bool:
        """Tell whether the value of `key` is hidden now."""
        return self.is_on or (key != self._revealed and bool(_SECRET.search(key)))

    def moved_to(self, key: str) -> None:
        """Hide again what was revealed, once somebody looks at another key."""
        if key != self._revealed:
            self._revealed = None

    def toggle(self, key: str | None) -> None:
        """Reveal what is hidden, or hide what is not."""
        if self.is_on:
            self.is_on = False
        elif key is None or self._revealed == key or not self.hides(key):
            self.is_on = self._revealed is None
            self._revealed = None
        else:
            self._revealed = key


def masked_text(content: bytes) -> str:
    """Give what is shown in place of a value."""
    import hashlib

    digest = hashlib.sha256(content).hexdigest()[:_HASH_CHARACTERS]
    return (
        f"••• {size(len(content))} sha256:{digest}…\n\nx reveals it.\n\n"
        "Masking helps while others see your screen.\nIt protects nothing else."
    )
