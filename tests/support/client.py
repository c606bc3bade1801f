"""Clients that reach a local server without a socket."""

from collections.abc import Callable
from dataclasses import replace

import httpx

from kvtui.api.client import KvClient
from kvtui.protocol import DEFAULT_KEYS_LIMIT
from kvtui.records import KeyPage, Priority
from kvtui.secret import Secret
from tests.support.server import BASE_URL, TOKEN, LocalServer

AnswerSeconds = Callable[[KeyPage], float | None]


def untimed(_page: KeyPage) -> None:
    """Leave open how long an answer took: a busy machine is no slow server."""


def slow_where_empty(page: KeyPage) -> float:
    """Take the time of a server without an index, which looks at every key to find none."""
    return 0.1 if page.keys else 2.0


class PacedClient(KvClient):
    """Says that pages took as long as `answer_seconds` tells."""

    answer_seconds: AnswerSeconds = staticmethod(untimed)

    async def list_keys(
        self,
        namespace_id: str,
        *,
        prefix: str = "",
        cursor: str | None = None,
        limit: int = DEFAULT_KEYS_LIMIT,
        priority: Priority = Priority.INTERACTIVE,
    ) -> KeyPage:
        page = await super().list_keys(
            namespace_id, prefix=prefix, cursor=cursor, limit=limit, priority=priority
        )
        return replace(page, answer_seconds=self.answer_seconds(page))


def client_on(
    server: LocalServer,
    *,
    token: str = TOKEN,
    is_read_only: bool = False,
    answer_seconds: AnswerSeconds = untimed,
) -> KvClient:
    client = PacedClient(
        BASE_URL,
        Secret(token),
        transport=httpx.ASGITransport(server.app),
        is_read_only=is_read_only,
    )
    client.answer_seconds = answer_seconds
    return client
