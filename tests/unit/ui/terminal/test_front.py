"""Asking only what is seen gives the frames that asking everything gives."""

import random
from collections.abc import Iterable

import pytest
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Label, Static

from kvtui.ui.terminal.canvas import Canvas
from kvtui.ui.terminal.capability import sgr_parameters
from kvtui.ui.terminal.front import FrontCompositor
from kvtui.ui.terminal.palette import Palette

ROUNDS = 20
WORDS = "some text, 日本語, and more of it to the right"
TEXT = "\n".join(f"{number:03} {WORDS}" for number in range(60))


class Both(FrontCompositor):
    """Draws the same regions in both ways."""

    def updates(self, regions: Iterable[Region]) -> tuple[ChopsUpdate | None, ChopsUpdate | None]:
        stock = Compositor()
        vars(stock).update(vars(self), _dirty_regions=set(regions))
        self._dirty_regions = set(regions)
        return self.render_partial_update(), stock.render_partial_update()


class Short(Static):
    """Draws lines that end before its region does, as a list does while its scrollbar comes."""

    def render_lines(self, crop: Region) -> list[Strip]:
        return [strip.crop(0, crop.width - 5) for strip in super().render_lines(crop)]


class LayeredScreen(Screen[None]):
    """Panes with frames, scrolled text, one pane over the others, and a widget half outside."""

    CSS = """
    LayeredScreen { layers: ground overlay; }
    .pane { border: round $primary; width: 1fr; }
    #over { layer: overlay; dock: left; width: 30; height: 60%; border: heavy $error; }
    #half { width: 20; height: 3; offset: -8 2; background: $success 50%; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.both = Both()
        self._compositor = self.both
        self.scrolled = VerticalScroll(Static(TEXT, markup=False), classes="pane")

    def compose(self) -> ComposeResult:
        yield Label("top")
        short = Short(TEXT, markup=False, classes="pane")
        yield Horizontal(self.scrolled, short, Vertical(Label("x", id="half"), classes="pane"))
        yield Vertical(Static(TEXT, markup=False), id="over")


class LayeredApp(App[None]):
    def get_default_screen(self) -> LayeredScreen:
        return LayeredScreen()


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (40, 10)])
async def test_every_part_of_a_screen_is_drawn_as_textual_draws_it(size: tuple[int, int]) -> None:
    dice = random.Random(3)
    app = LayeredApp()
    async with app.run_test(size=size) as pilot:
        assert isinstance(app.screen, LayeredScreen)
        for _ in range(ROUNDS):
            regions = [_region(dice, Size(*size)) for _ in range(dice.randint(1, 3))]
            front, stock = map(_frame, app.screen.both.updates(regions))
            assert front == stock, regions
            assert front.strip("\x1b[m")
            app.screen.scrolled.scroll_to(y=dice.randint(0, 40), animate=False, immediate=True)
            await pilot.pause()


def _region(dice: random.Random, size: Size) -> Region:
    x, y = dice.randrange(size.width), dice.randrange(size.height)
    return Region(x, y, dice.randint(1, size.width - x), dice.choice([1, 1, size.height - y]))


def _frame(update: ChopsUpdate | None) -> str:
    assert update is not None
    canvas = Canvas(Palette(sgr_parameters("truecolor")), has_background_erase=True)
    canvas.fit(200, 50)
    canvas.take(update)
    return canvas.frame()
