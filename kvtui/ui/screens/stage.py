"""What the parts of the browser need of it: the seam between one flow and the whole screen."""

from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from textual.screen import Screen
from textual.worker import Worker

if TYPE_CHECKING:
    from kvtui.errors import KvtuiError
    from kvtui.records import Namespace
    from kvtui.session.namespace import OpenNamespace
    from kvtui.session.workspace import Workspace
    from kvtui.ui.opening import Opening
    from kvtui.ui.widgets.key_explorer import KeyExplorer
    from kvtui.ui.widgets.namespace_list import NamespaceList
    from kvtui.ui.widgets.value_view import ValueView

Result = TypeVar("Result")
Work = Callable[[], Coroutine[None, None, None]]
"""Makes the coroutine of a worker when the worker runs, so that none is made in vain."""


class Pane(StrEnum):
    """The three panes of the browser."""

    NAMESPACES = "namespaces"
    KEYS = "keys"
    VALUE = "value"


class Stage(Protocol):
    """The browser as its flows see it."""

    @property
    def workspace(self) -> "Workspace": ...

    @property
    def opened(self) -> "OpenNamespace | None": ...

    namespaces: "NamespaceList"
    explorer: "KeyExplorer"

    opening: "Opening"

    @property
    def value(self) -> "ValueView": ...

    @property
    def is_line_slow(self) -> bool:
        """Whether the line to the terminal is what everything waits for."""
        ...

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait before a look at the server."""
        ...

    def start(self, group: str, work: Work, *, pane: Pane) -> Worker[None]:
        """Run `work`, in place of what its group was doing; failures show in `pane`."""
        ...

    def stop(self, group: str) -> bool:
        """Cancel what a group is doing; tell whether it was doing anything."""
        ...

    async def ask(self, screen: Screen[Result]) -> Result | None:
        """Show a dialog and wait for its answer; None when it was cancelled."""
        ...

    def report(self, error: "KvtuiError", pane: Pane) -> None:
        """Show a failure where it belongs."""
        ...

    def recovered(self, pane: Pane) -> None:
        """Take note that what failed in a pane works again."""
        ...

    def tell(self, text: str, *, is_problem: bool = False) -> None:
        """Say something that passes."""
        ...

    def namespace_settled(self, now: "Namespace | None") -> None:
        """Take note that the open namespace has another status, or (None) is gone."""
        ...

    def row_changed(self) -> None:
        """Take note that another row may be under the cursor, though it did not move."""
        ...

    def place_changed(self) -> None:
        """Take note that what the top line shows may have changed."""
        ...

    def pane_state(self, pane: Pane, text: str, *, is_problem: bool = False) -> None:
        """Show how things stand in the frame of a pane; an empty text clears it."""
        ...

    def show_pane(self, pane: Pane) -> None:
        """Bring a pane into view and give it the keys."""
        ...
