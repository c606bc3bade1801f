import pytest

from kvtui.ui.commands import COMMANDS
from kvtui.ui.screens.help import HelpScreen, help_rows
from tests.support.host import hosting


def ask() -> HelpScreen:
    return HelpScreen({"browser.edit": "ctrl+e"})


async def test_it_lists_commands_under_the_place_where_they_work() -> None:
    async with hosting(ask, size=(80, 48)) as host:
        assert "Anywhere" in host.text()
        assert "Command palette" in host.text()


async def test_it_shows_the_keys_in_force() -> None:
    async with hosting(ask, size=(100, 48)) as host:
        row = next(line for line in host.lines() if "Edit the value here" in line)
        assert "ctrl+e" in row


async def test_search_keeps_what_has_the_words() -> None:
    async with hosting(ask) as host:
        await host.press("/")
        await host.type("undo that nobody knows")
        assert "Quit" not in host.text()
        await host.press("escape", "/")
        await host.type("QUIT")
        assert "Quit" in host.text()
        assert "Command palette" not in host.text()


async def test_escape_clears_the_search_and_then_closes() -> None:
    async with hosting(ask) as host:
        await host.press("/")
        await host.type("quit")
        await host.press("escape")
        assert "Command palette" in host.text()
        await host.press("escape")
        assert host.answers == [None]


async def test_what_was_found_can_be_scrolled_after_enter() -> None:
    async with hosting(ask) as host:
        await host.press("/")
        await host.type("e")
        await host.press("enter", "G")
        assert "Anywhere" not in host.text()


@pytest.mark.parametrize("key", ["q", "?", "f1"])
async def test_the_keys_that_open_and_close_elsewhere_close_it(key: str) -> None:
    async with hosting(ask) as host:
        await host.press(key)
        assert host.answers == [None]


async def test_it_works_in_a_tiny_terminal() -> None:
    async with hosting(ask, size=(20, 5)) as host:
        await host.press("j", "G", "/", "x", "escape", "escape")
        assert host.answers == [None]


def test_every_command_with_a_key_is_listed() -> None:
    listed = {row.text for row in help_rows({})}
    assert {command.text for command in COMMANDS if command.keys} <= listed


def test_a_command_whose_keys_were_taken_away_is_not_listed() -> None:
    assert "Quit" not in {row.text for row in help_rows({"app.quit": ""})}
