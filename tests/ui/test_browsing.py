"""Looking around: what is under the cursor, what the panes show of it, what the keys do."""

from tests.support.driver import driving
from tests.support.server import LocalServer
from tests.support.stored import put


async def test_facts_too_long_for_the_pane_are_cut_with_a_sign(server: LocalServer) -> None:
    state = server.namespace("my-cache")
    put(server, state, {"big": "x" * 100_000})

    async with driving(server, size=(80, 24)) as app:
        await app.open("my-cache")

        (facts,) = [line for line in app.screen_lines() if "100,000 B" in line]
        assert "application/" in facts
        assert "…│" in facts
