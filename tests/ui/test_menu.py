from kvtui.ui.screens.menu import Menu
from tests.support.host import hosting

ROWS = [("k", "Key", "key"), ("v", "Value", "value"), ("c", "curl [/] command", "curl")]


def ask() -> Menu:
    return Menu("Copy", ROWS)


async def test_a_letter_takes_its_row_even_where_it_moves_elsewhere() -> None:
    async with hosting(ask) as host:
        assert "curl [/] command" in host.text()
        await host.press("k")
        assert host.answers == ["key"]


async def test_arrows_and_enter_take_a_row() -> None:
    async with hosting(ask) as host:
        await host.press("down", "down", "enter")
        assert host.answers == ["curl"]


async def test_one_click_takes_a_row() -> None:
    async with hosting(ask) as host:
        await host.click("MenuRows", row=1)
        assert host.answers == ["value"]


async def test_escape_takes_nothing() -> None:
    async with hosting(ask) as host:
        await host.press("escape")
        assert host.answers == [None]


async def test_other_letters_do_nothing() -> None:
    async with hosting(ask) as host:
        await host.press("x", "q", "D")
        assert host.answers == []


async def test_it_works_in_a_tiny_terminal() -> None:
    async with hosting(ask, size=(20, 5)) as host:
        await host.press("down", "enter")
        assert host.answers == ["value"]
