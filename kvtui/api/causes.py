"""Why a connection failed, found among the causes of an exception and told in our own words."""

import socket
import ssl
from collections.abc import Iterator
from typing import Final

_CERTIFICATE_WORDS: Final = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "is signed by an authority that is not trusted",
    20: "is signed by an authority that is not trusted",
    62: "belongs to another name",
    64: "belongs to another address",
}
"""By OpenSSL's numbers for the results of a verification."""
_MAX_CAUSES: Final = 50


def connection_problem(error: BaseException, host: str) -> str | None:
    """Say why `host` could not be reached, or None where no cause is known."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            words = _CERTIFICATE_WORDS.get(cause.verify_code, "cannot be trusted")
            return f"the certificate of {host} {words}"
    for kind, words in _WORDS.items():
        if any(isinstance(cause, kind) for cause in causes):
            return words.format(host=host)
    return None


def is_lasting_problem(error: BaseException) -> bool:
    """Tell whether trying again is pointless: the other side is not who it should be, or nobody."""
    lasting = (ssl.SSLCertVerificationError, OverflowError)
    return any(isinstance(cause, lasting) for cause in _causes(error))


_WORDS: Final[dict[type[BaseException], str]] = {
    ssl.SSLError: "{host} does not speak TLS as it should: is this a port for https?",
    socket.gaierror: "the name of {host} cannot be found",
    ConnectionRefusedError: "nothing answers at {host}: the connection was refused",
    ConnectionError: "{host} broke the connection off",
    OverflowError: "the port of {host} does not exist",
}


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and what led to it, nearest first, through groups."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < _MAX_CAUSES:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
