"""An error becomes one sentence in the right place: the only module that words failures."""

from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from kvtui.errors import (
    AuthenticationError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitedError,
)
from kvtui.protocol import Status

if TYPE_CHECKING:
    from kvtui.errors import (
        KvtuiError,
    )
    from kvtui.records import Namespace


class Where(Enum):
    """Where a failure belongs."""

    BANNER = "banner"
    """Wrong until it is put right: it stays in the top line."""
    PANE = "pane"
    """Something in the background: in its pane, beside what was there before."""


class Failure(msgspec.Struct, frozen=True):
    """A failure in words, and where to show them."""

    where: Where
    text: str


def failure(error: "KvtuiError") -> Failure:
    """Word `error` for a person."""
    if isinstance(error, AuthenticationError):
        why = f": {error.detail}" if error.detail else ""
        return Failure(Where.BANNER, f"API key rejected{why}")
    if isinstance(error, PermissionDeniedError):
        return Failure(Where.BANNER, f"not permitted: {sentence(error)}")
    return Failure(Where.PANE, sentence(error))


def sentence(error: "KvtuiError") -> str:
    """Give the one sentence that says what went wrong."""
    if isinstance(error, RateLimitedError) and error.retry_after_seconds:
        return f"{error} (again in {error.retry_after_seconds:.0f} s)"
    return str(error)


def problem_title(error: "KvtuiError", otherwise: str) -> str:
    """Give the title for a write that failed; what is not known is never called not done."""
    return "Done or not: unknown" if isinstance(error, OutcomeUnknownError) else otherwise


def status_text(namespace: "Namespace") -> tuple[str, ...]:
    """Say why nothing can be listed in a namespace, and what happens next."""
    name = namespace.name
    return {
        Status.PENDING: (
            f"{name} is being provisioned.",
            "This takes a few seconds, up to about 20.",
            "It is checked by itself; nothing to press.",
        ),
        Status.PROVISION_FAILED: (
            f"Provisioning {name} failed.",
            "Its keys cannot be listed.",
            "Among the namespaces (1), D deletes it and a creates another.",
        ),
        Status.DELETING: (f"{name} is being deleted, with all its keys.",),
        Status.DELETE_FAILED: (
            f"Deleting {name} failed.",
            "Among the namespaces (1), D tries again.",
        ),
    }.get(
        Status(namespace.status) if namespace.status in set(Status) else Status.DELETED,
        (f"{name} has the status {namespace.status}.", "Its keys cannot be listed now."),
    )
