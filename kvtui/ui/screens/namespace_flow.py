"""Namespaces in the browser: list, watch, create, delete, describe."""

from typing import TYPE_CHECKING, Final

from textual.content import Content

from kvtui.errors import KvtuiError
from kvtui.protocol import Status, name_problem
from kvtui.ui.reporting import sentence
from kvtui.ui.screens.stage import Pane
from kvtui.ui.text import line

if TYPE_CHECKING:
    from kvtui.records import Namespace
    from kvtui.session.account import StatusChange
    from kvtui.ui.screens.stage import Stage

FIRST_POLL_SECONDS: Final = 1.0
LAST_POLL_SECONDS: Final = 10.0
EMPTY: Final = ("No namespaces yet.", "", "a  creates one")


class NamespaceFlow:
    """Keeps the sidebar true."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage

    async def refresh(self) -> None:
        """Read the list again, then watch what is not settled."""
        self._stage.pane_state(Pane.NAMESPACES, "loading …")
        try:
            await self._stage.workspace.account.refresh()
        except KvtuiError as error:
            self._stage.namespaces.say_empty(sentence(error), "", "r  tries again")
            raise
        finally:
            self._stage.pane_state(Pane.NAMESPACES, "")
        self._stage.namespaces.say_empty(*EMPTY)
        self.show()
        self.watch()

    def show(self) -> None:
        """Bring the sidebar up to what is known."""
        account = self._stage.workspace.account
        opened = self._stage.opened
        self._stage.namespaces.show_namespaces(
            account.namespaces,
            {item.id: account.binding_names(item) for item in account.namespaces},
            opened.namespace.id if opened is not None else None,
        )

    def watch(self) -> None:
        self._stage.start("poll", self._poll, pane=Pane.NAMESPACES)

    async def _poll(self) -> None:
        """Ask for every unsettled namespace, less and less often, until all are settled.

        A failure is shown, and asked again after: the network may be back.
        """
        pause = FIRST_POLL_SECONDS
        has_failed = False
        account = self._stage.workspace.account
        while account.unsettled:
            await self._stage.sleep(pause)
            pause = min(LAST_POLL_SECONDS, pause * 1.5)
            try:
                is_changed = await self._check_unsettled()
            except KvtuiError as error:
                self._stage.report(error, Pane.NAMESPACES)
                has_failed = True
                continue
            if has_failed:
                has_failed = False
                self._stage.recovered(Pane.NAMESPACES)
            if is_changed:
                pause = FIRST_POLL_SECONDS

    async def _check_unsettled(self) -> bool:
        is_changed = False
        for namespace in self._stage.workspace.account.unsettled:
            change = await self._stage.workspace.account.check(namespace)
            if change is not None:
                is_changed = True
                self._status_changed(change)
        return is_changed

    def _status_changed(self, change: "StatusChange") -> None:
        self.show()
        namespace, now = change.namespace, change.now
        if now is None:
            self._stage.workspace.forget(namespace)
            self._stage.tell(f"{namespace.name} is gone")
        elif now.status == Status.PROVISION_OK:
            self._stage.tell(f"{now.name} is ready")
        elif now.status != namespace.status:
            self._stage.tell(f"{now.name}: {now.status}", is_problem=now.is_settled)
        opened = self._stage.opened
        if opened is not None and opened.namespace.id == namespace.id:
            self._stage.namespace_settled(now)

    async def create(self) -> None:
        from kvtui.ui.screens.prompt import Prompt

        name = await self._stage.ask(
            Prompt("New namespace", label="Name", problem=name_problem, placeholder="my-cache")
        )
        if name is None:
            return
        created = await self._stage.workspace.account.create(name)
        self.show()
        self._stage.namespaces.select(created.id)
        self._stage.tell(f"{created.name} was created: {created.status}")
        self.watch()

    async def delete(self, namespace: "Namespace") -> None:
        """Delete a namespace whose name was typed."""
        from kvtui.ui.screens.confirm import Confirm

        if not await self._stage.ask(
            Confirm(
                "Delete namespace",
                self._consequences(namespace),
                action="Delete namespace",
                typed=namespace.name,
            )
        ):
            return
        await self._stage.workspace.account.delete(namespace)
        self.show()
        self._stage.tell(f"{namespace.name} is being deleted")
        self.watch()

    async def describe(self, namespace: "Namespace") -> None:
        from kvtui.ui.screens.details import DetailsScreen

        account = self._stage.workspace.account
        names = account.binding_names(namespace)
        await self._stage.ask(
            DetailsScreen(
                namespace.name,
                [
                    ("id", namespace.id),
                    ("name", namespace.name),
                    ("status", namespace.status),
                    ("created", namespace.created_at),
                    ("updated", namespace.updated_at),
                    ("bound here as", ", ".join(f"@{name}" for name in names) or "not bound"),
                ],
                snippet=account.binding_snippet(namespace),
            )
        )

    def _consequences(self, namespace: "Namespace") -> list[Content]:
        workspace = self._stage.workspace
        known = workspace.open(namespace)
        seen = f"{len(known.index):,}"
        if not known.is_complete(""):
            seen = f"at least {seen}"
        return [
            Content.assemble("Namespace  ", (line(namespace.name), "bold")),
            Content(f"Id         {line(namespace.id)}"),
            Content(f"At         {line(workspace.host)}  {line(workspace.profile)}"),
            Content(f"Keys seen  {seen}"),
            Content(""),
            Content("All its keys and values are deleted. This cannot be undone."),
        ]
