"""What is open: the workspace, a namespace of it, and the place the top line shows."""

from typing import TYPE_CHECKING, Final

from kvtui.protocol import SEPARATOR
from kvtui.ui.masking import Masking
from kvtui.ui.screens.panes import PanesScreen
from kvtui.ui.screens.value_flow import ValueFlow
from kvtui.ui.widgets.breadcrumb import Place

if TYPE_CHECKING:
    from kvtui.records import Namespace
    from kvtui.session.namespace import OpenNamespace
    from kvtui.session.workspace import Connect, Workspace
    from kvtui.ui.opening import Opening

ENDLESS: Final = frozenset({"poll", "watch"})
"""Groups of workers that wait on purpose."""


class WorkspaceScreen(PanesScreen):
    """Panes with a workspace behind them, once `connect` has made it."""

    def __init__(self, opening: "Opening", connect: "Connect") -> None:
        super().__init__(opening)
        self._connect = connect
        self._workspace: Workspace | None = None
        self._opened: OpenNamespace | None = None
        self._value_flow = ValueFlow(self, Masking(is_on=opening.is_masked))

    async def on_unmount(self) -> None:
        if self._workspace is not None:
            await self._workspace.aclose()

    @property
    def workspace(self) -> "Workspace":
        if self._workspace is None:
            raise RuntimeError("commands are refused until the workspace is there")
        return self._workspace

    @property
    def request_count(self) -> int:
        return self._workspace.trace.request_count if self._workspace is not None else 0

    @property
    def is_resting(self) -> bool:
        """Whether nothing is under way but what waits on purpose."""
        if self._workspace is None or self._workspace.trace.in_flight_count:
            return False
        return all(worker.is_finished or worker.group in ENDLESS for worker in self.workers)

    @property
    def opened(self) -> "OpenNamespace | None":
        return self._opened

    def namespace_settled(self, now: "Namespace | None") -> None:
        """Take note that the open namespace has another status, or (None) is gone."""

    def row_changed(self) -> None:
        """Take note that another row may be under the cursor, though it did not move."""

    def place_changed(self) -> None:
        if self._workspace is None:
            return
        opened = self._opened
        self.show_place(
            Place(
                profile=self._workspace.profile,
                namespace=opened.namespace.name if opened is not None else "",
                path=self._path(),
                host=self._workspace.host,
                colour=self.opening.colour,
                is_production=self.opening.is_production,
                is_masked=self._value_flow.masking.is_on,
                is_read_only=self._workspace.is_read_only,
                armed_seconds=round(self._workspace.armed_seconds),
                is_journaled=self._workspace.is_journaled,
                key_count=opened.tree.count("")
                if opened is not None and opened.namespace.is_ready
                else None,
                is_count_exact=opened is not None and opened.is_complete(""),
                request_count=self._workspace.trace.request_count,
                in_flight_count=self._workspace.trace.in_flight_count,
                wait_seconds=round(self._workspace.rate_limit_wait_seconds),
                banner=self.banner,
            )
        )

    def _path(self) -> tuple[str, ...]:
        row = self.explorer.highlighted
        if row is None or not row.path:
            return ()
        folders = row.path.split(SEPARATOR)
        return tuple(f"{folder}{SEPARATOR}" for folder in folders[:-1]) + tuple(
            part for part in folders[-1:] if part
        )

    def _folder(self) -> str:
        """Give the folder under the cursor, or the one around the key there."""
        from kvtui.keyspace.tree import key_folder

        row = self.explorer.highlighted
        return key_folder(row.path) if row is not None else self._root()

    def _root(self) -> str:
        return self._opened.tree.root if self._opened is not None else ""
