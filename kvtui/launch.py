"""The composition root: opens the client or the local server, the session and the app."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from kvtui.errors import SettingsError
from kvtui.session.client import Client
from kvtui.settings import Config, ServeArguments, Settings

T = TypeVar("T")


def open_client(settings: Settings, *, is_armed: bool = False) -> Client:
    """Build the client for the endpoint; nothing is sent yet."""
    from kvtui.api.client import KvClient
    from kvtui.api.pool import open_transport

    if settings.api_key is None:
        raise SettingsError("there is no API key")
    return KvClient(
        settings.base_url,
        settings.api_key,
        transport=open_transport(
            settings.base_url, ca_bundle=settings.ca_bundle, proxy=settings.proxy
        ),
        is_read_only=settings.refuses_writes(is_armed=is_armed),
    )


def run_headless(
    settings: Settings, work: Callable[[Client], Awaitable[T]], *, is_armed: bool
) -> T:
    """Open the client, do `work` with it, and close it whatever happens."""
    import asyncio

    async def run() -> T:
        client = open_client(settings, is_armed=is_armed)
        try:
            return await work(client)
        finally:
            await client.aclose()

    return asyncio.run(run())


def run_serve(arguments: ServeArguments, announce: Callable[[str], None]) -> None:
    """Run the local server until a signal; `announce` gets its base URL once it answers."""
    from kvtui.server.app import LocalApi
    from kvtui.server.options import CursorQuirk, ListOrder, RateLimit, ServerOptions
    from kvtui.server.run import base_url, listen, serve_forever
    from kvtui.server.store import Store

    options = ServerOptions(
        order=ListOrder(arguments.order),
        provisioning_seconds=arguments.provisioning_seconds,
        is_provisioning_failing=arguments.is_provisioning_failing,
        deleting_seconds=arguments.deleting_seconds,
        is_deleting_failing=arguments.is_deleting_failing,
        expired_linger_seconds=arguments.expired_linger_seconds,
        is_underscore_reserved=arguments.is_underscore_reserved,
        is_edge_dot_refused=arguments.is_edge_dot_refused,
        is_content_type_kept=arguments.is_content_type_kept,
        cursor_quirk=CursorQuirk(arguments.cursors),
        is_path_normalised=arguments.is_path_normalised,
        latency_seconds=arguments.latency_seconds,
        jitter_seconds=arguments.jitter_seconds,
        rate_limit=RateLimit(*arguments.rate_limit) if arguments.rate_limit else None,
        is_retry_after_sent=arguments.is_retry_after_sent,
        fail_percent=arguments.fail_percent,
        fail_status=arguments.fail_status,
        is_failure_html=arguments.is_failure_html,
        drop_percent=arguments.drop_percent,
        seed=arguments.seed,
    )
    listener = listen(arguments.port)
    store = Store(arguments.data, options)
    try:
        key = arguments.api_key.reveal() if arguments.api_key else None
        app = LocalApi(store, options, key)
        serve_forever(app, listener, lambda: announce(base_url(listener)))
    finally:
        store.close()
        listener.close()


def browse(settings: Settings, *, namespace: str | None, prefix: str | None) -> int:
    """Run the browser on the configured endpoint and return its exit status."""
    raise NotImplementedError


def demo(
    config: Config,
    *,
    is_read_only: bool,
    screenshot: Path | None,
    namespace: str | None,
    prefix: str | None,
) -> int:
    """Run the browser on a local server with sample data and return its exit status."""
    raise NotImplementedError
