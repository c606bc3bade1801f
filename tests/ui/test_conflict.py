import pytest

from kvtui.ui.screens.conflict import ConflictChoice, ConflictScreen
from tests.support.host import hosting

BASE = b'{\n  "age": 42\n}\n'
MINE = b'{\n  "age": 43\n}\n'
THEIRS = b'{\n  "age": 99\n}\n'


def ask(
    base: bytes | None = BASE, theirs: bytes | None = THEIRS, mine: bytes = MINE
) -> ConflictScreen:
    return ConflictScreen(title="my-cache ▸ user/[/]", base=base, mine=mine, theirs=theirs)


async def test_a_wide_terminal_shows_all_three_versions() -> None:
    async with hosting(ask, size=(130, 30)) as host:
        assert "my-cache ▸ user/[/]" in host.lines()[0]
        for said in ("Base: ", "Mine: ", "Theirs: ", "42", "43", "99"):
            assert said in host.text()


async def test_it_says_that_nothing_was_written_and_that_a_window_remains() -> None:
    async with hosting(ask, size=(130, 30)) as host:
        assert "Nothing was written" in host.text()
        assert "no conditional write" in " ".join(host.text().split())


async def test_a_narrow_terminal_shows_theirs_first_and_the_others_in_turn() -> None:
    async with hosting(ask) as host:
        assert "Theirs: " in host.text()
        assert "99" in host.text()
        assert "43" not in host.text()
        await host.press("[")
        assert "Mine: " in host.text()
        assert "43" in host.text()
        await host.press("[")
        assert "Base: " in host.text()
        await host.press("]", "]", "]")
        assert "Base: " in host.text()


@pytest.mark.parametrize("keys", [["enter"], ["escape"], ["tab", "escape"]])
async def test_the_edit_goes_on_unless_another_choice_is_reached(keys: list[str]) -> None:
    async with hosting(ask) as host:
        assert "[Keep editing]" in host.text()
        await host.press(*keys)
        assert host.answers == [ConflictChoice.KEEP_EDITING]


@pytest.mark.parametrize(
    ("keys", "choice"),
    [
        (["tab", "enter"], ConflictChoice.OVERWRITE),
        (["tab", "tab", "enter"], ConflictChoice.TAKE_THEIRS),
        (["left", "enter"], ConflictChoice.TAKE_THEIRS),
    ],
)
async def test_the_other_choices_are_reached_on_purpose(
    keys: list[str], choice: ConflictChoice
) -> None:
    async with hosting(ask) as host:
        await host.press(*keys)
        assert host.answers == [choice]


async def test_keys_typed_ahead_choose_nothing() -> None:
    async with hosting(ask, is_open=False) as host:
        await host.press_ahead("D", "tab", "enter")
        assert host.answers == []


async def test_a_key_that_was_deleted_meanwhile_is_told_as_that() -> None:
    async with hosting(lambda: ask(theirs=None)) as host:
        assert "deleted, or expired" in " ".join(host.text().split())
        assert "Theirs: deleted meanwhile" in host.text()
        assert "There is no such key." in host.text()


async def test_a_key_that_somebody_else_created_is_told_as_that() -> None:
    async with hosting(lambda: ask(base=None), size=(130, 30)) as host:
        assert "somebody else created this key" in host.text()
        assert "There is no such key." in host.text()
        assert "99" in host.text()


async def test_versions_scroll_together() -> None:
    base = b"\n".join(b"line %d" % number for number in range(200))
    mine, theirs = base.upper(), base.title()
    async with hosting(lambda: ask(base, theirs, mine), size=(130, 24)) as host:
        await host.press("G")
        assert "line 199" in host.text()
        assert "LINE 199" in host.text()
        assert "Line 199" in host.text()


async def test_values_that_are_not_text_are_shown_too() -> None:
    async with hosting(lambda: ask(b"\x00\x01", b"\x00\x03", b"\x00\x02"), size=(130, 30)) as host:
        assert "Theirs: " in host.text()
        assert "03" in host.text()


@pytest.mark.parametrize("size", [(20, 5), (8, 2)])
async def test_it_can_be_answered_at_any_size(size: tuple[int, int]) -> None:
    async with hosting(ask, size=size) as host:
        await host.press("]", "j", "tab", "enter")
        assert host.answers == [ConflictChoice.OVERWRITE]
