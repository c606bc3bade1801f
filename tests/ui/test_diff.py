import pytest

from kvtui.ui.screens.diff import Consequences, DiffScreen, SaveChoice
from kvtui.ui.widgets.choice import Choice
from kvtui.values.fixed_lines import FixedLines
from kvtui.values.lines import Kind, Lines, Span
from tests.support.host import hosting


def many_lines(width: int) -> Lines:
    rows = [[Span(f"unchanged {number} of width {width}")] for number in range(60)]
    return FixedLines([[Span('-"age": 42', Kind.REMOVED)], [Span('+"age": 43', Kind.ADDED)], *rows])


def ask(*, is_new: bool = False) -> DiffScreen:
    return DiffScreen(
        title="my-cache ▸ user/[/]",
        host="api.telnyx.com",
        lines=many_lines,
        consequences=Consequences(412, "application/json", is_new=is_new),
    )


async def test_it_shows_the_place_the_changes_and_the_consequences() -> None:
    async with hosting(ask) as host:
        assert "my-cache ▸ user/[/]" in host.lines()[0]
        assert "api.telnyx.com" in host.lines()[0]
        assert '-"age": 42' in host.text()
        assert '+"age": 43' in host.text()
        consequences = "PUT 412 B · application/json · no expiry (any existing expiry is lost)"
        assert consequences in host.text()


async def test_saving_takes_moving_to_save_and_enter() -> None:
    async with hosting(ask) as host:
        assert "[Cancel]" in host.text()
        await host.press("tab", "enter")
        assert host.answers == [SaveChoice(None)]


@pytest.mark.parametrize("keys", [["enter"], ["escape"], ["ctrl+s", "enter"], ["tab", "escape"]])
async def test_enter_alone_the_key_that_asked_and_escape_do_not_save(keys: list[str]) -> None:
    async with hosting(ask) as host:
        await host.press(*keys)
        assert host.answers == [None]


async def test_the_key_that_asked_does_nothing_even_with_save_in_focus() -> None:
    async with hosting(ask) as host:
        await host.press("tab", "ctrl+s", "y")
        assert host.answers == []


async def test_keys_typed_ahead_do_not_save() -> None:
    async with hosting(ask, is_open=False) as host:
        await host.press_ahead("D", "tab", "enter")
        assert host.answers == []


async def test_the_changes_scroll_while_the_choices_keep_the_focus() -> None:
    async with hosting(ask) as host:
        await host.press("j")
        assert '-"age": 42' not in host.text()
        await host.press("G")
        assert "unchanged 59" in host.text()
        await host.press("g")
        assert '-"age": 42' in host.text()
        await host.press("ctrl+d", "pagedown", "ctrl+u", "pageup")
        assert '-"age": 42' in host.text()
        assert "[Cancel]" in host.text()


@pytest.mark.parametrize(("typed", "seconds"), [("1h", 3600), ("90", 90), ("2d", 172_800)])
async def test_a_lifetime_is_chosen_and_its_meaning_shown(typed: str, seconds: int) -> None:
    async with hosting(ask) as host:
        await host.press("shift+tab")
        await host.type(typed)
        assert f"({seconds:,} s)" in host.text()
        assert "any existing expiry is lost" not in host.text()
        await host.press("enter", "right", "enter")
        assert host.answers == [SaveChoice(seconds)]


@pytest.mark.parametrize("typed", ["0", "soon", "9223372037"])
async def test_a_lifetime_that_is_none_says_why_and_keeps_save_out_of_reach(typed: str) -> None:
    async with hosting(ask) as host:
        await host.press("shift+tab")
        await host.type(typed)
        assert "a lifetime is" in host.text()
        await host.press("enter", "right", "enter")
        assert not any(isinstance(answer, SaveChoice) for answer in host.answers)


async def test_a_lifetime_that_was_cleared_keeps_the_key_until_deleted() -> None:
    async with hosting(ask) as host:
        await host.press("shift+tab")
        await host.type("0x")
        await host.press("backspace", "backspace")
        assert "any existing expiry is lost" in host.text()
        await host.press("enter", "right", "enter")
        assert host.answers == [SaveChoice(None)]


async def test_enter_in_the_lifetime_goes_to_cancel() -> None:
    async with hosting(ask) as host:
        await host.press("shift+tab")
        await host.type("1h")
        await host.press("enter", "enter")
        assert host.answers == [None]


async def test_a_new_key_has_no_expiry_to_lose_and_is_created() -> None:
    async with hosting(lambda: ask(is_new=True)) as host:
        assert "no expiry" in host.text()
        assert "any existing expiry" not in host.text()
        assert "Create" in str(host.screen.query_one("#save", Choice).label)


async def test_the_changes_are_laid_out_for_the_width_there_is() -> None:
    async with hosting(ask) as host:
        assert "of width 79" in host.text()
        await host.resize(100, 24)
        assert "of width 99" in host.text()


@pytest.mark.parametrize("size", [(20, 5), (8, 2)])
async def test_it_can_be_answered_at_any_size(size: tuple[int, int]) -> None:
    async with hosting(ask, size=size) as host:
        await host.press("j", "tab", "enter")
        assert host.answers == [SaveChoice(None)]
