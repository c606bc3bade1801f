"""What is sent as changes looks like what Textual would have sent whole."""

import random
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from kvtui.ui.terminal.canvas import Canvas
from kvtui.ui.terminal.capability import sgr_parameters
from kvtui.ui.terminal.palette import Palette
from tests.support.emulator import Emulator
from tests.support.mirrors import TmuxMirror

STEPS = 12
SIZES = [(80, 24), (40, 10), (20, 5), (121, 33)]
Colours = Literal["truecolor", "256", "standard"]
COLOURS: tuple[Colours, ...] = ("truecolor", "256", "standard")
WORDS = [
    "alpha",
    "β-γ",
    "日本語",
    " ",
    "    ",
    "─│╭╮",
    "▸ x/",
    "1.2 kB",
    "한글",
    "…",
    "é",
    " " * 30,
]
ATTRIBUTES = ["", "bold", "dim bold", "italic", "underline", "reverse", "strike"]


def canvas(colours: Colours, size: tuple[int, int], *, has_background_erase: bool = True) -> Canvas:
    made = Canvas(Palette(sgr_parameters(colours)), has_background_erase=has_background_erase)
    made.fit(*size)
    return made


class Dice:
    """Draws random screens, each a little different from the one before."""

    def __init__(self, seed: int, size: tuple[int, int]) -> None:
        self._random = random.Random(seed)
        self._columns, self._lines = size
        colours = [Color.from_rgb(*(self._random.randrange(256) for _ in "rgb")) for _ in range(5)]
        colours += [Color.parse("red"), Color.parse("bright_blue"), Color.default()]
        self._styles = [
            Style.parse(self._random.choice(ATTRIBUTES))
            + Style(
                color=self._random.choice([None, *colours]),
                bgcolor=self._random.choice([None, *colours]),
            )
            for _ in range(10)
        ]

    def strip(self, width: int) -> Strip:
        segments: list[Segment] = []
        strip = Strip(segments)
        while strip.cell_length < width:
            style = self._random.choice([None, *self._styles])
            segments.append(
                Segment(self._random.choice(WORDS) * self._random.choice([1, 3]), style)
            )
            strip = Strip(segments)
        return strip.crop(0, width)

    def update(self, *, is_whole: bool) -> LayoutUpdate | ChopsUpdate:
        columns, lines = self._columns, self._lines
        cuts = [0, columns // 3, columns // 2, columns]
        chops: list[dict[int, Strip | None]] = [
            {x: self.strip(end - x) for x, end in pairwise(cuts)} for _ in range(lines)
        ]
        if is_whole:
            strips = [[strip for strip in row.values() if strip is not None] for row in chops]
            return LayoutUpdate(list(strips), Region(0, 0, columns, lines))
        touched = sorted(self._random.sample(range(lines), self._random.randint(1, 3)))
        left, right = sorted(self._random.sample(cuts, 2))
        spans = [(y, left, right) for y in touched]
        return ChopsUpdate(chops, spans, [cuts[1:]] * lines)


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("has_background_erase", [True, False], ids=["erase", "spaces"])
def test_changes_look_like_whole_frames(
    size: tuple[int, int], colours: Colours, has_background_erase: bool
) -> None:
    whole, changed = Emulator(*size), Emulator(*size)
    console = Console(color_system=colours, force_terminal=True)
    drawn = canvas(colours, size, has_background_erase=has_background_erase)
    dice = Dice(COLOURS.index(colours), size)
    changed.soil()
    for step in range(STEPS):
        update = dice.update(is_whole=step % 6 == 0)
        whole.feed(update.render_segments(console))
        drawn.take(update)
        changed.feed(drawn.frame())
        assert not changed.differences(whole), f"after step {step}"


def test_a_smaller_screen_forgets_the_lines_it_no_longer_has() -> None:
    drawn = canvas("truecolor", (80, 24))
    drawn.take(Dice(1, (80, 24)).update(is_whole=True))
    drawn.fit(40, 10)
    small, whole = Emulator(40, 10), Emulator(40, 10)
    small.soil()
    update = Dice(2, (40, 10)).update(is_whole=True)
    drawn.take(update)
    small.feed(drawn.frame())
    whole.feed(update.render_segments(Console(color_system="truecolor", force_terminal=True)))
    assert not small.differences(whole)


def test_a_frame_without_changes_sends_nothing() -> None:
    drawn = canvas("truecolor", (80, 24))
    update = Dice(3, (80, 24)).update(is_whole=True)
    drawn.take(update)
    assert drawn.frame()
    drawn.take(update)
    assert drawn.frame() == ""


def test_a_redraw_begins_with_a_clean_screen_and_sends_everything() -> None:
    drawn, seen, whole = canvas("truecolor", (80, 24)), Emulator(80, 24), Emulator(80, 24)
    update = Dice(4, (80, 24)).update(is_whole=True)
    drawn.take(update)
    seen.feed(drawn.frame())
    seen.soil()
    drawn.forget(is_clearing=True)
    seen.feed(drawn.frame())
    whole.feed(update.render_segments(Console(color_system="truecolor", force_terminal=True)))
    assert not seen.differences(whole)


def test_a_column_of_digits_costs_a_few_bytes_a_row() -> None:
    drawn = canvas("truecolor", (40, 12))
    frames = []
    for first in (10, 11):
        strips = [[Strip([Segment(f"    key-{first + y}".ljust(40))])] for y in range(12)]
        drawn.take(LayoutUpdate(list(strips), Region(0, 0, 40, 12)))
        frames.append(drawn.frame())
    assert len(frames[1]) <= 12 * 3 + 15


def test_columns_of_different_looks_are_written_one_after_the_other() -> None:
    name, size = (Style.parse(look) for look in ("bold #57a5e2 on #121212", "#a0a0a0 on #121212"))
    drawn, seen, whole = canvas("truecolor", (40, 12)), Emulator(40, 12), Emulator(40, 12)
    console = Console(color_system="truecolor", force_terminal=True)
    frames = []
    for first in (10, 11):
        rows = [
            [
                Segment(f" key-{first + y}".ljust(30), name),
                Segment(f"{first + y} B ".rjust(10), size),
            ]
            for y in range(12)
        ]
        update = LayoutUpdate([[Strip(row)] for row in rows], Region(0, 0, 40, 12))
        drawn.take(update)
        frames.append(drawn.frame())
        seen.feed(frames[-1])
        whole.feed(update.render_segments(console))
    assert not seen.differences(whole)
    assert len(frames[1]) <= 2 * (12 * 3 + 45)


def test_blanks_between_colours_take_no_pen_of_their_own() -> None:
    looks = [Style.parse(f"{colour} on #121212") for colour in ("#57a5e2", "#a0a0a0")]
    drawn, seen, whole = canvas("truecolor", (40, 1)), Emulator(40, 1), Emulator(40, 1)
    console = Console(color_system="truecolor", force_terminal=True)
    frames = []
    for word in ("abc", "xyz"):
        row = [Segment(text, looks[at % 2]) for at, text in enumerate([word, "  "] * 8)]
        update = LayoutUpdate([[Strip(row)]], Region(0, 0, 40, 1))
        drawn.take(update)
        frames.append(drawn.frame())
        seen.feed(frames[-1])
        whole.feed(update.render_segments(console))
    assert not seen.differences(whole)
    assert [frame.count("\x1b[38;2") + frame.count("\x1b[0;38;2") for frame in frames] == [1, 1]


@pytest.mark.parametrize("flag", ["\U0001f1e9", "\U0001f1e9\U0001f1ea"])
@pytest.mark.parametrize("is_by_pen", [False, True])
def test_what_is_drawn_wider_than_counted_leaves_what_follows_whole(
    flag: str, is_by_pen: bool
) -> None:
    drawn, emulator = canvas("truecolor", (40, 4)), Emulator(40, 4)
    behind = Style(color=Color.parse("red")) if is_by_pen else Style()
    for name in ("x" * len(flag), flag):
        row = [Segment("--", behind), Segment(f"a{name}", Style()), Segment("│cdef", behind)]
        update = LayoutUpdate([[Strip(row)]] * 4, Region(0, 0, 40, 4))
        drawn.take(update)
        emulator.feed(drawn.frame())

    behind_name = slice(3 + len(flag), 8 + len(flag))
    for seen in emulator.rows():
        assert "".join(cell.text for cell in seen[behind_name]) == "│cdef"


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_tmux_keeps_the_background_beside_what_is_drawn_over_half_of_a_wide_character(
    tmp_path: Path,
) -> None:
    text, border = Style.parse("#e0e0e0 on #121212"), Style.parse("#3a3a3a on #121212")
    drawn, shown = canvas("truecolor", (40, 4)), TmuxMirror(tmp_path, 40, 4)
    try:
        for row in (
            [Segment("a" * 14 + "字" + "c" * 24, text)],
            [Segment(" " * 15, text), Segment("│", border), Segment("b" * 24, text)],
        ):
            drawn.take(LayoutUpdate([[Strip(row)]] * 4, Region(0, 0, 40, 4)))
            shown.feed(drawn.frame().encode())
        rows = shown.rows()
    finally:
        shown.close()
    assert ["".join(cell.text for cell in row) for row in rows] == [" " * 15 + "│" + "b" * 24] * 4
    assert {cell.background for row in rows for cell in row} == {"121212"}
