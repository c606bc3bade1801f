"""Facts of the KV REST API that the client and the local server share: paths, limits, rules.

Sources: the API's reference page, and its published OpenAPI document where the page is silent.
"""

import re
import uuid
from enum import StrEnum
from typing import Final

DEFAULT_BASE_URL: Final = "https://api.telnyx.com/v2"
API_PREFIX: Final = "/v2"
"""The path of a base URL that names none."""
NAMESPACES_PATH: Final = "/storage/kvs"

SEPARATOR: Final = "/"
"""Groups keys into folders (a convention of the reference page, unknown to the server)."""

KEY_ALPHABET: Final = "-./0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
"""Every character a key may hold, in byte order."""
MAX_KEY_LENGTH: Final = 256
MAX_NAME_LENGTH: Final = 255
MAX_VALUE_BYTES: Final = 1_048_576
MIN_TTL_SECONDS: Final = 1
MAX_TTL_SECONDS: Final = 9_223_372_036

MAX_KEYS_LIMIT: Final = 1000
DEFAULT_KEYS_LIMIT: Final = 1000
MAX_PAGE_SIZE: Final = 250
DEFAULT_PAGE_SIZE: Final = 20

DEFAULT_CONTENT_TYPE: Final = "application/octet-stream"

NAMESPACE_RECORD_TYPE: Final = "storage_kv"
KEY_RECORD_TYPE: Final = "storage_kv_key"

_KEY: Final = re.compile(r"[-/_=.a-zA-Z0-9]+")
_NAME: Final = re.compile(r"[a-z0-9-]+")
_UUID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)


class Status(StrEnum):
    """The statuses of a namespace that the API documents; others are shown verbatim."""

    PENDING = "pending"
    PROVISION_OK = "provision_ok"
    PROVISION_FAILED = "provision_failed"
    DELETING = "deleting"
    DELETE_FAILED = "delete_failed"
    DELETED = "deleted"


class ErrorCode(StrEnum):
    """Codes of the error envelope that have a meaning of their own here."""

    NOT_FOUND = "10005"
    UNEXPECTED = "10007"
    AUTHENTICATION_FAILED = "10009"
    AUTHORIZATION_FAILED = "10010"
    TOO_MANY_REQUESTS = "10011"
    DUPLICATE = "10012"
    BAD_REQUEST = "10015"
    UNPROCESSABLE = "10027"


def key_problem(key: str) -> str | None:
    """Say why `key` breaks the API's own rules (empty, too long, alphabet), or None.

    A key that passes may still be impossible to address: see `dot_segment_problem`.
    """
    if not key:
        return "the key is empty"
    if len(key) > MAX_KEY_LENGTH:
        return f"the key has {len(key)} characters, {MAX_KEY_LENGTH} are allowed"
    if not _KEY.fullmatch(key):
        return "a key may hold only letters, digits and - _ / = ."
    return None


def dot_segment_problem(key: str) -> str | None:
    """Say why `key` cannot be put into a URL safely, or None.

    HTTP libraries and proxies fold the segments `.` and `..`: a request for the key `..` can
    arrive as a request for the namespace itself.
    """
    if any(segment in {".", ".."} for segment in key.split(SEPARATOR)):
        return "a part of the key is . or .., and its URL could address something else"
    return None


def name_problem(name: str) -> str | None:
    """Say why `name` cannot name a namespace, or None."""
    if not name:
        return "the name is empty"
    if len(name) > MAX_NAME_LENGTH:
        return f"the name has {len(name)} characters, {MAX_NAME_LENGTH} are allowed"
    if not _NAME.fullmatch(name):
        return "a name may hold only lowercase letters, digits and hyphens"
    return None


def is_namespace_id(text: str) -> bool:
    """Tell whether `text` is a UUID in its usual spelling."""
    return bool(_UUID.fullmatch(text)) and str(uuid.UUID(text)) == text.lower()
