"""The demo: a local server with sample data, and a client that knows its key."""

import asyncio
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from kvtui.session.workspace import Workspace
    from kvtui.vault.draft_keeper import DraftKeeper


class DemoServer:
    """Starts when somebody first connects; its data goes with it."""

    first_namespace = "my-cache"
    """The namespace that shows most."""

    def __init__(self, *, is_read_only: bool = False) -> None:
        self.drafts: DraftKeeper | None = None
        """Edits in progress, once somebody connected."""
        self._is_read_only = is_read_only
        self._running = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._running.close()

    async def connect(self) -> "Workspace":
        """Start the server in a thread of its own and open a client on it."""
        return await asyncio.to_thread(self._start)

    def flush(self) -> None:
        """Write the drafts that are still to be written; from any thread."""
        if self.drafts is not None:
            self.drafts.flush()

    def _start(self) -> "Workspace":
        import secrets

        from kvtui.api.client import KvClient
        from kvtui.secret import Secret
        from kvtui.server.app import LocalApi
        from kvtui.server.options import ServerOptions
        from kvtui.server.run import RunningServer
        from kvtui.server.sample import load_sample
        from kvtui.server.store import Store
        from kvtui.session.journaling import Journaling
        from kvtui.session.workspace import Workspace
        from kvtui.vault.journal import Journal

        folder = self._running.enter_context(tempfile.TemporaryDirectory(prefix="kvtui-demo-"))
        options = ServerOptions()
        store = Store(Path(folder) / "demo.sqlite3", options)
        self._running.callback(store.close)
        load_sample(store)
        key = Secret(secrets.token_hex(32))
        server = RunningServer(LocalApi(store, options, key.reveal()))
        self._running.enter_context(server)
        client = KvClient(server.base_url, key, is_read_only=self._is_read_only)
        state_folder = Path(folder) / "state"
        journal = Journal(state_folder)
        return Workspace(
            client,
            profile="demo",
            state_folder=state_folder,
            journaling=partial(Journaling, journal, profile="demo", endpoint=client.host),
            drafts=partial(self._open_drafts, state_folder),
        )

    def _open_drafts(self, state_folder: Path) -> "DraftKeeper":
        from kvtui.launch.headless import open_drafts

        self.drafts = open_drafts(state_folder)
        return self.drafts
