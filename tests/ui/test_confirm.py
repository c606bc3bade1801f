import pytest
from textual.content import Content

from kvtui.ui.screens.confirm import Confirm
from tests.support.host import hosting


def ask_delete() -> Confirm:
    return Confirm("Delete key", [Content("Key  user/123")], action="Delete")


def ask_typed() -> Confirm:
    return Confirm("Delete namespace", [Content("All is lost.")], action="Delete", typed="my-cache")


async def test_it_shows_what_is_asked_with_cancel_in_focus() -> None:
    async with hosting(ask_delete) as host:
        assert "Delete key" in host.text()
        assert "user/123" in host.text()
        assert "[Cancel]" in host.text()
        assert "[Delete]" not in host.text()


@pytest.mark.parametrize("key", ["tab", "right", "shift+tab", "left"])
async def test_the_action_is_reached_by_moving_there_and_pressing_enter(key: str) -> None:
    async with hosting(ask_delete) as host:
        await host.press(key)
        assert "[Delete]" in host.text()
        await host.press("enter")
        assert host.answers == [True]


async def test_enter_alone_cancels() -> None:
    async with hosting(ask_delete) as host:
        await host.press("enter")
        assert host.answers == [False]


async def test_escape_cancels_from_the_action_too() -> None:
    async with hosting(ask_delete) as host:
        await host.press("tab", "escape")
        assert host.answers == [False]


async def test_the_key_that_asks_and_letters_and_space_do_not_confirm() -> None:
    async with hosting(ask_delete) as host:
        await host.press("tab", "D", "y", "space", "d")
        assert host.answers == []
        assert "[Delete]" in host.text()


async def test_keys_typed_before_the_question_is_on_screen_do_not_answer_it() -> None:
    async with hosting(ask_delete, is_open=False) as host:
        await host.press_ahead("D", "tab", "enter", "enter")
        assert host.answers == []
        assert "[Cancel]" in host.text()


async def test_keys_typed_ahead_do_not_move_the_focus_for_a_later_enter() -> None:
    async with hosting(ask_delete, is_open=False) as host:
        await host.press_ahead("D", "tab")
        await host.press("enter")
        assert host.answers == [False]


async def test_keys_in_one_burst_after_it_opened_do_not_confirm() -> None:
    async with hosting(ask_delete) as host:
        await host.press_ahead("tab", "enter", "enter")
        assert host.answers == []
        assert "[Delete]" in host.text()


async def test_a_paste_does_nothing() -> None:
    async with hosting(ask_delete) as host:
        await host.press("tab")
        await host.paste("y\n\r\n")
        assert host.answers == []


async def test_a_click_on_the_action_confirms() -> None:
    async with hosting(ask_delete) as host:
        await host.click("#action")
        assert host.answers == [True]


async def test_with_a_word_the_action_cannot_be_reached_before_it_is_typed() -> None:
    async with hosting(ask_typed) as host:
        await host.press("tab", "tab", "enter")
        assert host.answers == []
        await host.type("my-cach")
        await host.click("#action")
        assert host.answers == []


async def test_enter_in_the_field_goes_to_cancel_and_from_there_the_action_is_reached() -> None:
    async with hosting(ask_typed) as host:
        await host.type("my-cache")
        await host.press("enter")
        assert host.answers == []
        assert "[Cancel]" in host.text()
        await host.press("right", "enter")
        assert host.answers == [True]


async def test_a_word_that_is_almost_right_is_not_enough() -> None:
    async with hosting(ask_typed) as host:
        await host.type("my-cache2")
        await host.press("enter", "right", "enter")
        assert host.answers == []


async def test_the_word_cannot_be_pasted() -> None:
    async with hosting(ask_typed) as host:
        await host.paste("my-cache")
        assert host.notices == ["Pasting is off here: type it."]
        await host.press("enter", "right", "enter")
        assert host.answers == []


async def test_what_it_is_given_is_never_read_as_markup() -> None:
    hostile = "[/red] [@click=app.quit]x[/] \x1b]52;c;AA\x07"

    def ask() -> Confirm:
        return Confirm(hostile, [Content("[/]")], action="[/]", typed="[/]")

    async with hosting(ask) as host:
        assert "[@click=app.quit]x[/] ␛]52;c;AA␇" in host.text()
        assert "\x1b" not in host.text()


@pytest.mark.parametrize("size", [(20, 5), (8, 2), (40, 10), (200, 50)])
@pytest.mark.parametrize("ask", [ask_delete, ask_typed])
async def test_it_can_be_answered_at_any_size(size: tuple[int, int], ask: type[Confirm]) -> None:
    async with hosting(ask, size=size) as host:
        await host.press("escape")
        assert host.answers == [False]


async def test_in_a_tiny_terminal_the_choices_stay_in_view() -> None:
    async with hosting(ask_delete, size=(24, 5)) as host:
        assert "[Cancel]" in host.text()


async def test_a_long_body_scrolls_and_leaves_room_for_the_choices() -> None:
    def ask() -> Confirm:
        rows = [Content(f"key {number}") for number in range(100)]
        return Confirm("Delete", rows, action="Delete")

    async with hosting(ask) as host:
        assert "key 0" in host.text()
        assert "[Cancel]" in host.text()
