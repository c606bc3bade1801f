"""Which keys a deletion is about, and what became of each: kept on disk, so that it can go on."""

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

import msgspec
from msgspec.structs import replace

from kvtui.errors import VaultError
from kvtui.records import KeyEntry
from kvtui.vault.ledger import Ledger

FOLDER: Final = "plans"
"""In the state directory."""


class KeyState(StrEnum):
    """What became of one key of a plan."""

    PENDING = "pending"
    STARTED = "started"
    """Its deletion may have been sent; the program ended before it took note of the answer."""
    DONE = "done"
    SKIPPED = "skipped"
    """Left as it is: not what the plan is about any more."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """No answer came, and what became of it could not be found out."""


class PlannedKey(msgspec.Struct, frozen=True, tag_field="line", tag="key"):
    """A key as it was listed when the plan was made, and what became of it."""

    key: str
    size_bytes: int | None = None
    updated_at: str | None = None
    state: KeyState = KeyState.PENDING
    reason: str = ""


class PlanHead(msgspec.Struct, frozen=True, tag_field="line", tag="plan"):
    """What a plan is for; its first line."""

    namespace_id: str
    namespace: str
    base_url: str
    prefix: str
    """The folder, with its "/"; empty where keys were chosen one by one."""
    made_at: str
    key_count: int = 0


_LINES: Final[msgspec.json.Decoder[PlanHead | PlannedKey]] = msgspec.json.Decoder(
    PlanHead | PlannedKey
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a plan has come; all states together are the whole plan."""

    total: int
    done: int = 0
    skipped: int = 0
    failed: int = 0
    unknown: int = 0

    @property
    def left(self) -> int:
        return self.total - self.done - self.skipped - self.failed - self.unknown


class DeletionPlan:
    """An explicit list of keys. It never grows: what is written later is not in it."""

    def __init__(self, ledger: Ledger[PlanHead | PlannedKey]) -> None:
        lines = iter(ledger.lines)
        head = next(lines, None)
        if not isinstance(head, PlanHead):
            raise VaultError(f"{ledger.path} is not a plan")
        self.head = head
        self._ledger = ledger
        self._keys = {line.key: line for line in lines if isinstance(line, PlannedKey)}
        if len(self._keys) != head.key_count:
            raise VaultError(f"{ledger.path} does not hold the keys that it was made with")
        self._counts = Counter(planned.state for planned in self._keys.values())

    @classmethod
    def create(cls, folder: Path, head: PlanHead, entries: Iterable[KeyEntry]) -> Self:
        """Write a plan into a folder of its kind."""
        listed = {entry.key: entry for entry in entries}
        keys = [PlannedKey(key, item.size_bytes, item.updated_at) for key, item in listed.items()]
        made_at = re.sub(r"[^0-9T]", "", head.made_at)[:15]
        name = f"delete-{made_at}-{secrets.token_hex(3)}.jsonl"
        lines: list[PlanHead | PlannedKey] = [replace(head, key_count=len(keys)), *keys]
        return cls(Ledger.create(folder / name, _LINES, lines))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Go on with a plan; raises VaultError where the file is none, or is in use."""
        return cls(Ledger(path, _LINES))

    @property
    def path(self) -> Path:
        return self._ledger.path

    @property
    def tally(self) -> Tally:
        return Tally(
            len(self._keys),
            self._counts[KeyState.DONE],
            self._counts[KeyState.SKIPPED],
            self._counts[KeyState.FAILED],
            self._counts[KeyState.UNKNOWN],
        )

    @property
    def size_bytes(self) -> int:
        return sum(planned.size_bytes or 0 for planned in self._keys.values())

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[PlannedKey]:
        return iter(self._keys.values())

    def in_state(self, *states: KeyState) -> list[PlannedKey]:
        return [planned for planned in self._keys.values() if planned.state in states]

    def note(self, key: str, state: KeyState, reason: str = "") -> PlannedKey:
        """Take note of what became of a key."""
        before = self._keys[key]
        now = replace(before, state=state, reason=reason)
        self._ledger.append(now)
        self._counts[before.state] -= 1
        self._counts[state] += 1
        self._keys[key] = now
        return now

    def close(self, *, is_wanted: bool = True) -> None:
        """Keep the plan while something of it can still be done, unless nobody wants it done."""
        tally = self.tally
        if is_wanted and (tally.left or tally.failed or tally.unknown):
            self._ledger.close()
        else:
            self._ledger.remove()
