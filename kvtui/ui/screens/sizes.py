"""What a folder's children hold, ranked, live while everything below it is being listed."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker

from kvtui.keyspace.index import KeyIndex
from kvtui.keyspace.ranking import Ranking
from kvtui.ui.commands import Scope, bindings
from kvtui.ui.formatting import exact_size, plural
from kvtui.ui.hints import hints
from kvtui.ui.screens.stage import Work
from kvtui.ui.text import line
from kvtui.ui.widgets.hint_bar import HintBar
from kvtui.ui.widgets.row_view import RowView
from kvtui.ui.widgets.size_chart import SizeChart

PASS_SECONDS = 0.5
"""How long the chart rests between two passes over the children."""


class SizesScreen(Screen[str | None]):
    """Gives the path of the key or folder to go to, or None.

    `state` tells how far the listing came, `is_done` whether it has ended and `is_complete` whether
    that was because everything was listed; listing itself goes on below this screen.
    """

    DEFAULT_CSS = """
    SizesScreen { background: $background; }
    SizesScreen .title { height: 1; background: $panel; padding: 0 1; text-style: bold; }
    SizesScreen #scan-state { height: 1; padding: 0 1; color: $foreground-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.SIZES)]

    def __init__(
        self,
        index: KeyIndex,
        prefix: str,
        *,
        state: Callable[[], str],
        is_done: Callable[[], bool],
        is_complete: Callable[[], bool],
        is_ascii: bool = False,
    ) -> None:
        super().__init__()
        self._index = index
        self._top = self._prefix = prefix
        self._state = state
        self._is_done = is_done
        self._is_complete = is_complete
        self._chart = SizeChart(is_ascii=is_ascii)
        self._ranking: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        yield Static(classes="title", markup=False)
        yield self._chart
        yield Static(id="scan-state", markup=False)
        yield HintBar()

    def on_mount(self) -> None:
        self._chart.focus()
        self._look_into(self._prefix)
        self.call_after_refresh(self._show_hints)

    def action_descend(self) -> None:
        share = self._chart.highlighted
        if share is not None and share.is_folder:
            self._look_into(share.path)
        elif share is not None:
            self.dismiss(share.path)

    def action_ascend(self) -> None:
        if self._prefix != self._top:
            parent = self._prefix[:-1].rpartition("/")
            self._look_into(max(self._top, parent[0] + parent[1], key=len))

    def action_go_to(self) -> None:
        share = self._chart.highlighted
        if share is not None:
            self.dismiss(share.path)

    def action_close(self) -> None:
        self.dismiss(None)

    @on(RowView.Chosen)
    def _descend(self) -> None:
        self.action_descend()

    def _look_into(self, prefix: str) -> None:
        self._prefix = prefix
        self._chart.say_empty("adding up …")
        rank: Work = self._rank
        self._ranking = self.run_worker(rank, group="ranking", exclusive=True)

    async def _rank(self) -> None:
        """Rank again and again while keys come in, a few children at a time."""
        prefix, ranking = self._prefix, Ranking(self._index, self._prefix)
        is_last = False
        while not is_last:
            is_last = self._is_done()
            await self._finish_pass(ranking)
            self._show(prefix, ranking)
            if not is_last:
                await asyncio.sleep(PASS_SECONDS)

    async def _finish_pass(self, ranking: Ranking) -> None:
        is_finished = False
        while not is_finished:
            is_finished = ranking.step()
            await asyncio.sleep(0)

    def _show(self, prefix: str, ranking: Ranking) -> None:
        ranked = ranking.ranked
        self._chart.say_empty("Nothing is below this folder.")
        self._chart.show_ranked(prefix, ranked)
        keys = plural(ranked.key_count, "key")
        size = exact_size(ranked.size_bytes)
        least = "" if self._is_complete() else "at least "
        title = f"Sizes  {line(prefix) or 'all keys'}   {least}{keys}, {size}"
        self.query_one(".title", Static).update(Content(title))
        self.query_one("#scan-state", Static).update(Content(line(self._state())))

    def _show_hints(self) -> None:
        self.query_one(HintBar).hints = hints(self)
