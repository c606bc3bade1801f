"""Everything a person can reach with one profile: its account, and the namespaces opened."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kvtui.errors import VaultError
from kvtui.records import Namespace, TraceEntry
from kvtui.session.account import Account
from kvtui.session.client import Client, Trace
from kvtui.settings import Binding

if TYPE_CHECKING:
    from kvtui.session.bulk import BulkDeletion
    from kvtui.session.editing import Editing
    from kvtui.session.exporting import Export
    from kvtui.session.journaling import Journaling
    from kvtui.session.namespace import OpenNamespace
    from kvtui.vault.draft_keeper import DraftKeeper

Connect = Callable[[], Awaitable["Workspace"]]


class Workspace:
    """One client, and what is known through it.

    `journaling` and `drafts` open what they are named for. They are called when it is first needed,
    and all but the account is loaded then: the namespaces show before.
    """

    def __init__(
        self,
        client: Client,
        *,
        profile: str = "",
        bindings: Sequence[Binding] = (),
        state_folder: Path | None = None,
        journaling: "Callable[[], Journaling] | None" = None,
        drafts: "Callable[[], DraftKeeper] | None" = None,
    ) -> None:
        self.profile = profile
        self.account = Account(client, bindings)
        self._open_journaling = journaling
        self._open_drafts = drafts
        self._client = client
        self._state_folder = state_folder
        self._open: dict[str, OpenNamespace] = {}

    @cached_property
    def editing(self) -> "Editing":
        """Careful writes, with the journal where there is one."""
        from kvtui.session.editing import Editing

        journaling = self._open_journaling
        return Editing(self._client, journaling() if journaling is not None else None)

    @cached_property
    def drafts(self) -> "DraftKeeper | None":
        """Edits in progress; None where they are not kept."""
        return self._open_drafts() if self._open_drafts is not None else None

    @property
    def host(self) -> str:
        return self._client.host

    @property
    def is_read_only(self) -> bool:
        return self._client.is_read_only

    @property
    def is_journaled(self) -> bool:
        """Whether what is overwritten is kept for undo."""
        return self._open_journaling is not None

    @property
    def needs_arming(self) -> bool:
        """Whether writes are let through only while they are armed."""
        return self._client.needs_arming

    @property
    def armed_seconds(self) -> float:
        """How long writes stay armed from now on; 0 when they are not."""
        return self._client.armed_seconds

    def arm(self, seconds: float) -> None:
        """Let writes through for so long; raises ReadOnlyError where nothing can."""
        self._client.arm(seconds)

    def disarm(self) -> None:
        self._client.disarm()

    @property
    def trace(self) -> Trace:
        return self._client.trace

    @property
    def rate_limit_wait_seconds(self) -> float:
        return self._client.rate_limit_wait_seconds

    @property
    def bulk(self) -> "BulkDeletion":
        """Deletions of many keys; raises VaultError where there is no place to keep their plans."""
        if self._state_folder is None:
            raise VaultError("there is no folder to keep the list of keys in: nothing was deleted")
        from kvtui.session.bulk import BulkDeletion
        from kvtui.vault.plans import FOLDER

        plans = self._state_folder / FOLDER
        return BulkDeletion(self._client, self.editing, plans, epoch=time.time)

    def export(self, namespace: Namespace, prefix: str, folder: Path) -> "Export":
        """Make an export to files; it begins when it is run."""
        from kvtui.session.exporting import Export

        return Export(self._client, namespace, prefix, folder, epoch=time.time)

    def open(self, namespace: Namespace) -> "OpenNamespace":
        """Give the open namespace, with all that was seen of it before."""
        known = self._open.get(namespace.id)
        if known is None:
            from kvtui.session.namespace import OpenNamespace

            known = self._open[namespace.id] = OpenNamespace(self._client, namespace)
        known.namespace = namespace
        return known

    def forget(self, namespace: Namespace) -> None:
        """Drop what is known of a namespace that is gone."""
        self._open.pop(namespace.id, None)

    def curl(self, entry: TraceEntry) -> str:
        from kvtui.session.curl import as_curl

        return as_curl(entry, self._client.base_url)

    def curl_of_value(self, namespace: Namespace, key: str) -> str:
        from kvtui.session.curl import curl_of_value

        return curl_of_value(self._client.base_url, namespace.id, key)

    def curl_of_folder(self, namespace: Namespace, prefix: str) -> str:
        from kvtui.session.curl import curl_of_folder

        return curl_of_folder(self._client.base_url, namespace.id, prefix)

    async def aclose(self) -> None:
        await self._client.aclose()
        if "drafts" in vars(self) and self.drafts is not None:
            await asyncio.to_thread(self.drafts.close)
        if "editing" in vars(self) and self.editing.journaling is not None:
            await self.editing.journaling.aclose()
