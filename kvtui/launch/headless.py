"""A client for commands without a screen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kvtui.errors import SettingsError
from kvtui.launch.collector import collect_again
from kvtui.session.client import Client
from kvtui.settings import Settings

if TYPE_CHECKING:
    from kvtui.session.editing import Editing
    from kvtui.session.journaling import Journaling
    from kvtui.vault.draft_keeper import DraftKeeper

T = TypeVar("T")


def open_client(settings: Settings, *, is_armed: bool = False) -> Client:
    """Build the client for the endpoint; nothing is sent yet."""
    from kvtui.api.client import KvClient
    from kvtui.api.pool import open_transport

    if settings.api_key is None:
        raise SettingsError("there is no API key")
    client = KvClient(
        settings.base_url,
        settings.api_key,
        transport=open_transport(
            settings.base_url, ca_bundle=settings.ca_bundle, proxy=settings.proxy
        ),
        is_read_only=settings.is_read_only,
    )
    client.needs_arming = settings.is_production and not is_armed
    return client


def open_journaling(client: Client, settings: Settings) -> "Journaling":
    """Give the journal for writes through `client`."""
    from kvtui.session.journaling import Journaling
    from kvtui.vault.journal import Journal

    journal = Journal(settings.state_folder)
    return Journaling(journal, profile=settings.profile, endpoint=client.host)


def open_drafts(state_folder: Path) -> "DraftKeeper":
    """Give the place for edits in progress; nothing is written before something is typed."""
    from kvtui.vault.draft_keeper import DraftKeeper
    from kvtui.vault.drafts import FOLDER, Drafts

    return DraftKeeper(Drafts(state_folder / FOLDER))


@asynccontextmanager
async def open_editing(client: Client, settings: Settings) -> "AsyncIterator[Editing]":
    """Lend careful writes through `client`, and close their journal."""
    from kvtui.session.editing import Editing

    journaling = open_journaling(client, settings) if settings.is_journaled else None
    try:
        yield Editing(client, journaling)
    finally:
        if journaling is not None:
            await journaling.aclose()


def run_headless(
    settings: Settings, work: Callable[[Client], Awaitable[T]], *, is_armed: bool
) -> T:
    """Open the client, do `work` with it, and close it whatever happens."""

    async def run() -> T:
        client = open_client(settings, is_armed=is_armed)
        collect_again()
        try:
            return await work(client)
        finally:
            await client.aclose()

    return asyncio.run(run())
