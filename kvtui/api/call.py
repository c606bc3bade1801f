"""One call of the API before it is sent: which endpoint, which target, how to read its answer."""

from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

import msgspec

from kvtui.api.answer import Answer

T_co = TypeVar("T_co", covariant=True)


class Endpoint(Enum):
    """The eight calls of the API, by their method and by what they do."""

    LIST_NAMESPACES = ("GET", "list the namespaces")
    CREATE_NAMESPACE = ("POST", "create the namespace")
    GET_NAMESPACE = ("GET", "look up the namespace")
    DELETE_NAMESPACE = ("DELETE", "delete the namespace")
    LIST_KEYS = ("GET", "list the keys")
    GET_VALUE = ("GET", "read the value")
    PUT_VALUE = ("PUT", "write the value")
    DELETE_KEY = ("DELETE", "delete the key")

    def __init__(self, method: str, purpose: str) -> None:
        self.method = method
        self.purpose = purpose

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    def request(self, target: str) -> str:
        """Return method and path, as errors name them."""
        return f"{self.method} {target.partition('?')[0]}"


class Call(msgspec.Struct, Generic[T_co], frozen=True):
    """What to send, and how to read what comes back."""

    endpoint: Endpoint
    target: str
    """Path and query, percent-encoded, exactly as they will be sent."""
    read: Callable[[Answer], T_co]
    """Turn a success into what was asked for, or raise MalformedResponseError."""
    limit_bytes: int | None
    """The largest body that is accepted; None where the status says everything."""
    content: bytes | None = None
    content_type: str | None = None
    accept: str = "application/json"

    @property
    def method(self) -> str:
        return self.endpoint.method

    @property
    def request(self) -> str:
        """Method and path, as errors name them."""
        return self.endpoint.request(self.target)
