"""Everything a person can reach with one profile: its account, and the namespaces opened."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from kvtui.errors import VaultError
from kvtui.records import Namespace, TraceEntry
from kvtui.session.account import Account
from kvtui.session.bulk import BulkDeletion
from kvtui.session.client import Client, Trace
from kvtui.session.curl import as_curl, curl_of_folder, curl_of_value
from kvtui.session.editing import Editing
from kvtui.session.exporting import Export
from kvtui.session.journaling import Journaling
from kvtui.session.namespace import OpenNamespace
from kvtui.settings import Binding
from kvtui.vault.draft_keeper import DraftKeeper
from kvtui.vault.plans import FOLDER

Connect = Callable[[], Awaitable["Workspace"]]


class Workspace:
    """One client, and what is known through it."""

    def __init__(
        self,
        client: Client,
        *,
        profile: str = "",
        bindings: Sequence[Binding] = (),
        state_folder: Path | None = None,
        journaling: Journaling | None = None,
        drafts: DraftKeeper | None = None,
    ) -> None:
        self.profile = profile
        self.account = Account(client, bindings)
        self.editing = Editing(client, journaling)
        self.drafts = drafts
        self._client = client
        self._state_folder = state_folder
        self._open: dict[str, OpenNamespace] = {}

    @property
    def host(self) -> str:
        return self._client.host

    @property
    def is_read_only(self) -> bool:
        return self._client.is_read_only

    @property
    def is_journaled(self) -> bool:
        """Whether what is overwritten is kept for undo."""
        return self.editing.journaling is not None

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
    def bulk(self) -> BulkDeletion:
        """Deletions of many keys; raises VaultError where there is no place to keep their plans."""
        if self._state_folder is None:
            raise VaultError("there is no folder to keep the list of keys in: nothing was deleted")
        plans = self._state_folder / FOLDER
        return BulkDeletion(self._client, self.editing, plans, epoch=time.time)

    def export(self, namespace: Namespace, prefix: str, folder: Path) -> Export:
        """Make an export to files; it begins when it is run."""
        return Export(self._client, namespace, prefix, folder, epoch=time.time)

    def open(self, namespace: Namespace) -> OpenNamespace:
        """Give the open namespace, with all that was seen of it before."""
        known = self._open.get(namespace.id)
        if known is None:
            known = self._open[namespace.id] = OpenNamespace(self._client, namespace)
        known.namespace = namespace
        return known

    def forget(self, namespace: Namespace) -> None:
        """Drop what is known of a namespace that is gone."""
        self._open.pop(namespace.id, None)

    def curl(self, entry: TraceEntry) -> str:
        return as_curl(entry, self._client.base_url)

    def curl_of_value(self, namespace: Namespace, key: str) -> str:
        return curl_of_value(self._client.base_url, namespace.id, key)

    def curl_of_folder(self, namespace: Namespace, prefix: str) -> str:
        return curl_of_folder(self._client.base_url, namespace.id, prefix)

    async def aclose(self) -> None:
        await self._client.aclose()
        if self.drafts is not None:
            await asyncio.to_thread(self.drafts.close)
        if self.editing.journaling is not None:
            await self.editing.journaling.aclose()
