"""What can be switched in the local server: every ambiguity of the API, and every fault."""

from dataclasses import dataclass
from enum import StrEnum

from kvtui.server.lifecycle import Lifecycle


class ListOrder(StrEnum):
    """In which order keys are listed; the API documents none."""

    LEX = "lex"
    """By the bytes of the key."""
    WRITE = "write"
    """Oldest write first: a key that is written again moves to the end."""
    SHUFFLED = "shuffled"
    """By a hash of the key."""


class CursorQuirk(StrEnum):
    """Ways in which a listing may disagree with itself about where it goes on."""

    NONE = "none"
    """A cursor exactly where there is more."""
    AFTER_END = "after_end"
    """A cursor on the last page too, beside `has_more: false`."""
    EMPTY_PAGE = "empty_page"
    """An empty page between any two pages."""
    REPEATED = "repeated"
    """The second page is said to be followed by itself, for ever."""
    MISSING = "missing"
    """`has_more: true` without a cursor."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `count` requests in each window of `window_seconds`."""

    count: int
    window_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How the local server behaves. The defaults are a fast, faithful and faultless API."""

    order: ListOrder = ListOrder.LEX
    """The order of key listings."""
    provisioning_seconds: float = 2.0
    """How long a new namespace is `pending`."""
    is_provisioning_failing: bool = False
    """New namespaces end as `provision_failed`."""
    deleting_seconds: float = 2.0
    """How long a namespace is `deleting` before it is gone."""
    is_deleting_failing: bool = False
    """Deleting a namespace ends as `delete_failed`."""
    expired_linger_seconds: float = 0.0
    """How long an expired key still appears in listings (reading it is 404 at once)."""
    is_underscore_reserved: bool = False
    """Keys that begin with `_` are refused with 400."""
    is_edge_dot_refused: bool = False
    """Keys that begin or end with `.` are refused with 400."""
    is_content_type_kept: bool = True
    """Values are read back with the content type they were written with; otherwise always as
    application/octet-stream."""
    cursor_quirk: CursorQuirk = CursorQuirk.NONE
    """How a listing's cursor misbehaves."""
    is_path_normalised: bool = False
    """Behave like a gateway that folds dot segments before routing: `DELETE …/keys/..` then
    deletes the namespace. Exists to prove that a client never sends such a path."""
    latency_seconds: float = 0.0
    """Every answer comes this much later."""
    jitter_seconds: float = 0.0
    """And up to this much later again, at random."""
    empty_latency_seconds: float = 0.0
    """A listing of nothing comes so much later, as where the server looks at every key for it."""
    rate_limit: RateLimit | None = None
    """Requests above it are answered with 429."""
    is_retry_after_sent: bool = True
    """A 429 carries `Retry-After` (the API documents only `x-ratelimit-reset`)."""
    fail_percent: float = 0.0
    """How many requests of a hundred fail before anything is done."""
    fail_status: int = 500
    """The status of those failures."""
    is_failure_html: bool = False
    """Failures look like a gateway's error page instead of the API's envelope."""
    drop_percent: float = 0.0
    """How many writes of a hundred are applied and then never answered: the connection closes."""
    seed: int = 0
    """Decides which requests are delayed, fail or drop."""

    @property
    def lifecycle(self) -> Lifecycle:
        """How the namespaces created from now on live and die."""
        return Lifecycle(
            provisioning_seconds=self.provisioning_seconds,
            is_provisioning_failing=self.is_provisioning_failing,
            deleting_seconds=self.deleting_seconds,
            is_deleting_failing=self.is_deleting_failing,
        )
