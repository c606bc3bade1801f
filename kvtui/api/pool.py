"""The connections: several small pools behind one transport.

The work httpx's pool does for a request grows with the square of its connections, and a request
that queues inside it can be lost: at 64 ways four small pools are ten times as fast as one. Each
pool is given no more requests than it has connections.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import httpx

from kvtui.api.throttle import SLOTS
from kvtui.errors import SettingsError

POOLS: Final = 4
KEEPALIVE_SECONDS: Final = 90.0
"""People read for longer than httpx's five seconds between two requests."""
_OF_THE_FIRST_REQUEST: Final = ("httpcore._backends.anyio", "anyio._backends._asyncio")
"""What httpx would load with the first request, while the event loop stands still."""
TIMEOUT: Final = httpx.Timeout(connect=5.0, read=15.0, write=15.0, pool=5.0)


def open_transport(
    base_url: str, *, ca_bundle: Path | None = None, proxy: str | None = None
) -> httpx.AsyncBaseTransport:
    """Build the transport for real connections to `base_url`.

    `ca_bundle` names certificates to trust besides the usual ones; nothing is taken from the
    environment.
    """
    for name in _OF_THE_FIRST_REQUEST:
        with suppress(ImportError):
            import_module(name)
    context = _tls_context(base_url, ca_bundle)
    limits = httpx.Limits(
        max_connections=SLOTS // POOLS,
        max_keepalive_connections=SLOTS // POOLS,
        keepalive_expiry=KEEPALIVE_SECONDS,
    )
    try:
        pools = [
            httpx.AsyncHTTPTransport(
                # Taken as it is; without one, TLS would be spoken with the usual certificates.
                verify=cast("ssl.SSLContext", context),
                trust_env=False,
                limits=limits,
                proxy=proxy,
            )
            for _ in range(POOLS)
        ]
    except (ValueError, ImportError, httpx.InvalidURL):
        raise SettingsError("the proxy is not one that can be used") from None
    return PooledTransport(pools, SLOTS // POOLS)


def _tls_context(base_url: str, ca_bundle: Path | None) -> ssl.SSLContext | None:
    if base_url.startswith("http:"):
        return None
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_bundle is not None:
        try:
            context.load_verify_locations(cafile=ca_bundle)
        except OSError:
            raise SettingsError(f"{ca_bundle}: not a file of certificates (PEM)") from None
    return context


class PooledTransport(httpx.AsyncBaseTransport):
    """Gives each request to the first pool with a connection to spare, so that few stay warm."""

    def __init__(self, pools: list[httpx.AsyncHTTPTransport], connections_each: int) -> None:
        self._pools = pools
        self._connections_each = connections_each
        self._loads = [0] * len(pools)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        number = self._choose()
        self._loads[number] += 1
        try:
            response = await self._pools[number].handle_async_request(request)
        except BaseException:
            self._loads[number] -= 1
            raise
        if not isinstance(response.stream, httpx.AsyncByteStream):
            raise TypeError("the pool is not asynchronous")
        response.stream = _Lent(self, number, response.stream)
        return response

    def give_back(self, number: int) -> None:
        """Count one request less on pool `number`."""
        self._loads[number] -= 1

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()

    def _choose(self) -> int:
        for number, load in enumerate(self._loads):
            if load < self._connections_each:
                return number
        return self._loads.index(min(self._loads))


class _Lent(httpx.AsyncByteStream):
    """A body whose end gives its connection back."""

    def __init__(
        self, transport: PooledTransport, number: int, stream: httpx.AsyncByteStream
    ) -> None:
        self._transport = transport
        self._number = number
        self._stream = stream
        self._is_open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            yield chunk

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            if self._is_open:
                self._is_open = False
                self._transport.give_back(self._number)
