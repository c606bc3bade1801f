"""Keys in the browser: open a namespace, a folder, the next page; filter, prefix, refresh."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Final

from kvtui.errors import KvtuiError, NamespaceNotReadyError
from kvtui.keyspace.coverage import Coverage
from kvtui.keyspace.progress import Doing
from kvtui.keyspace.row import Mark
from kvtui.protocol import key_problem
from kvtui.ui.formatting import plural
from kvtui.ui.listing_words import SLOW_PROBES_NOTICE, progress_words, standing_words
from kvtui.ui.reporting import sentence, status_text
from kvtui.ui.screens.filter_flow import FilterFlow
from kvtui.ui.screens.stage import Pane

if TYPE_CHECKING:
    from kvtui.keyspace.progress import Progress
    from kvtui.records import Namespace
    from kvtui.session.comparison import Comparison
    from kvtui.session.namespace import OpenNamespace
    from kvtui.ui.screens.stage import Stage, Work

    Steps = Callable[[], AsyncGenerator[Progress, None]]

LOADING: Final = ("loading …",)
STOPPED: Final = ("Stopped by you.", "", "r  lists the keys")
NO_KEYS: Final = ("No keys here yet.", "", "a  creates one")
HIDDEN: Final = ("The filter hides every key that is loaded.", "", "esc  clears it")


class ListingFlow:
    """Feeds the explorer, page by page, with what is being looked at."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage
        self.filtering = FilterFlow(stage, self._say_empty)
        self._loading: dict[str, object] = {}
        """What is being listed, and by whom: who was stopped may end after the next has begun."""
        self._said_slow: set[str] = set()
        self._stalled: set[str] = set()
        """Prefixes that go on only when somebody asks: barren, failed or stopped."""

    def open(self, namespace: "Namespace", prefix: str = "") -> None:
        """Show a namespace; its first page needs one request unless it was seen before."""
        self.leave()
        opened = self._stage.workspace.open(namespace)
        self._stalled.clear()
        explorer = self._stage.explorer
        explorer.now = self._stage.now()
        explorer.say_empty(*(LOADING if namespace.is_ready else status_text(namespace)))
        opened.known.show_root(prefix)
        explorer.show_tree(opened.tree)
        if namespace.is_ready and not opened.listings.is_begun(prefix):
            self.load(prefix)
        else:
            self._say_empty(opened)
            self._stage.pane_state(Pane.KEYS, "")
        self._stage.place_changed()

    def leave(self) -> None:
        """Stop all listing; what was loaded stays."""
        for prefix in list(self._loading):
            self._stage.stop(_group(prefix))
        self._loading.clear()

    def stop(self) -> bool:
        """Stop listing because a person said so; tell whether there was anything to stop."""
        if not self._loading:
            return False
        self._stalled |= set(self._loading)
        self.leave()
        self._stage.explorer.say_empty(*STOPPED)
        self._stage.pane_state(Pane.KEYS, "stopped by you: Enter on … more continues")
        return True

    def folder_toggled(self, prefix: str, *, is_expanded: bool) -> None:
        opened = self._stage.opened
        if opened is None:
            return
        if not is_expanded:
            if prefix in self._loading:
                self._stage.stop(_group(prefix))
                del self._loading[prefix]
        elif not opened.listings.is_begun(prefix):
            self.load(prefix)

    def more(self, prefix: str, *, is_explicit: bool) -> None:
        """Read on, unless that is under way or waits for a person to ask."""
        if prefix in self._loading or (prefix in self._stalled and not is_explicit):
            return
        self._stalled.discard(prefix)
        self.load(prefix, is_explicit=is_explicit)

    def load(self, prefix: str, *, is_explicit: bool = False) -> None:
        opened = self._stage.opened
        if opened is not None:
            steps = partial(opened.listings.fill, prefix, is_explicit=is_explicit)
            self._begin(prefix, partial(self._list, opened, prefix, steps))

    def prove(self, prefix: str) -> None:
        """Look for children of `prefix` until it is certain that there are no others."""
        opened = self._stage.opened
        if opened is None or not opened.namespace.is_ready:
            return
        coverage = opened.listings.standing(prefix).coverage
        if coverage in {Coverage.PROVEN, Coverage.COMPLETE}:
            self._stage.tell(f"{prefix or 'This namespace'}: nothing is missing here")
        else:
            self._begin(prefix, partial(self._prove, opened, prefix))

    def standing(self, prefix: str) -> str:
        """Say how far the listing of `prefix` came, what it cost and how old it is."""
        opened = self._stage.opened
        if opened is None or not opened.namespace.is_ready:
            return ""
        return standing_words(
            opened.listings.standing(prefix),
            self._room,
            is_probing_dear=opened.listings.is_probing_dear,
        )

    def refresh(self, *, is_comparing: bool = False) -> None:
        """List again what is shown; when comparing, mark what is new, changed or gone."""
        opened = self._stage.opened
        if opened is None:
            return
        self.leave()
        self._stalled.clear()
        refresh = partial(self._refresh, opened, is_comparing=is_comparing)
        self._begin(opened.tree.root, refresh)

    async def ask_prefix(self) -> bool:
        """Ask the server for the keys that begin with what a person types; tell whether it was."""
        from kvtui.ui.screens.prompt import Prompt

        opened = self._stage.opened
        if opened is None:
            return False
        asked = opened.tree.filter
        is_literal = asked is not None and not asked.text.startswith("re:")
        answer = await self._stage.ask(
            Prompt(
                "Keys that begin with",
                label="Prefix",
                initial=asked.text if asked is not None and is_literal else opened.tree.root,
                problem=_prefix_problem,
                placeholder="user/12 (empty: all keys)",
            )
        )
        if answer is not None:
            self.open(opened.namespace, answer)
        return answer is not None

    def _begin(self, prefix: str, work: "Work") -> None:
        """Run `work` in place of what was listing `prefix` until now."""
        token = self._loading[prefix] = object()

        async def tracked() -> None:
            try:
                await work()
            finally:
                if self._loading.get(prefix) is token:
                    del self._loading[prefix]
            if self._stage.opened is not None:
                self._stage.explorer.want_more()

        self._stage.start(_group(prefix), tracked, pane=Pane.KEYS)

    async def _list(self, opened: "OpenNamespace", prefix: str, steps: "Steps") -> None:
        """Take in what a listing brings; a search, or pages without a row, wait to be asked."""
        try:
            async with aclosing(steps()) as pages:
                async for progress in pages:
                    self._page_came(opened, progress)
                    if progress.is_barren or progress.doing is not Doing.READING:
                        self._stalled.add(prefix)
                    else:
                        self._stalled.discard(prefix)
        except KvtuiError as error:
            self._stalled.add(prefix)
            self._failed(opened, error)
            raise
        if self._stage.opened is opened:
            self._stage.pane_state(Pane.KEYS, self.filtering.state())
            self._say_slow(opened)
        self._say_empty(opened)

    def _say_slow(self, opened: "OpenNamespace") -> None:
        """Say once why folders are not searched."""
        if opened.listings.is_probing_dear and opened.namespace.id not in self._said_slow:
            self._said_slow.add(opened.namespace.id)
            self._stage.tell(SLOW_PROBES_NOTICE)

    async def _prove(self, opened: "OpenNamespace", prefix: str) -> None:
        await self._list(opened, prefix, partial(opened.listings.prove, prefix))
        standing = opened.listings.standing(prefix)
        if standing.coverage not in {Coverage.PROVEN, Coverage.COMPLETE}:
            made = plural(standing.request_count, "request")
            self._stage.tell(f"{prefix or 'This namespace'}: not proven after {made}; V goes on")

    @property
    def _room(self) -> int:
        """How many characters the frame of the keys takes."""
        return self._stage.explorer.outer_size.width - 4

    async def _refresh(self, opened: "OpenNamespace", *, is_comparing: bool) -> None:
        doing = "comparing …" if is_comparing else "refreshing …"
        self._stage.pane_state(Pane.KEYS, doing)
        try:
            for prefix in opened.listings.shown_prefixes():
                async for progress in opened.listings.refresh(prefix, is_comparing=is_comparing):
                    self._page_came(opened, progress, doing)
        except KvtuiError as error:
            self._failed(opened, error)
            raise
        compared = opened.listings.comparison
        state = _comparison_text(compared) if is_comparing else self.filtering.state()
        self._stage.pane_state(Pane.KEYS, state)
        self._stage.explorer.tree_changed()
        self._say_empty(opened)
        self._stage.place_changed()

    def _page_came(self, opened: "OpenNamespace", progress: "Progress", doing: str = "") -> None:
        if self._stage.opened is not opened:
            return
        words = progress_words(progress, self._room)
        self._stage.pane_state(Pane.KEYS, words or doing or self.filtering.state())
        self._stage.explorer.now = self._stage.now()
        self._stage.explorer.tree_changed()
        self.filtering.settle()
        self._stage.row_changed()
        self._stage.place_changed()

    def _failed(self, opened: "OpenNamespace", error: KvtuiError) -> None:
        if self._stage.opened is opened:
            self._stage.explorer.say_empty(sentence(error), "", "r  tries again")
        if isinstance(error, NamespaceNotReadyError):
            self._stage.namespace_settled(opened.namespace)

    def _say_empty(self, opened: "OpenNamespace") -> None:
        if self._stage.opened is not opened or not opened.namespace.is_ready:
            return
        if opened.tree.filter is not None:
            text = HIDDEN
        elif opened.tree.root:
            text = (f"No key begins with {opened.tree.root}", "", "esc  shows all keys")
        else:
            text = NO_KEYS
        if opened.is_complete(opened.tree.root) or opened.tree.filter is not None:
            self._stage.explorer.say_empty(*text)


def _group(prefix: str) -> str:
    return f"listing {prefix}"


def _comparison_text(comparison: "Comparison") -> str:
    if not len(comparison):
        return "nothing changed since the listing before"
    counts = [(mark.value, comparison.count(mark)) for mark in (Mark.NEW, Mark.CHANGED, Mark.GONE)]
    return ", ".join(f"{number:,} {word}" for word, number in counts if number)


def _prefix_problem(text: str) -> str | None:
    return key_problem(text) if text else None
