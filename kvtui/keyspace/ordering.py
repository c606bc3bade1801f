"""Which arrangement every expanded folder has now, for one order."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final

from kvtui.keyspace.arrangement import Arrangement, arranging
from kvtui.keyspace.filter import Order, OrderBy
from kvtui.keyspace.fold import Fold

_AT_ONCE_KEYS: Final = 5000
"""A folder of so many keys is sorted before it is shown."""


@dataclass(slots=True)
class _Job:
    version: int
    steps: Generator[int, None, Arrangement | None]
    result: Arrangement | None = None
    is_done: bool = False

    def step(self, budget_keys: int) -> int:
        """Go on for about so many keys; give what is left of the budget."""
        while budget_keys > 0 and not self.is_done:
            try:
                budget_keys -= next(self.steps)
            except StopIteration as stop:
                self.result, self.is_done = stop.value, True
        return budget_keys


class Ordering:
    """Sorts folders, small ones at once and large ones by steps.

    A large folder is shown in key order until it is sorted, and again when its keys have changed.
    """

    def __init__(self, order: Order, done: Callable[[str], None]) -> None:
        self._order = order
        self._done = done
        """Told the prefix of a folder that was sorted by steps."""
        self._jobs: dict[str, _Job] = {}

    @property
    def is_settled(self) -> bool:
        """Whether every folder asked for is sorted."""
        return all(job.is_done for job in self._jobs.values())

    def arrange(self, fold: Fold) -> Arrangement | None:
        """Give the arrangement of a folder; None means key order."""
        job = self._jobs.get(fold.prefix)
        index = fold.index
        if job is None or index.has_changed(fold.prefix, job.version):
            still = fold if self._order.by is OrderBy.NAME else Fold(index.snapshot(), fold.prefix)
            job = _Job(index.version, arranging(still, self._order))
            self._jobs[fold.prefix] = job
            job.step(_AT_ONCE_KEYS)
        elif job.is_done:
            job.version = index.version
        return job.result

    def step(self, budget_keys: int) -> bool:
        """Sort on for about so many keys; tell whether all is sorted."""
        for prefix, job in self._jobs.items():
            if job.is_done:
                continue
            budget_keys = job.step(budget_keys)
            if budget_keys <= 0:
                break
            self._done(prefix)
        return self.is_settled
