"""Moves a key: read, write under the new name, verify, delete the old one last. Not atomic."""

from dataclasses import dataclass
from enum import Enum

from kvtui.records import Namespace, StoredValue
from kvtui.session.editing import Edit, Editing, Finding, is_same


class RenameOutcome(Enum):
    """How far a rename came."""

    DONE = "renamed"
    SOURCE_GONE = "the key does not exist any more: nothing was done"
    TARGET_EXISTS = "the new key exists already: nothing was done"
    TARGET_DIFFERS = "the new key does not hold what was written: the old key was kept"
    SOURCE_CHANGED = "the old key was changed meanwhile: both keys were kept"
    SOURCE_KEPT = "the old key could not be deleted: both keys were kept"


@dataclass(frozen=True, slots=True)
class Rename:
    """What to move where, as a person confirmed it."""

    namespace: Namespace
    source: str
    target: str


async def rename(editing: Editing, plan: Rename, *, ttl_seconds: int | None) -> RenameOutcome:
    """Carry out `plan`; whatever happens, the value stays under at least one of the two keys.

    The lifetime of the old key cannot be read, so the new one gets the lifetime given here.
    """
    source = await editing.begin(plan.namespace, plan.source)
    if source.base is None:
        return RenameOutcome.SOURCE_GONE
    target = await editing.begin(plan.namespace, plan.target)
    if target.base is not None:
        return RenameOutcome.TARGET_EXISTS
    value = StoredValue(source.base.content, source.content_type)
    report = await editing.put(target, value, ttl_seconds=ttl_seconds, is_awaited=True)
    if report.finding is not Finding.DONE:
        return RenameOutcome.TARGET_DIFFERS
    return await _delete_unchanged(editing, source)


async def _delete_unchanged(editing: Editing, source: Edit) -> RenameOutcome:
    if await editing.conflict(source) is not None:
        return RenameOutcome.SOURCE_CHANGED
    report = await editing.delete(source, is_awaited=True)
    if report.finding is Finding.DONE and is_same(report.stored, None):
        return RenameOutcome.DONE
    return RenameOutcome.SOURCE_KEPT
