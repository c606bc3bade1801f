"""Long tests in pieces: each adds what it counted to a file, and the next goes on from there."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".counts"
"""Not kept in the repository; the totals are, in CONTRIBUTING.md."""
_BUDGET = os.environ.get("KVTUI_DOSE_SECONDS")
"""Read before a test, which finds no variable of the person who runs it."""


class Dose:
    """A number of rounds to reach; KVTUI_DOSE_SECONDS ends a piece earlier."""

    def __init__(self, name: str, rounds: int, *, folder: Path = FOLDER) -> None:
        self._path = folder / f"{name}.jsonl"
        self._rounds = rounds
        self._ends_at = time.monotonic() + float(_BUDGET) if _BUDGET else None

    @property
    def totals(self) -> "Counter[str]":
        """What all pieces counted so far."""
        totals: Counter[str] = Counter()
        if self._path.exists():
            for line in self._path.read_text().splitlines():
                totals.update(json.loads(line))
        return totals

    def rounds_left(self) -> Iterator[int]:
        """Give the numbers of the rounds that are still to be done, until the time is over."""
        done = self.totals["rounds"]
        for number in range(done, self._rounds):
            if self._ends_at is not None and time.monotonic() > self._ends_at:
                return
            yield number

    def add(self, **counts: int) -> None:
        """Add the counts of one round."""
        self.add_to_totals(rounds=1, **counts)

    def add_to_totals(self, **counts: int) -> None:
        """Add what belongs to no single round."""
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("a") as file:
            file.write(f"{json.dumps(counts)}\n")
