import pytest

from kvtui.protocol import name_problem
from kvtui.ui.screens.prompt import Prompt
from tests.support.host import hosting


def ask_name() -> Prompt:
    return Prompt("New namespace", label="Name", problem=name_problem, placeholder="my-cache")


async def test_enter_gives_the_text() -> None:
    async with hosting(ask_name) as host:
        assert "New namespace" in host.text()
        assert "my-cache" in host.text()
        await host.type("cache-2")
        await host.press("enter")
        assert host.answers == ["cache-2"]


async def test_escape_gives_nothing() -> None:
    async with hosting(ask_name) as host:
        await host.type("cache")
        await host.press("escape")
        assert host.answers == [None]


async def test_a_problem_shows_as_it_is_typed_and_goes_when_it_is_put_right() -> None:
    async with hosting(ask_name) as host:
        await host.type("Cache")
        assert "only lowercase letters" in host.text()
        await host.press("enter")
        assert host.answers == []
        await host.press("home", "delete")
        assert "only lowercase letters" not in host.text()


async def test_an_empty_field_is_blamed_only_when_it_is_submitted() -> None:
    async with hosting(ask_name) as host:
        assert "empty" not in host.text()
        await host.press("enter")
        assert "the name is empty" in host.text()
        assert host.answers == []


async def test_the_initial_text_can_be_changed_at_its_end() -> None:
    async with hosting(lambda: Prompt("Rename", label="Key", initial="user/12")) as host:
        await host.type("3")
        await host.press("enter")
        assert host.answers == ["user/123"]


async def test_letters_that_are_commands_elsewhere_are_only_text() -> None:
    async with hosting(lambda: Prompt("Go to", label="Key")) as host:
        await host.type("qD?:/")
        await host.press("enter")
        assert host.answers == ["qD?:/"]


async def test_one_pasted_line_is_taken_without_its_newline() -> None:
    async with hosting(ask_name) as host:
        await host.paste("cache-3\n")
        await host.press("enter")
        assert host.answers == ["cache-3"]


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [("one\ntwo", "several lines"), ("a\x1b]52;c;AA\x07", "cannot be seen"), ("a\u202eb", "seen")],
)
async def test_a_paste_that_cannot_be_taken_whole_is_refused_whole(
    pasted: str, reason: str
) -> None:
    async with hosting(lambda: Prompt("Go to", label="Key")) as host:
        await host.paste(pasted)
        assert reason in host.notices[0]
        await host.press("enter")
        assert host.answers == [""]


async def test_hidden_characters_of_the_initial_text_show_and_survive() -> None:
    hostile = "a\x1b[2Jb\u200b[/]"
    async with hosting(lambda: Prompt("[/]", label="[/]", initial=hostile)) as host:
        assert "a␛[2Jb□[/]" in host.text()
        await host.press("enter")
        assert host.answers == [hostile]


async def test_keys_that_come_in_one_burst_act_in_their_order() -> None:
    async with hosting(lambda: Prompt("Go to", label="Key")) as host:
        await host.press_ahead("a", "b", "backspace", "c", "home", "d", "enter")
        assert host.answers == ["dac"]


async def test_it_works_in_a_tiny_terminal() -> None:
    async with hosting(ask_name, size=(20, 5)) as host:
        await host.type("x")
        await host.press("enter")
        assert host.answers == ["x"]
