"""The scrollbar of rows: it acts as Textual's own, and can be taken away at any time."""

from textual.app import ComposeResult
from textual.geometry import Region
from textual.scrollbar import ScrollBar

from kvtui.ui.terminal.display import CellDisplay
from kvtui.ui.widgets.hex_editor import HexEditor
from kvtui.ui.widgets.row_scroll_bar import RowScrollBar


class Rows(CellDisplay):
    """Many rows, and nothing else."""

    def compose(self) -> ComposeResult:
        yield HexEditor(bytes(100_000))


async def test_pointing_below_the_thumb_scrolls_a_page_and_dragging_it_scrolls_far() -> None:
    async with Rows().run_test(size=(80, 24)) as pilot:
        editor = pilot.app.query_one(HexEditor)
        await pilot.pause()
        assert isinstance(editor.vertical_scrollbar, RowScrollBar)
        pilot.app.animation_level = "none"  # as kvtui has it: a scroll half way is no answer
        await pilot.click(offset=(79, 20))
        await pilot.pause()
        assert editor.scroll_offset.y == 24

        await pilot.mouse_down(offset=(79, 0))
        await pilot.hover(offset=(79, 12))
        await pilot.mouse_up(offset=(79, 12))
        await pilot.pause()
        assert editor.scroll_offset.y > 1_000


async def test_it_looks_as_textual_draws_it() -> None:
    async with Rows().run_test(size=(80, 24)) as pilot:
        bar = pilot.app.query_one(HexEditor).vertical_scrollbar
        for position in (0, 7, 6_000):
            pilot.app.query_one(HexEditor).scroll_to(y=position, animate=False, immediate=True)
            await pilot.pause()
            ours = bar.render_lines(Region(0, 0, 1, 24))
            theirs = ScrollBar.render_lines(bar, Region(0, 0, 1, 24))
            assert [strip.text for strip in ours] == [strip.text for strip in theirs]


async def test_a_view_with_a_scrollbar_can_be_taken_away() -> None:
    async with Rows().run_test(size=(80, 24)) as pilot:
        editor = pilot.app.query_one(HexEditor)
        bar = editor.vertical_scrollbar
        await pilot.pause()
        await editor.remove()
        await pilot.pause()
        assert [strip.text for strip in bar.render_lines(Region(0, 0, 1, 3))] == [" "] * 3
