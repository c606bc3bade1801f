from kvtui.ui.screens.details import DetailsScreen
from tests.support.host import hosting

FACTS = [("id", "0198-aa"), ("name", "my-[/]cache"), ("status", "odd\x1b[2J")]
SNIPPET = '[storage.kv.CACHE]\nid = "0198-aa"\n'


def ask() -> DetailsScreen:
    return DetailsScreen("my-cache", FACTS, snippet=SNIPPET)


async def test_it_shows_every_fact_and_the_snippet_harmlessly() -> None:
    async with hosting(ask) as host:
        assert "my-[/]cache" in host.text()
        assert "odd␛[2J" in host.text()
        assert "[storage.kv.CACHE]" in host.text()


async def test_y_copies_the_row_under_the_cursor() -> None:
    async with hosting(ask) as host:
        await host.press("y", "j", "y")
        assert host.app.copied == ["0198-aa", "my-[/]cache"]
        assert host.notices[0].startswith("Sent to the terminal's clipboard")


async def test_y_on_any_row_of_the_snippet_copies_all_of_it() -> None:
    async with hosting(ask) as host:
        await host.press("G", "y", "k", "y")
        assert host.app.copied == [SNIPPET, SNIPPET]


async def test_escape_and_q_close_it() -> None:
    async with hosting(ask) as host:
        await host.press("escape", "D", "q")
        assert host.answers == [None, None]


async def test_it_works_in_a_tiny_terminal() -> None:
    async with hosting(ask, size=(20, 5)) as host:
        await host.press("G", "escape")
        assert host.answers == [None]
