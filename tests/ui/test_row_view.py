"""Rows are drawn past Textual's own way: they look the same, and no row of before stays."""

from collections.abc import Callable
from itertools import groupby

import pytest
from textual.app import ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from kvtui.ui.terminal.display import CellDisplay
from kvtui.ui.widgets.hex_view import HexView
from kvtui.ui.widgets.line_view import LineView
from kvtui.ui.widgets.status_line import StatusLine
from kvtui.values.formats.hexdump import HexLines
from kvtui.values.text_lines import TextLines
from kvtui.values.wrapping import LineIndex

TEXT = "".join(f"{number} plain, tëxt 日本語\n" for number in range(400))
WIDTH, HEIGHT = 79, 24


class Shown(CellDisplay):
    """One widget over the whole screen, with a scrollbar where it has one."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


def looks(strips: list[Strip]) -> list[list[tuple[str, str]]]:
    """Give each row as runs of one look, in the part that no scrollbar covers."""
    return [
        [
            ("".join(segment.text for segment in run), look)
            for look, run in groupby(strip.crop(0, WIDTH), key=lambda segment: str(segment.style))
        ]
        for strip in strips
    ]


def ours_and_theirs(widget: Widget) -> tuple[object, object]:
    whole = Region(0, 0, widget.size.width, widget.size.height)
    ours = looks(widget.render_lines(whole))
    widget.refresh()
    return ours, looks(Widget.render_lines(widget, whole))


def hex_view() -> LineView:
    return HexView(lines=HexLines(bytes(range(256)) * 40, WIDTH))


def text_view() -> LineView:
    return LineView(TextLines(LineIndex(TEXT), WIDTH))


@pytest.mark.parametrize("make", [hex_view, text_view])
@pytest.mark.parametrize("has_no_colours", [False, True], ids=["colours", "no colours"])
async def test_rows_look_as_textual_draws_them(
    make: Callable[[], LineView], has_no_colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if has_no_colours:
        monkeypatch.setenv("NO_COLOR", "1")
    app = Shown(view := make())
    async with app.run_test(size=(WIDTH + 1, HEIGHT)) as pilot:
        view.focus()
        for key in ("pause", "j", "j", "pagedown", "G", "k", "g"):
            await pilot.press(key)
            ours, theirs = ours_and_theirs(view)
            assert ours == theirs, key
        app.theme = "textual-light"
        await pilot.pause()
        ours, theirs = ours_and_theirs(view)
        assert ours == theirs


async def test_no_row_of_other_lines_stays() -> None:
    app = Shown(view := text_view())
    async with app.run_test(size=(WIDTH + 1, HEIGHT)) as pilot:
        await pilot.press("pagedown")
        view.show_lines(TextLines(LineIndex(TEXT.upper()), WIDTH), is_same_value=True)
        await pilot.pause()
        drawn = view.render_lines(Region(0, 0, WIDTH, HEIGHT))
        assert all("PLAIN" in strip.text for strip in drawn)

        view.search("9 PLAIN")
        await pilot.pause()
        marked = view.render_lines(Region(0, 0, WIDTH, HEIGHT))
        assert len({segment.style for strip in marked for segment in strip}) > 1

        view.end_search()
        await pilot.pause()
        plain = view.render_lines(Region(0, 0, WIDTH, HEIGHT))
        assert len({segment.style for strip in plain for segment in strip}) == 1


async def test_rows_that_are_scrolled_are_not_made_again() -> None:
    app = Shown(view := text_view())
    async with app.run_test(size=(WIDTH + 1, HEIGHT)) as pilot:
        await pilot.pause()
        before = view.render_lines(Region(0, 0, WIDTH, HEIGHT))
        view.scroll_to(y=1, animate=False, immediate=True)
        after = view.render_lines(Region(0, 0, WIDTH, HEIGHT))
        assert all(new is old for new, old in zip(after, before[1:], strict=False))


async def test_a_line_of_plain_text_looks_as_textual_draws_it() -> None:
    app = Shown(status := StatusLine())
    async with app.run_test(size=(40, 3)) as pilot:
        for text in (" $.items[0]", "", "wide 日本語 " * 9):
            status.update(text)
            await pilot.pause()
            ours = status.render_lines(Region(0, 0, 40, 1))[0]
            theirs = Static.render_lines(status, Region(0, 0, 40, 1))[0]
            assert ours.text == theirs.text
            assert [str(segment.style) for segment in ours if segment.text.strip()] == [
                str(segment.style) for segment in theirs if segment.text.strip()
            ]


async def test_rows_fill_the_place_of_a_scrollbar_that_is_not_there_yet() -> None:
    """Else nothing is drawn at all for a frame: what is too short for its place is left out."""
    app = Shown(view := text_view())
    async with app.run_test(size=(WIDTH, HEIGHT)):
        whole = Region(0, 0, view.size.width + 1, HEIGHT)
        assert {strip.cell_length for strip in view.render_lines(whole)} == {whole.width}
