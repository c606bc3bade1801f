"""Little room: what is left out, and what never is."""

import pytest

from tests.support.driver import driving
from tests.support.server import LocalServer
from tests.support.stored import put

LONG = "reports/2026/november/summary"


@pytest.mark.parametrize(
    ("width", "shown", "left_out"),
    [
        (120, "127.0.0.1  1 key  ", "…"),
        (60, "127.0.0.1", "req"),
        (50, "1 key", "127.0.0.1"),
        (40, "RW", "key"),
    ],
)
async def test_the_path_is_worth_more_than_what_it_cost(
    server: LocalServer, width: int, shown: str, left_out: str
) -> None:
    put(server, server.namespace("my-cache"), {LONG: "1"})

    async with driving(server, size=(width, 12)) as app:
        await app.open("my-cache")
        await app.press("o")
        app.fill(LONG)
        await app.press("enter")

        top = app.screen_lines()[0]
        assert "summary" in top
        assert shown in top
        assert left_out not in top


async def test_a_rejected_key_is_told_before_anything_else(server: LocalServer) -> None:
    async with driving(server, token="KEYwrong", size=(60, 12)) as app:
        assert app.screen_lines()[0].startswith(" API key rejected: No key found matching")
        assert "…" in app.screen_lines()[0]


@pytest.mark.parametrize("size", [(40, 10), (20, 5)])
async def test_one_pane_takes_all_the_room(server: LocalServer, size: tuple[int, int]) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})

    async with driving(server, size=size) as app:
        for key in ("1", "2", "3"):
            await app.press(key)
            frame = app.screen_lines()[1]
            assert (frame[0], frame[-1], len(frame)) == ("╭", "╮", size[0])


async def test_what_is_looked_at_can_be_deleted_from_the_value(server: LocalServer) -> None:
    put(server, server.namespace("my-cache"), {"a": "1"})

    async with driving(server) as app:
        await app.open("my-cache")
        await app.press("3", "D")
        await app.confirm()

        assert [method for method, _ in app.writes()] == ["DELETE"]
