"""What a request is for, read from its raw path: before decoding, before dots could be folded."""

import posixpath
import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final
from urllib.parse import unquote

from kvtui.protocol import API_PREFIX, NAMESPACES_PATH

_ROOT: Final = API_PREFIX + NAMESPACES_PATH
_AUTHORITY: Final = re.compile(r"https?://[^/]*", re.IGNORECASE)
_ENCODED_DOT: Final = re.compile("%2e", re.IGNORECASE)


class Resource(Enum):
    """The things that have an address."""

    NAMESPACES = auto()
    NAMESPACE = auto()
    KEYS = auto()
    KEY = auto()


@dataclass(frozen=True, slots=True)
class Target:
    """A resource, and what its path names."""

    resource: Resource
    namespace_id: str = ""
    key: str = ""


def parse_target(raw_path: bytes, *, is_normalised: bool) -> Target | None:
    """Read a path as it came over the wire; None where nothing has that address.

    Everything after `/keys/` is one key, decoded once: `%2F` and `/` are the same, and a dot
    segment is part of a key that will be refused, never a way to another resource.
    """
    path = _AUTHORITY.sub("", raw_path.decode("latin-1"), count=1)
    if is_normalised:
        path = posixpath.normpath(_ENCODED_DOT.sub(".", path))
    if path == _ROOT:
        return Target(Resource.NAMESPACES)
    namespace_id, _, tail = path.removeprefix(_ROOT + "/").partition("/")
    if not path.startswith(_ROOT + "/") or not namespace_id:
        return None
    return _inside_namespace(namespace_id, path.removeprefix(f"{_ROOT}/{namespace_id}"), tail)


def _inside_namespace(namespace_id: str, rest: str, tail: str) -> Target | None:
    if not rest:
        return Target(Resource.NAMESPACE, namespace_id)
    if tail == "keys":
        return Target(Resource.KEYS, namespace_id)
    if tail.startswith("keys/"):
        return Target(Resource.KEY, namespace_id, unquote(tail.removeprefix("keys/")))
    return None
