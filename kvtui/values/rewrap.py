"""Putting edited content back into the layers it came out of, as nearly as they were."""

from dataclasses import dataclass, field

from kvtui.values.detect import detect
from kvtui.values.detection import ARROW, Detection, Layer
from kvtui.values.encoders import encoder
from kvtui.values.layers import MAX_UNPACKED_BYTES, decoded_base64, uncompress


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """A value made of edited content; decoding it gives exactly that content."""

    content: bytes = field(repr=False)
    """What is to be stored."""
    notes: tuple[str, ...] = ()
    """What cannot be as it was, each in a few words."""


@dataclass(frozen=True, slots=True)
class NotRewrappable:
    """Edited content that cannot be put back into the layers."""

    reason: str


def rewrapped(found: Detection, content: bytes) -> Rewrapped | NotRewrappable:
    """Encode `content` as the innermost of `found` was; the same content gives the same bytes."""
    if content == found.content:
        return Rewrapped(found.stored)
    if found.layers and len(content) > MAX_UNPACKED_BYTES:
        return NotRewrappable(f"it has more than {MAX_UNPACKED_BYTES:,} bytes")
    stored, notes = content, []
    for at in reversed(range(len(found.layers))):
        encoding = encoder(found.layers[at], found.stages[at], found.stages[at + 1])
        stored = encoding.encode(stored)
        if encoding.difference:
            notes.append(encoding.difference)
    if _peeled(stored, found.layers) != content:
        return NotRewrappable("decoding it again does not give what was edited")
    if detect(stored).layers[: len(found.layers)] != found.layers:
        notes.append(f"no longer recognised as {ARROW.join(found.layers)}")
    return Rewrapped(stored, tuple(notes))


def _peeled(stored: bytes, layers: tuple[Layer, ...]) -> bytes | None:
    """Take off exactly these layers; None where one of them is not there."""
    content: bytes | None = stored
    for layer in layers:
        if content is not None:
            content = _under(content, layer)
    return content


def _under(content: bytes, layer: Layer) -> bytes | None:
    if layer is Layer.BASE64:
        return decoded_base64(content)
    peeled = uncompress(content)
    return peeled.content if peeled is not None and peeled.layer is layer else None
