"""The filter of the keys that are loaded, and the order they are shown in."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from kvtui.errors import SettingsError
from kvtui.ui.formatting import count
from kvtui.ui.reporting import sentence
from kvtui.ui.screens.stage import Pane

if TYPE_CHECKING:
    from kvtui.session.namespace import OpenNamespace
    from kvtui.ui.screens.stage import Stage

FILTERING: Final = ("filtering …",)


class FilterFlow:
    """Lets filter and order look at the keys, a few thousand at a time."""

    def __init__(self, stage: "Stage", matched: "Callable[[OpenNamespace], None]") -> None:
        self._stage = stage
        self._matched = matched
        """Told when all keys have been looked at."""

    def filter(self, text: str) -> str:
        """Filter what is loaded; give the problem where `text` cannot be followed."""
        from kvtui.keyspace.filter import KeyFilter

        opened = self._stage.opened
        if opened is None:
            return ""
        try:
            opened.tree.filter = KeyFilter.parse(text)
        except SettingsError as error:
            return sentence(error)
        self._stage.explorer.say_empty(*FILTERING)
        self._stage.start("filter", partial(self._match, opened), pane=Pane.KEYS)
        return ""

    def settle(self) -> None:
        """Let filter and order look at what they have not seen yet, beside the keys."""
        opened = self._stage.opened
        if opened is not None and not opened.tree.is_settled:
            self._stage.start("filter", partial(self._match, opened), pane=Pane.KEYS)

    def state(self) -> str:
        """Say how much the filter shows, of how much."""
        opened = self._stage.opened
        if opened is None or opened.tree.filter is None:
            return ""
        shown, loaded = opened.tree.filter_counts()
        of = count(loaded, is_exact=opened.is_complete(opened.tree.root))
        return f"{shown:,} of {of} loaded"

    async def _match(self, opened: "OpenNamespace") -> None:
        """Let the filter look at the keys a few thousand at a time, so that keys are answered."""
        is_done = False
        while not is_done:
            is_done = opened.tree.filter_step()
            if self._stage.opened is opened:
                if opened.tree.filter is not None:
                    self._stage.pane_state(Pane.KEYS, self.state())
                self._stage.explorer.tree_changed()
            await asyncio.sleep(0)
        self._matched(opened)
