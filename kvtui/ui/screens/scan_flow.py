"""Everything under a folder: load it all, and what its children hold."""

from functools import partial
from typing import TYPE_CHECKING, Final

from textual.content import Content

from kvtui.errors import KvtuiError
from kvtui.keyspace.row import RowKind
from kvtui.ui.formatting import count, plural
from kvtui.ui.listing_words import fitting
from kvtui.ui.screens.confirm import Confirm
from kvtui.ui.screens.sizes import SizesScreen
from kvtui.ui.screens.stage import Pane
from kvtui.ui.text import line

if TYPE_CHECKING:
    from kvtui.keyspace.progress import Progress
    from kvtui.session.namespace import OpenNamespace
    from kvtui.ui.screens.stage import Stage

GROUP: Final = "scan"
REDRAW_SECONDS: Final = 0.2
DOLLARS_PER_LISTING: Final = 3.5 / 1_000_000
"""The provider's listed price."""


class ScanFlow:
    """Runs one scan at a time; it goes on whatever is looked at, until it is stopped."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage
        self._state = ""
        self._is_running = False

    def stop(self) -> bool:
        """Stop because a person said so; tell whether there was anything to stop."""
        if not self._is_running:
            return False
        self._stage.stop(GROUP)
        self._stage.pane_state(Pane.KEYS, "stopped by you: L goes on")
        return True

    async def load_all(self, opened: "OpenNamespace", prefix: str) -> None:
        """Load everything under `prefix`, after saying what it may cost."""
        if opened.is_complete(prefix):
            self._stage.tell(f"{_name(prefix)}: all {opened.tree.count(prefix):,} keys are loaded")
        elif await self._stage.ask(_estimate(opened, prefix)):
            self._start(opened, prefix)

    async def sizes(self, opened: "OpenNamespace", prefix: str) -> None:
        """Show what the children of `prefix` hold, while the rest is loaded if that is wanted."""
        if not opened.is_complete(prefix) and await self._stage.ask(_estimate(opened, prefix)):
            self._start(opened, prefix)
        path = await self._stage.ask(
            SizesScreen(
                opened.index,
                prefix,
                state=lambda: self._state,
                is_done=lambda: not self._is_running,
                is_complete=lambda: opened.is_complete(prefix),
                is_ascii=self._stage.opening.is_ascii,
            )
        )
        if path is not None and self._stage.opened is opened:
            kind = RowKind.FOLDER if path.endswith("/") else RowKind.KEY
            self._stage.explorer.reveal(path, kind)

    def _start(self, opened: "OpenNamespace", prefix: str) -> None:
        self._is_running = True
        self._state = "loading …"
        self._stage.start(GROUP, partial(self._scan, opened, prefix), pane=Pane.KEYS)

    async def _scan(self, opened: "OpenNamespace", prefix: str) -> None:
        began = drawn = self._stage.now()
        requests = 0
        try:
            async for progress in opened.listings.load_all(prefix):
                requests += 1
                now = self._stage.now()
                if now - drawn >= REDRAW_SECONDS or progress.is_complete:
                    drawn = now
                    self._say(opened, progress, requests, now - began)
        except KvtuiError:
            self._state = "stopped by an error; L goes on"
            raise
        finally:
            self._is_running = False
        self._stage.pane_state(Pane.KEYS, "")
        self._stage.tell(f"{_name(prefix)}: all {opened.tree.count(prefix):,} keys are loaded")

    def _say(
        self, opened: "OpenNamespace", progress: "Progress", requests: int, seconds: float
    ) -> None:
        rate = requests / seconds if seconds > 0 else 0.0
        keys = opened.tree.count(progress.prefix)
        first = [f"{keys:,} keys", plural(requests, "request")]
        more = [f"{rate:,.0f} pages/s", f"${requests * DOLLARS_PER_LISTING:.4f}"]
        if progress.branch_count > 1:
            more.append(f"{progress.done_count:,} of {progress.branch_count:,} branches")
        self._state = " · ".join([*first, *more])
        if self._stage.opened is opened:
            room = self._stage.explorer.outer_size.width - 4
            self._stage.pane_state(Pane.KEYS, fitting([*first, "esc stops", *more], room))
            self._stage.explorer.tree_changed()
            self._stage.place_changed()


def _estimate(opened: "OpenNamespace", prefix: str) -> Confirm:
    seen = count(opened.tree.count(prefix), is_exact=opened.is_complete(prefix))
    return Confirm(
        "Load everything",
        [
            Content.assemble("Under  ", (line(prefix) or "all keys", "bold")),
            Content(f"Seen   {seen} keys so far. The API has no count."),
            Content(""),
            Content("One request lists 1,000 keys: a million keys take 1,000 requests"),
            Content("or more, $0.0035 at the listed price."),
            Content("esc stops; L goes on from there."),
        ],
        action="Load all",
        is_danger=False,
    )


def _name(prefix: str) -> str:
    return line(prefix) or "This namespace"
