"""What an earlier run left behind: writes that were in flight, and drafts."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from kvtui.session.recovery import Fate, Resolved, resolve_in_flight
from kvtui.ui.formatting import ago, plural
from kvtui.ui.screens.draft_flow import DraftFlow
from kvtui.ui.screens.stage import Stage
from kvtui.vault.drafts import LeftDraft

if TYPE_CHECKING:
    from kvtui.session.namespace import OpenNamespace

Resume = Callable[["OpenNamespace", LeftDraft], None]
_LETTERS = "123456789"


class RecoveryFlow:
    """Finds out, tells and offers, once, after the endpoint answered.

    `resume` opens a draft in the editor; what `hides` names is not shown by itself.
    """

    def __init__(self, stage: Stage, resume: Resume, hides: Callable[[str], bool]) -> None:
        self._stage = stage
        self._resume = resume
        self._hides = hides
        self._drafting = DraftFlow(stage)
        self._is_held_back = False
        """Whether drafts wait until writing is allowed."""

    async def begin(self) -> None:
        """Tell what became of writes in flight, then offer the drafts that were left."""
        await self._resolve_in_flight()
        await self._offer_drafts()

    async def offer_held_back(self) -> None:
        """Offer the drafts that waited, now that writing may be allowed."""
        if self._is_held_back and not self._stage.workspace.is_read_only:
            await self._offer_drafts()

    async def _offer_drafts(self) -> None:
        found = await self._drafting.left_behind()
        if not found:
            return
        self._is_held_back = self._stage.workspace.is_read_only
        if self._is_held_back:
            number = plural(len(found), "draft")
            self._stage.tell(f"{number} of an earlier run: offered when writing is allowed")
            return
        shown = [left for left in found if not self._hides(left.draft.place.key)]
        if len(shown) < len(found):
            number = plural(len(found) - len(shown), "draft")
            self._stage.tell(f"{number} of an earlier run: x reveals the value, e goes on")
        if not shown:
            return
        left = shown[0] if len(shown) == 1 else await self._choose(shown)
        if left is not None and await self._drafting.offer(left):
            self._go_on(left)

    async def _choose(self, found: Sequence[LeftDraft]) -> LeftDraft | None:
        """Ask which draft to look at first; the others are offered when their key is edited."""
        from kvtui.ui.screens.menu import Menu

        rows = dict(zip(_LETTERS, found, strict=False))
        letter = await self._stage.ask(
            Menu(
                f"{plural(len(found), 'draft')} of an earlier run",
                [(letter, self._label(left), letter) for letter, left in rows.items()],
            )
        )
        return None if letter is None else rows[letter]

    def _label(self, left: LeftDraft) -> str:
        draft = left.draft
        when = ago(self._stage.now() - draft.at)
        return f"{draft.place.namespace_name} ▸ {draft.place.key}  {when}"

    def _go_on(self, left: LeftDraft) -> None:
        place = left.draft.place
        namespace = self._stage.workspace.account.get(place.namespace_id)
        if namespace is None:
            self._stage.tell(f"{place.namespace_name} is gone: the draft is kept", is_problem=True)
        else:
            self._resume(self._stage.workspace.open(namespace), left)

    async def _resolve_in_flight(self) -> None:
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
