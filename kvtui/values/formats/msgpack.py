"""MessagePack: unpacked strictly, written like JSON."""

from typing import Final

from kvtui.values.formats.notation import Labelled, OrderedPairs, bytes_text, notation

_CONTAINERS: Final = frozenset({*range(0x80, 0xA0), *range(0xDC, 0xE0)})
"""First bytes of maps and lists."""


def decoded(content: bytes) -> object | None:
    """Unpack a map or a list; None for anything else.

    Nearly any byte is a valid scalar, so a scalar proves nothing.
    """
    if not content or content[0] not in _CONTAINERS:
        return None
    import msgpack

    try:
        value = msgpack.unpackb(
            content,
            strict_map_key=False,
            object_pairs_hook=OrderedPairs,
            ext_hook=_extension,
        )
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) and value else None


def is_record(content: bytes) -> bool:
    """Tell a map with names from what random bytes may decode to."""
    value = decoded(content)
    return isinstance(value, OrderedPairs) and all(isinstance(name, str) for name, _ in value)


def written(content: bytes) -> str | None:
    """Write it out over several lines; None when it is not MessagePack."""
    value = decoded(content)
    return None if value is None else notation(value)


def _extension(code: int, content: bytes) -> object:
    return Labelled(f"extension {code}, {bytes_text(content)}")
