"""What can be done with the value in its pane, besides changing it."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from textual import on

from kvtui.ui.formatting import exact_size
from kvtui.ui.screens.stage import Pane
from kvtui.ui.screens.workspace_screen import WorkspaceScreen
from kvtui.ui.widgets.find_bar import FindBar

if TYPE_CHECKING:
    from kvtui.values.detection import Detection, Format
    from kvtui.values.formats.json_query import JsonQuery
    from kvtui.values.formats.json_tree import JsonTree

QUERY_SECONDS: Final = 0.12
"""How long typing rests before an expression is carried out."""


class ValueScreen(WorkspaceScreen):
    """Panes whose value can be asked, looked through and gone around in."""

    _query: "tuple[Detection, JsonQuery] | None" = None

    def clear_field(self) -> bool:
        """End the search or filter of the pane that has the keys; tell whether there was one."""
        bar = self.find_bar(self.pane)
        if bar is not None and bar.clear_text():
            return True
        return self.pane is Pane.VALUE and self.value.close_query()

    def action_query(self) -> None:
        """Open the line for a JMESPath expression."""
        views = self.value.views
        if views is None or not views.is_json:
            self.tell("Only JSON can be filtered")
            return
        self.show_pane(Pane.VALUE)
        self.value.open_query()

    @on(FindBar.Wanted, "#value-query")
    def _filter_value(self, event: FindBar.Wanted) -> None:
        self.start("query", partial(self._show_found, event.text), pane=Pane.VALUE)

    @on(FindBar.Closed, "#value-query")
    def _leave_query(self, event: FindBar.Closed) -> None:
        if not event.bar.value:
            self.value.close_query()

    async def _show_found(self, expression: str) -> None:
        """Carry an expression out when typing rests, away from the screen."""
        views = self.value.views
        if views is None or not expression.strip():
            self.value.show_found(None)
            return
        from kvtui.values.formats.json_query import QueryError

        await asyncio.sleep(QUERY_SECONDS)
        try:
            found = await asyncio.to_thread(self._find, views.detection, expression)
        except QueryError as error:
            self.value.show_found(None, str(error))
            return
        if self.value.views is views:
            self.value.show_found(found)

    def _find(self, detection: "Detection", expression: str) -> "JsonTree":
        from kvtui.values.formats.json_query import JsonQuery

        if self._query is None or self._query[0] is not detection:
            self._query = detection, JsonQuery(detection)
        return self._query[1].find(expression)

    def action_choose_layer(self) -> None:
        self.start("layer", self._choose_layer, pane=Pane.VALUE)

    async def _choose_layer(self) -> None:
        """Ask how many layers to peel, and show what is then there."""
        from kvtui.ui.screens.menu import Menu
        from kvtui.values.reading import Reading

        views = self.value.views
        if views is None or not views.whole.layers:
            self.tell("The value has no layers")
            return
        whole = views.whole
        rows = [
            (str(depth + 1), f"{whole.path_to(depth)}, {exact_size(len(stage))}", str(depth))
            for depth, stage in enumerate(whole.stages)
        ]
        chosen = await self.ask(Menu("Look at", rows))
        if chosen is not None:
            depth = int(chosen)
            self._value_flow.read_as(Reading(None if depth == len(whole.layers) else depth))

    def action_choose_format(self) -> None:
        self.start("format", self._choose_format, pane=Pane.VALUE)

    async def _choose_format(self) -> None:
        """Ask what the value is to be read as, from now on and for its whole folder."""
        from kvtui.ui.screens.menu import Menu
        from kvtui.values.detection import Format
        from kvtui.values.reading import formats

        views = self.value.views
        if views is None:
            return
        found = replace(views.reading, format=None)
        detection = await asyncio.to_thread(views.read, found)
        others = await asyncio.to_thread(formats, detection)
        rows = [(str(n), _format_label(detection, each), each) for n, each in enumerate(others, 1)]
        chosen = await self.ask(Menu("Read as", rows))
        if chosen is not None:
            form = None if chosen == detection.format else Format(chosen)
            self._value_flow.read_as(replace(views.reading, format=form))

    def action_go_to_offset(self) -> None:
        self.start("offset", self._go_to_offset, pane=Pane.VALUE)

    async def _go_to_offset(self) -> None:
        from kvtui.ui.screens.prompt import Prompt
        from kvtui.values.offset import OFFSETS, offset_from

        view = self.value.hex_view
        if view.dump is None:
            return
        read = partial(offset_from, current=view.offset_shown, size=len(view.dump.content))
        text = await self.ask(
            Prompt(
                "Go to an offset",
                label=OFFSETS,
                problem=lambda text: None if read(text) is not None else "no offset in the value",
            )
        )
        at = read(text) if text is not None else None
        if at is not None:
            view.go_to(at)

    def action_search(self) -> None:
        self.value_search.open()

    @on(FindBar.Wanted, "#value-find")
    def _search(self, event: FindBar.Wanted) -> None:
        self._find_in_value(event.text)

    def action_find_next(self) -> None:
        self._find_on(is_backward=False)

    def action_find_previous(self) -> None:
        self._find_on(is_backward=True)

    def _find_on(self, *, is_backward: bool) -> None:
        bar = self.find_bar(Pane.VALUE)
        if self.pane is Pane.VALUE and bar is not None and bar.value:
            self._find_in_value(bar.value, is_backward=is_backward)
        elif self.pane is Pane.KEYS:
            self.explorer.action_move(-1 if is_backward else 1)

    def _find_in_value(self, needle: str, *, is_backward: bool = False) -> None:
        is_found = not needle or self.value.lines.search(needle, is_backward=is_backward)
        self.pane_state(Pane.VALUE, "" if is_found else "not found", is_problem=not is_found)

    def action_view(self, step: int) -> None:
        self.value.show_view(step)

    def action_watch(self) -> None:
        self.start("watch", self._value_flow.watch, pane=Pane.VALUE)

    def action_mask(self) -> None:
        self._value_flow.toggle_mask()


def _format_label(found: "Detection", form: "Format") -> str:
    return f"{form}: {found.reason}" if form is found.format else form
