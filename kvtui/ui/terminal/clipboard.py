"""Text on its way to the clipboard of the terminal: OSC 52, also from inside tmux and screen."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

SCREEN_CHUNK: Final = 500
"""What GNU screen passes on in one piece."""


def copy_sequences(text: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Give what to send; tmux takes it for itself or passes it on, as it is set up."""
    plain = f"\x1b]52;c;{b64encode(text.encode()).decode()}\x07"
    if environ.get("TMUX"):
        return plain, "\x1bPtmux;{}\x1b\\".format(plain.replace("\x1b", "\x1b\x1b"))
    if environ.get("STY"):
        pieces = [plain[at : at + SCREEN_CHUNK] for at in range(0, len(plain), SCREEN_CHUNK)]
        return tuple(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return (plain,)
