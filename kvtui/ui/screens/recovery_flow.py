"""What an earlier run left behind: writes that were in flight."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from kvtui.session.recovery import Fate, Resolved, resolve_in_flight
from kvtui.ui.screens.stage import Stage


class RecoveryFlow:
    """Finds out and tells, once, after the endpoint answered."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def begin(self) -> None:
        """Tell what became of the writes that an earlier run did not live to see the end of."""
        editing = self._stage.workspace.editing
        if editing.journaling is None:
            return
        resolve = partial(resolve_in_flight, editing, editing.journaling)
        resolved = await resolve(clock=self._stage.now, sleep=self._stage.sleep)
        if resolved:
            is_problem = any(item.fate is not Fate.LANDED for item in resolved)
            self._stage.tell(in_flight_text(resolved), is_problem=is_problem)


def in_flight_text(resolved: Sequence[Resolved]) -> str:
    """Say what became of writes in flight, in one sentence."""
    if len(resolved) == 1:
        (item,) = resolved
        fate = {Fate.LANDED: "it did land", Fate.NOT_LANDED: "it did not land"}.get(
            item.fate, f"it {item.fate.value}"
        )
        place = f"{item.row.place.namespace_name} ▸ {item.row.place.key}"
        return f"1 {_noun(item)} was in flight when kvtui stopped: {fate} ({place})"
    counts = Counter(item.fate for item in resolved)
    parts = [f"{counts[fate]:,} {fate.value}" for fate in Fate if counts[fate]]
    return (
        f"{len(resolved):,} writes were in flight when kvtui stopped: {', '.join(parts)}"
        " (kvtui journal list)"
    )


def _noun(item: Resolved) -> str:
    return "save" if item.row.new_hash is not None else "deletion"
