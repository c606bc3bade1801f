"""What the frame of the keys says of them: how far they are listed, and what that took."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.types import Receive, Scope, Send

from kvtui.server.app import LocalApi
from kvtui.server.options import ListOrder, ServerOptions
from kvtui.server.store import NamespaceState
from kvtui.session.listings import MAX_BARREN_PAGES
from kvtui.ui.screens.stage import Pane
from tests.support.client import slow_where_empty
from tests.support.driver import AppDriver, driving
from tests.support.server import LocalServer, local_server
from tests.support.stored import put, put_many

ONE_LARGE_FOLDER = [f"user/{number:06}" for number in range(100_000)] + ["admin/1", "vip/1", "zoo"]


@pytest.fixture
def unordered() -> Iterator[LocalServer]:
    """Serve in an order in which a proof takes more than a search."""
    with local_server(ServerOptions(order=ListOrder.WRITE, provisioning_seconds=0)) as server:
        yield server


class HeldProbes(LocalApi):
    """The local server, which answers only so many questions for a prefix."""

    def __init__(self, server: LocalServer) -> None:
        super().__init__(server.store, ServerOptions(order=ListOrder.WRITE), server.token)
        self.left = 0
        self.is_open = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if b"prefix=" in scope.get("query_string", b""):
            self.left -= 1
            if self.left < 0:
                await self.is_open.wait()
        await super().__call__(scope, receive, send)


def frame(app: AppDriver) -> str:
    """Give the lower border of the keys' pane."""
    return str(app.browser.frames[Pane.KEYS].border_subtitle or "")


def one_large_folder(server: LocalServer) -> NamespaceState:
    state = server.namespace("my-cache")
    put_many(server, state, ONE_LARGE_FOLDER)
    return state


async def test_a_small_namespace_is_said_to_be_all_listed(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"user/1": "a", "flag": "b"})

    async with driving(server) as app:
        await app.open("my-cache")

        assert frame(app) == "all listed · 1 request"
        assert "2 keys" in app.breadcrumb()


async def test_the_frame_is_about_the_level_the_cursor_is_in(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put_many(server, state, [f"a{n:04}" for n in range(3000)] + ["Z/1", "Z/2"])

    async with driving(server) as app:
        await app.open("my-cache")
        outside = frame(app)
        await app.press("enter", "j")
        inside = frame(app)
        await app.press("G")

        assert outside == "not all listed · 1 request"
        assert inside == "all listed · 1 request"
        assert frame(app).startswith("not all listed")


async def test_what_is_found_is_not_called_proven_until_it_is_proven(
    unordered: LocalServer,
) -> None:
    one_large_folder(unordered)

    async with driving(unordered) as app:
        await app.open("my-cache")
        found, labels = frame(app), [line.split()[1] for line in app.key_lines()[:-1]]
        await app.press("V")
        proven = frame(app)
        requests = app.request_count()
        await app.press("V")

        assert found.startswith("all found, not proven (V) · 2")
        assert labels == ["admin/", "user/", "vip/"]
        assert proven.startswith(("all found, proven", "all listed"))
        assert app.notices() == ["This namespace: nothing is missing here"]
        assert app.request_count() == requests


async def test_a_search_shows_its_budget_stops_and_goes_on(unordered: LocalServer) -> None:
    one_large_folder(unordered)
    held = HeldProbes(unordered)
    held.left = 20

    async with driving(replace(unordered, app=held)) as app:
        await app.begin("enter")
        await app.until(lambda: held.left < 0 and "finding" in frame(app))
        searching = frame(app)
        await app.begin("escape")
        await app.until(lambda: "stopped" in frame(app))
        stopped, last = frame(app), app.key_lines()[-1]
        held.is_open.set()
        await app.press("G", "enter")

        assert searching.endswith("/256 · esc stops")
        assert stopped == "stopped by you: Enter on … more continues"
        assert "more: Enter continues" in last
        assert frame(app).startswith("all found")


async def test_a_proof_that_is_stopped_goes_on_where_it_was(unordered: LocalServer) -> None:
    one_large_folder(unordered)
    held = HeldProbes(unordered)
    held.is_open.set()

    async with driving(replace(unordered, app=held)) as app:
        await app.open("my-cache")
        before = app.request_count()
        held.is_open.clear()
        held.left = 10
        await app.begin("V")
        await app.until(lambda: frame(app).startswith("proving "))
        proving = frame(app)
        await app.begin("escape")
        await app.until(lambda: "stopped" in frame(app))
        held.is_open.set()
        await app.press("V")

        assert proving.endswith("/3,000 · esc stops")
        assert frame(app).startswith(("all found, proven", "all listed"))
        assert app.request_count() > before


async def test_it_is_said_why_folders_are_not_searched_where_probes_are_slow(
    unordered: LocalServer,
) -> None:
    one_large_folder(unordered)

    async with driving(unordered, answer_seconds=slow_where_empty) as app:
        await app.open("my-cache")
        said, requests = frame(app), app.request_count()
        await app.press("G", "enter")

        assert said.startswith("not all listed, page by page: no search")
        assert any("read page by page instead of searched" in text for text in app.notices())
        assert app.request_count() - requests <= MAX_BARREN_PAGES
