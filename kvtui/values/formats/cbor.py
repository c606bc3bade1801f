"""CBOR: decoded strictly, written like JSON."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from kvtui.values.formats.notation import notation


def decoded(content: bytes) -> object | None:
    """Decode a map or a list that ends where `content` ends; None for anything else."""
    import cbor2

    source = BytesIO(content)
    try:
        value: object = cbor2.CBORDecoder(source).decode()
    except (cbor2.CBORError, RecursionError):
        return None
    is_container = isinstance(value, (Mapping, Sequence)) and not isinstance(value, (str, bytes))
    return value if is_container and source.tell() == len(content) else None


def written(content: bytes) -> str | None:
    """Write it out over several lines; None when it is not CBOR."""
    value = decoded(content)
    return None if value is None else notation(value)
