"""The value pane: reads what the cursor rests on, and nothing else."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from kvtui.errors import KvtuiError, NotFoundError
from kvtui.keyspace.row import RowKind
from kvtui.protocol import SEPARATOR
from kvtui.ui.formatting import age, count, exact_size
from kvtui.ui.masking import masked_text
from kvtui.ui.reporting import sentence
from kvtui.ui.screens.stage import Pane

if TYPE_CHECKING:
    from kvtui.keyspace.row import Row
    from kvtui.records import StoredValue
    from kvtui.session.namespace import OpenNamespace
    from kvtui.ui.masking import Masking
    from kvtui.ui.screens.stage import Stage
    from kvtui.values.detection import Format
    from kvtui.values.reading import Reading
    from kvtui.values.view import ValueViews

REST_SECONDS: Final = 0.08
"""How long the cursor rests on a key before its value is asked for."""
REST_ON_SLOW_LINE_SECONDS: Final = 0.25
"""The same where a value would hold up what is drawn of the keys."""
SOON_SECONDS: Final = 0.1
"""How long the pane keeps what it shows while a value is read: a quick answer is drawn alone."""
WATCH_SECONDS: Final = 5.0


class ValueFlow:
    """Shows one value at a time; an answer for a key that is no longer selected is dropped."""

    def __init__(self, stage: "Stage", masking: "Masking") -> None:
        self.masking = masking
        self._stage = stage
        self.key: str | None = None
        """The key the pane is for."""
        self.stored: StoredValue | None = None
        """What the pane shows of it; None until it was read."""
        self._formats: dict[tuple[str, str], Format] = {}
        self._layers: tuple[str | None, int | None] = None, None

    def show_row(self, row: "Row | None") -> None:
        """Follow the cursor."""
        opened = self._stage.opened
        if row is None or opened is None:
            self._clear("", "")
        elif row.kind is RowKind.KEY:
            self.show_key(opened, row.path)
        elif row.kind is RowKind.FOLDER:
            self._clear(row.path, _folder_text(row))
        else:
            self._clear(row.path, "There are more keys than were loaded.\n\nEnter reads on.")

    def show_key(self, opened: "OpenNamespace", key: str, *, is_fresh: bool = False) -> None:
        """Show a key's value: at once where it was read before, else after a rest."""
        if key == self.key and not is_fresh:
            return
        cached = None if is_fresh else opened.cached(key)
        if cached is not None:
            self._stage.stop("value")
            self._show(opened, key, cached)
            return
        if key != self.key:
            self._leave()
        self.key = key
        read = partial(self._read, opened, key, is_fresh=is_fresh)
        self._stage.start("value", read, pane=Pane.VALUE)

    def show_written(self, opened: "OpenNamespace", key: str, value: "StoredValue") -> None:
        """Show what was just written."""
        self._stage.stop("value")
        self._show(opened, key, value)

    def show_known(self, opened: "OpenNamespace", key: str) -> None:
        """Show what is known of `key` by now, if the pane is for it."""
        known = opened.cached(key)
        if self.key == key and known is not None:
            self.show_written(opened, key, known)

    def toggle_mask(self) -> None:
        """Reveal the value that is hidden, or hide values."""
        self.masking.toggle(self.key)
        opened = self._stage.opened
        if opened is not None and self.key is not None and self.stored is not None:
            self._show(opened, self.key, self.stored)
        elif not self._stage.value.message:
            self._say_reading(self.key)
        self._stage.place_changed()

    def read_as(self, reading: "Reading") -> None:
        """Read the value in another way; a format is kept for all keys of its folder."""
        opened, key, stored = self._stage.opened, self.key, self.stored
        if opened is None or key is None or stored is None:
            return
        folder = opened.namespace.id, key.rpartition(SEPARATOR)[0]
        self._layers = (key, reading.depth)
        if reading.format is None:
            self._formats.pop(folder, None)
        else:
            self._formats[folder] = reading.format
        self.stored = None
        self._show(opened, key, stored)

    def _reading(self, opened: "OpenNamespace", key: str) -> "Reading":
        """Give what was chosen for a key: the layer for it alone, the format for its folder."""
        from kvtui.values.reading import Reading

        depth = self._layers[1] if self._layers[0] == key else None
        folder = opened.namespace.id, key.rpartition(SEPARATOR)[0]
        return Reading(depth, self._formats.get(folder))

    def reload(self) -> None:
        opened = self._stage.opened
        if opened is not None and self.key is not None:
            self.show_key(opened, self.key, is_fresh=True)

    async def watch(self) -> None:
        """Read the open value again every few seconds, and say when it changed."""
        opened, key = self._stage.opened, self.key
        if opened is None or key is None:
            return
        self._stage.pane_state(Pane.VALUE, f"watching, every {WATCH_SECONDS:.0f} s")
        while self.key == key and self._stage.opened is opened:
            before = self.stored
            value = await opened.read(key)
            if self.key == key and before is not None and value.content != before.content:
                self._stage.tell(f"{key} changed")
            if self.key == key:
                await self._find_out(opened, key, value)
            await self._stage.sleep(WATCH_SECONDS)
        self._stage.pane_state(Pane.VALUE, "")

    async def _read(self, opened: "OpenNamespace", key: str, *, is_fresh: bool) -> None:
        if not is_fresh:
            is_slow = self._stage.is_line_slow
            await self._stage.sleep(REST_ON_SLOW_LINE_SECONDS if is_slow else REST_SECONDS)
        with self._reading_said(key):
            try:
                value = await opened.read(key)
            except KvtuiError as error:
                if self.key == key:
                    self._clear(key, f"{_failure_text(error)}\n\nr reads it again.")
                    self.key = key
                    self._stage.explorer.tree_changed()
                raise
            if self.key == key and self._stage.opened is opened:
                await self._find_out(opened, key, value)

    @contextmanager
    def _reading_said(self, key: str) -> Iterator[None]:
        """Say what is under way if it lasts; what came before stays on screen for so long."""
        saying = asyncio.get_running_loop().call_later(SOON_SECONDS, self._say_reading, key)
        try:
            yield
        finally:
            saying.cancel()

    def _say_reading(self, key: str | None) -> None:
        if key is not None and key == self.key and self.stored is None:
            self._stage.value.show_message(key, "reading …")

    def _show(self, opened: "OpenNamespace", key: str, value: "StoredValue") -> None:
        """Show a value: at once where that is quick, else when it is found out what it is."""
        from kvtui.values.view import is_quick

        if is_quick(value.content):
            self._show_views(opened, key, value, self._views(opened, key, value))
            return
        if key != self.key:
            self._leave()
        self.key = key
        self._stage.start("value", partial(self._find_out, opened, key, value), pane=Pane.VALUE)

    async def _find_out(self, opened: "OpenNamespace", key: str, value: "StoredValue") -> None:
        """Find out what a value is, beside the screen where it is large or packed, and show it."""
        from kvtui.values.view import is_quick

        if is_quick(value.content):
            self._show_views(opened, key, value, self._views(opened, key, value))
            return
        with self._reading_said(key):
            views = await asyncio.to_thread(self._views, opened, key, value)
        if self.key == key and self._stage.opened is opened:
            self._show_views(opened, key, value, views)

    def _views(self, opened: "OpenNamespace", key: str, value: "StoredValue") -> "ValueViews":
        from kvtui.values.formats.info import Circumstances
        from kvtui.values.view import ValueViews

        updated, now = _updated(opened, key), self._stage.now()
        when = f"{updated}, {age(updated, now)}" if updated else "not known"
        circumstances = Circumstances(value.content_type, now, [("Updated", when)])
        views = ValueViews(value.content, circumstances, self._reading(opened, key))
        views.prepare()
        return views

    def _show_views(
        self, opened: "OpenNamespace", key: str, value: "StoredValue", views: "ValueViews"
    ) -> None:
        is_same_key = key == self.key and self.stored is not None
        if not is_same_key:
            self._stage.pane_state(Pane.VALUE, "")
        self.key, self.stored = key, value
        self.masking.moved_to(key)
        if self.masking.hides(key):
            self._stage.value.show_message(key, masked_text(value.content))
            self._stage.place_changed()
            return
        facts = [exact_size(len(value.content)), value.content_type or "no content type"]
        if updated := _updated(opened, key):
            facts.append(age(updated, self._stage.now()))
        self._stage.value.show_value(key, " · ".join(facts), views, is_same_key=is_same_key)
        self._stage.place_changed()

    def _clear(self, title: str, text: str) -> None:
        self._let_go()
        self._stage.value.show_message(title, text)

    def _leave(self) -> None:
        """Let go of what is shown; it stays on screen, with its title, until something comes."""
        self._let_go()
        self._stage.value.leave()

    def _let_go(self) -> None:
        self._stage.stop("value")
        self.key, self.stored = None, None
        self._stage.pane_state(Pane.VALUE, "")
        self._stage.place_changed()


def _updated(opened: "OpenNamespace", key: str) -> str | None:
    entry = opened.index.get(key)
    return entry.updated_at if entry is not None else None


def _failure_text(error: KvtuiError) -> str:
    if isinstance(error, NotFoundError):
        return "This key does not exist: it was deleted or has expired."
    return sentence(error)


def _folder_text(row: "Row") -> str:
    number = row.count or 0
    seen = "1 key" if number == 1 else f"{count(number, is_exact=row.is_count_exact)} keys"
    return f"A folder with {seen}.\n\nEnter {'closes' if row.is_expanded else 'opens'} it."
