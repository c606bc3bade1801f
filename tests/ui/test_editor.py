import asyncio
import json
import random
from collections.abc import Awaitable, Callable

import pytest

from kvtui.errors import KvtuiError, OutcomeUnknownError, ReadOnlyError
from kvtui.protocol import MAX_VALUE_BYTES
from kvtui.ui.screens.editor import EditorScreen
from kvtui.ui.widgets.text_editor import TextEditor
from kvtui.ui.widgets.wrapped_rows import WrappedRows
from kvtui.values.editing import EditableText
from tests.support.host import Host, hosting

USER = '{\n  "name": "Alice",\n  "age": 42\n}\n'


class Saves:
    """Stands in for whatever saves: keeps what came, and answers as it is told to."""

    def __init__(self, *, may_close: bool = True) -> None:
        self.texts: list[str] = []
        self.may_close = may_close

    async def __call__(self, text: str) -> bool:
        self.texts.append(text)
        return self.may_close


KEYS = (
    *("a", "b", "enter", "tab", "shift+tab", "backspace", "delete", "up", "down", "left", "right"),
    *("home", "end", "shift+down", "shift+left", "ctrl+k", "ctrl+w", "ctrl+u", "ctrl+shift+k"),
    *("ctrl+x", "ctrl+y", "ctrl+z", "f7", "pageup", "pagedown"),
)


def editing(
    text: str = USER,
    *,
    syntax: str = "json",
    on_save: Callable[[str], Awaitable[bool]] | None = None,
    draft: str | None = None,
    is_new: bool = False,
) -> Callable[[], EditorScreen]:
    return lambda: EditorScreen(
        title="my-cache ▸ user/123",
        editable=EditableText(text, syntax),
        on_save=on_save or Saves(),
        draft=draft,
        is_new=is_new,
    )


def editor_of(host: Host) -> TextEditor:
    return host.screen.query_one(TextEditor)


async def status(host: Host) -> str:
    """Let the pause pass after which the text is looked at; give what is said then."""
    assert isinstance(host.screen, EditorScreen)
    host.screen.look_at_text()
    await host.app.workers.wait_for_complete()
    await host.settle()
    return host.lines()[-2]


async def test_it_shows_where_the_text_belongs_and_the_text_itself() -> None:
    async with hosting(editing()) as host:
        assert "my-cache ▸ user/123" in host.lines()[0]
        assert '2    "name": "Alice",' in host.text()
        said = await status(host)
        assert "unchanged" in said
        assert "1:1" in said
        assert "35 of 1,048,576 B" in said
        assert "valid JSON" in said
        assert "save" in host.lines()[-1]


async def test_closing_an_unchanged_editor_gives_nothing() -> None:
    async with hosting(editing()) as host:
        await host.press("escape")
        assert host.answers == [None]


async def test_closing_a_changed_editor_gives_the_text_as_a_draft() -> None:
    async with hosting(editing()) as host:
        await host.press("x")
        assert "changed" in host.lines()[-2]
        await host.press("escape")
        assert host.answers == [f"x{USER}"]


async def test_what_was_taken_back_is_no_change() -> None:
    async with hosting(editing()) as host:
        await host.press("x", "ctrl+z")
        assert "unchanged" in await status(host)
        await host.press("escape")
        assert host.answers == [None]


async def test_a_draft_is_a_change_from_the_start() -> None:
    async with hosting(editing(draft="other")) as host:
        assert "● changed" in host.lines()[-2]
        await host.press("escape")
        assert host.answers == ["other"]


async def test_saving_hands_the_text_over_and_closes_when_it_may() -> None:
    saves = Saves()
    async with hosting(editing(on_save=saves)) as host:
        await host.press("x", "ctrl+s")
        assert saves.texts == [f"x{USER}"]
        assert host.answers == [None]


async def test_an_editor_that_may_not_close_keeps_text_and_cursor() -> None:
    saves = Saves(may_close=False)
    async with hosting(editing(on_save=saves)) as host:
        await host.press("down", "x", "ctrl+s", "y", "escape")
        assert host.answers == ['{\nxy  "name": "Alice",\n  "age": 42\n}\n']


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (ReadOnlyError("the reason [/]"), "Not saved"),
        (OutcomeUnknownError("the reason [/]"), "Done or not: unknown"),
    ],
)
async def test_a_failed_save_says_so_and_keeps_the_text(error: KvtuiError, title: str) -> None:
    async def fail(text: str) -> bool:
        raise error

    async with hosting(editing(on_save=fail)) as host:
        await host.press("x", "ctrl+s")
        assert title in host.text()
        assert "the reason [/]" in host.text()
        await host.press("escape", "escape")
        assert host.answers == [f"x{USER}"]


async def test_while_a_save_is_under_way_nothing_can_be_typed_or_closed() -> None:
    done = asyncio.Event()

    async def slow(text: str) -> bool:
        await done.wait()
        return False

    async with hosting(editing(on_save=slow)) as host:
        await host.press("x", "ctrl+s")
        assert "saving" in host.lines()[-2]
        await host.press("y", "q", "ctrl+s", "escape")
        assert host.answers == []
        done.set()
        await host.app.workers.wait_for_complete()
        await host.press("z", "escape")
        assert host.answers == [f"xz{USER}"]


async def test_a_text_over_the_limit_is_refused_with_the_reason() -> None:
    saves = Saves()
    text = "x" * MAX_VALUE_BYTES
    async with hosting(editing(text, syntax="", on_save=saves)) as host:
        await host.press("y")
        assert "too large to save" in await status(host)
        await host.press("ctrl+s")
        assert saves.texts == []
        assert host.notices == ["Not saved: 1,048,577 B, and a value may have 1,048,576 B."]


async def test_json_that_is_too_deep_to_check_is_not_called_broken() -> None:
    async with hosting(editing("[" * 5000 + "]" * 5000)) as host:
        await host.press("down")
        assert "nested too deeply to check" in await status(host)
        assert "not JSON" not in await status(host)


async def test_broken_json_is_told_with_its_place_and_can_be_saved() -> None:
    saves = Saves()
    async with hosting(editing(on_save=saves)) as host:
        await host.press("down", "delete", "delete", "delete")
        assert "not JSON: line 2, column 1" in await status(host)
        await host.press("ctrl+s")
        assert len(saves.texts) == 1


async def test_typing_alone_brings_the_verdict_when_it_rests() -> None:
    async with hosting(editing()) as host:
        await host.press("x")
        async with asyncio.timeout(5):
            while "not JSON" not in host.text():
                await host.settle()


async def test_a_new_key_is_called_that() -> None:
    async with hosting(editing("", is_new=True)) as host:
        assert "New key" in host.lines()[0]


@pytest.mark.parametrize(
    "text",
    ["a\r\nb\r\n", "a\rb", "a\r\nb\nc\r", "\u2028\x0b\x0c\x1c\x85\u2029", "\ta\n", "\ufeffa"],
)
async def test_a_change_leaves_every_other_character_as_it_was(text: str) -> None:
    async with hosting(editing(text, syntax="")) as host:
        await host.press("x", "escape")
        assert host.answers == [f"x{text}"]


async def test_enter_and_pasted_lines_take_the_line_ending_of_the_text() -> None:
    async with hosting(editing("a\r\nb", syntax="")) as host:
        await host.press("enter")
        await host.paste("1\n2\r3")
        await host.press("escape")
        assert host.answers == ["\r\n1\r\n2\r\n3a\r\nb"]


@pytest.mark.parametrize("character", "\x00\x07\x0b\x0c\x1b\x1c\x7f\x85\u2028\u2029")
async def test_a_paste_with_a_character_that_cannot_be_kept_safely_is_refused_whole(
    character: str,
) -> None:
    async with hosting(editing()) as host:
        await host.paste(f"good{character}bad")
        assert f"U+{ord(character):04X}" in host.notices[0]
        assert "Nothing was inserted" in host.notices[0]
        await host.press("escape")
        assert host.answers == [None]


async def test_characters_that_need_more_than_ascii_are_taken_typed_or_pasted() -> None:
    async with hosting(editing("", syntax="")) as host:
        await host.press("é", "\xa0", "日")
        await host.paste("\u200d👩\u200d🔬ab\tc")
        await host.press("escape")
        assert host.answers == ["é\xa0日\u200d👩\u200d🔬ab\tc"]


async def test_hidden_characters_are_drawn_as_symbols_one_cell_each() -> None:
    async with hosting(editing("a\x1b[2J\u202eb\u200bc", syntax="")) as host:
        assert "a␛[2J□b□c" in host.text()


async def test_long_lines_are_wrapped_and_the_cursor_follows() -> None:
    async with hosting(editing("x" * 200 + "END", syntax=""), size=(40, 12)) as host:
        await host.press("end", "end")
        assert "END" in host.text()
        await host.press("ctrl+end", "down", "end", "!", "escape")
        assert host.answers[0] is not None
        assert host.answers[0].count("!") == 1


async def test_tab_indents_by_the_step_of_the_text() -> None:
    async with hosting(editing()) as host:
        await host.press("tab", "escape")
        assert host.answers == [f"  {USER}"]


async def test_tab_moves_selected_lines_in_and_shift_tab_out_in_one_step_of_undo() -> None:
    async with hosting(editing("a\nb\nc", syntax="")) as host:
        await host.press("shift+down", "shift+right", "tab")
        assert editor_of(host).text == "  a\n  b\nc"
        await host.press("tab", "shift+tab")
        assert editor_of(host).text == "  a\n  b\nc"
        await host.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert editor_of(host).text == "a\nb\nc"


async def test_shift_tab_moves_the_line_out_and_the_cursor_with_it() -> None:
    async with hosting(editing()) as host:
        await host.press("down", "right", "right", "right", "shift+tab", "x", "escape")
        assert host.answers == ['{\n"xname": "Alice",\n  "age": 42\n}\n']


async def test_a_new_line_in_json_begins_below_the_one_before() -> None:
    async with hosting(editing()) as host:
        await host.press("down", "end", "enter", "x", "escape")
        assert host.answers == ['{\n  "name": "Alice",\n  x\n  "age": 42\n}\n']


async def test_ctrl_c_copies_the_selection_and_without_one_does_not_quit() -> None:
    async with hosting(editing()) as host:
        await host.press("ctrl+c")
        assert host.notices == ["Nothing is selected."]
        await host.press("shift+right", "ctrl+c")
        assert host.app.copied == ["{"]


async def test_letters_that_are_commands_elsewhere_are_only_text() -> None:
    async with hosting(editing("", syntax="")) as host:
        await host.type("qD?:/")
        await host.press("escape")
        assert host.answers == ["qD?:/"]


async def test_keys_that_come_in_one_burst_act_in_their_order() -> None:
    async with hosting(editing("ab", syntax="")) as host:
        await host.press_ahead(
            "end", "c", "backspace", "d", "home", "e", "right", "f", "enter", "g"
        )
        await host.press("escape")
        assert host.answers == ["eaf\ngbd"]


async def test_a_click_puts_the_cursor_where_it_was_made() -> None:
    async with hosting(editing()) as host:
        await host.click("TextEditor", row=1)
        assert editor_of(host).cursor_location[0] == 1


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_whatever_was_done_can_be_undone_back_to_the_original(newline: str) -> None:
    chance = random.Random(7)
    async with hosting(editing("", syntax=""), size=(24, 12)) as host:
        editor = editor_of(host)
        for _ in range(15):
            original = newline.join(
                "".join(chance.choices("ab\t日 ", k=chance.randrange(30))) for _ in range(6)
            )
            editor.text = original
            await host.press_ahead(*chance.choices(KEYS, k=40))
            rows = WrappedRows(editor.document, editor.wrap_width, editor.indent_width)
            assert editor.wrapped_document.height == rows.height
            for _ in range(200):
                editor.undo()
            assert editor.text == original


async def test_ctrl_f_finds_on_with_enter_around_the_end_and_escape_goes_back() -> None:
    async with hosting(editing("one\ntwo\nOne\n", syntax="")) as host:
        await host.press("ctrl+f")
        await host.type("one")
        await host.press("enter", "enter")
        assert editor_of(host).selection == ((2, 0), (2, 3))
        await host.press("enter")
        assert editor_of(host).selection == ((0, 0), (0, 3))
        await host.press("escape", "X", "escape")
        assert host.answers == ["X\ntwo\nOne\n"]


async def test_a_needle_with_a_capital_finds_only_that_and_none_is_said() -> None:
    async with hosting(editing("one\nOne\n", syntax="")) as host:
        await host.press("ctrl+f")
        await host.type("One")
        await host.press("enter")
        assert editor_of(host).selection.end == (1, 3)
        await host.type("x")
        await host.press("enter")
        assert host.notices == ["Not found: Onex"]


@pytest.mark.parametrize("size", [(20, 5), (8, 2), (200, 50)])
async def test_it_can_be_typed_into_at_any_size(size: tuple[int, int]) -> None:
    async with hosting(editing(), size=size) as host:
        await host.press("x", "right", "down", "home", "y", "escape")
        assert host.answers == ['x{\ny  "name": "Alice",\n  "age": 42\n}\n']


async def test_the_text_is_laid_out_anew_when_the_terminal_changes() -> None:
    async with hosting(editing("x" * 100, syntax=""), size=(80, 24)) as host:
        await host.resize(40, 24)
        rows = [line for line in host.lines() if "xxx" in line]
        assert len(rows) == 3


async def test_a_value_of_the_largest_size_can_be_edited_in_its_middle() -> None:
    rows = [{"id": number, "name": f"user {number}"} for number in range(40_000)]
    text = json.dumps(rows, indent=1)[:MAX_VALUE_BYTES]
    async with hosting(editing(text)) as host:
        editor = editor_of(host)
        editor.move_cursor((editor.document.line_count // 2, 1))
        await host.press("x", "enter", "ctrl+z", "ctrl+z", "escape")
        assert host.answers == [None]


async def test_json_is_laid_out_on_request_token_by_token_as_one_step_of_undo() -> None:
    text = '\ufeff {"a":1E2,"a":12345678901234567890.10,"b":["\\/\\u00e9"]} \r\n'
    async with hosting(editing(text)) as host:
        await host.press("f4")
        assert editor_of(host).text == (
            '\ufeff {\r\n  "a": 1E2,\r\n  "a": 12345678901234567890.10,\r\n  "b": [\r\n'
            '    "\\/\\u00e9"\r\n  ]\r\n} \r\n'
        )
        assert "● changed" in host.text()
        await host.press("f4")
        assert host.notices == ["It is laid out already."]
        await host.press("ctrl+z")
        assert editor_of(host).text == text


async def test_what_is_not_json_is_not_laid_out() -> None:
    async with hosting(editing('{"a": NaN}')) as host:
        await host.press("f4")
        assert host.notices == ["Not laid out: it is not JSON."]
        assert editor_of(host).text == '{"a": NaN}'
