"""Going over to another profile while answers are on their way."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from starlette.types import Receive, Scope, Send

from tests.support.server import LocalServer
from tests.ui.test_profiles import Town, at
from tests.ui.test_slow_link import SlowLink


class DroppedLink(SlowLink):
    """Notes what `look` gives when nobody waits for an answer any more."""

    def __init__(self, server: LocalServer) -> None:
        super().__init__(server)
        self.look: Callable[[], int] = lambda: 0
        self.seen: list[int] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            self.seen.append(self.look())
            raise


async def test_nothing_comes_for_a_profile_that_is_left_once_its_screen_is_taken_apart(
    server: LocalServer,
) -> None:
    link = DroppedLink(server)
    async with at(Town(replace(server, app=link)), "dev") as app:
        await app.open("my-cache")
        before = app.browser
        whole = len(before.query("*"))
        link.look = lambda: len(before.query("*"))
        link.is_open.clear()
        await app.begin("r", "P", "1")
        await app.until(lambda: app.browser is not before)
        await app.until(lambda: bool(link.seen))
        link.is_open.set()
        await app.settle()

        assert set(link.seen) == {whole}
        assert "prod PRODUCTION" in app.breadcrumb()
