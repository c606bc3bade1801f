"""The status of a namespace, told from the clock alone: no timers, so a restart changes nothing."""

from dataclasses import dataclass

from kvtui.protocol import Status


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """How a namespace comes to be, what it can do, and how it ends."""

    provisioning_seconds: float = 0.0
    """How long it stays `pending`."""
    is_provisioning_failing: bool = False
    deleting_seconds: float = 0.0
    """How long it stays `deleting`."""
    is_deleting_failing: bool = False
    has_ttl_support: bool = True
    """Whether a write may carry `ttl_secs`."""
    is_bound: bool = False
    """Bound to a function: deleting it needs `force=true`."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A status, and since when (seconds since the epoch)."""

    status: Status
    since: float


def phase_at(
    now: float, lifecycle: Lifecycle, created_at: float, deleting_since: float | None
) -> Phase:
    """Tell where a namespace stands in its life; `Status.DELETED` means it is gone."""
    if deleting_since is not None:
        return _ending(now, lifecycle, deleting_since)
    provisioned_at = created_at + lifecycle.provisioning_seconds
    if now < provisioned_at:
        return Phase(Status.PENDING, created_at)
    if lifecycle.is_provisioning_failing:
        return Phase(Status.PROVISION_FAILED, provisioned_at)
    return Phase(Status.PROVISION_OK, provisioned_at)


def _ending(now: float, lifecycle: Lifecycle, deleting_since: float) -> Phase:
    ended_at = deleting_since + lifecycle.deleting_seconds
    if now < ended_at:
        return Phase(Status.DELETING, deleting_since)
    if lifecycle.is_deleting_failing:
        return Phase(Status.DELETE_FAILED, ended_at)
    return Phase(Status.DELETED, ended_at)
