from math import inf

import pytest

from kvtui.protocol import Status
from kvtui.server.lifecycle import Lifecycle, Phase, phase_at

QUICK = Lifecycle(provisioning_seconds=2, deleting_seconds=3)
FAILING = Lifecycle(2, is_provisioning_failing=True, deleting_seconds=3, is_deleting_failing=True)


@pytest.mark.parametrize(
    ("lifecycle", "now", "deleting_since", "phase"),
    [
        (QUICK, 10, None, Phase(Status.PENDING, 10)),
        (QUICK, 11.9, None, Phase(Status.PENDING, 10)),
        (QUICK, 12, None, Phase(Status.PROVISION_OK, 12)),
        (QUICK, 1e9, None, Phase(Status.PROVISION_OK, 12)),
        (QUICK, 20, 20, Phase(Status.DELETING, 20)),
        (QUICK, 23, 20, Phase(Status.DELETED, 23)),
        (QUICK, 11, 10.5, Phase(Status.DELETING, 10.5)),
        (FAILING, 11, None, Phase(Status.PENDING, 10)),
        (FAILING, 12, None, Phase(Status.PROVISION_FAILED, 12)),
        (FAILING, 22, 20, Phase(Status.DELETING, 20)),
        (FAILING, 23, 20, Phase(Status.DELETE_FAILED, 23)),
        (Lifecycle(), 10, None, Phase(Status.PROVISION_OK, 10)),
        (Lifecycle(provisioning_seconds=inf), 1e12, None, Phase(Status.PENDING, 10)),
    ],
)
def test_the_clock_alone_tells_the_status(
    lifecycle: Lifecycle, now: float, deleting_since: float | None, phase: Phase
) -> None:
    assert phase_at(now, lifecycle, 10, deleting_since) == phase
