"""Clients that reach a local server without a socket."""

import httpx

from kvtui.api.client import KvClient
from kvtui.api.clock import Clock
from kvtui.secret import Secret
from tests.support.server import BASE_URL, TOKEN, LocalServer


def client_on(
    server: LocalServer,
    *,
    token: str = TOKEN,
    is_read_only: bool = False,
    clock: Clock | None = None,
) -> KvClient:
    return KvClient(
        BASE_URL,
        Secret(token),
        transport=httpx.ASGITransport(server.app),
        is_read_only=is_read_only,
        clock=clock,
    )
