"""What the exit status tells a script."""

from enum import IntEnum
from typing import Final

from kvtui.errors import (
    ApiError,
    ConnectionFailedError,
    KeyNotAddressableError,
    KvtuiError,
    MalformedResponseError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    ReadOnlyError,
    ServerError,
    SettingsError,
    VaultError,
)


class ExitStatus(IntEnum):
    """Documented in the help and relied upon by scripts: never renumbered."""

    DONE = 0
    NOT_FOUND = 1
    """Or some of several items failed, or somebody said no."""
    USAGE = 2
    REFUSED = 3
    UNREACHABLE = 4
    UNKNOWN = 5
    HUNG_UP = 129
    """The terminal was closed."""
    INTERRUPTED = 130
    TERMINATED = 143


_STATUSES: Final[tuple[tuple[type[KvtuiError], ExitStatus], ...]] = (
    (NotFoundError, ExitStatus.NOT_FOUND),
    (RateLimitedError, ExitStatus.UNREACHABLE),
    (ServerError, ExitStatus.UNREACHABLE),
    (ApiError, ExitStatus.REFUSED),
    (ReadOnlyError, ExitStatus.REFUSED),
    (ConnectionFailedError, ExitStatus.UNREACHABLE),
    (MalformedResponseError, ExitStatus.UNREACHABLE),
    (OutcomeUnknownError, ExitStatus.UNKNOWN),
    (SettingsError, ExitStatus.USAGE),
    (KeyNotAddressableError, ExitStatus.USAGE),
    (VaultError, ExitStatus.NOT_FOUND),
)
"""The first class that fits counts."""


def status_of(error: KvtuiError) -> ExitStatus:
    """Give the exit status that tells this kind of error."""
    return next(status for kind, status in _STATUSES if isinstance(error, kind))
