"""Images reach terminals that draw them, leave them again, and stay below what lies over them."""

import random
from io import BytesIO

import pytest
from PIL import Image
from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from kvtui.ui.terminal.barrier import guard
from kvtui.ui.terminal.canvas import Canvas
from kvtui.ui.terminal.capability import sgr_parameters
from kvtui.ui.terminal.graphics import Graphics, Protocol, protocol
from kvtui.ui.terminal.palette import Palette
from kvtui.ui.terminal.placeholder import COLOUR, MARKS, PLACEHOLDER, part, parts_text
from kvtui.ui.terminal.strips import Strips
from kvtui.values.formats.picture import Drawing, Picture, drawing, picture
from tests.support.image_screen import CELL, ImageScreen

COLUMNS, LINES = 30, 12
AT = (4, 2)
"""Where the image stands on the screen."""
IMAGE_STYLE = Style(color=Color.from_rgb(*COLOUR))


def noise(seed: int, columns: int = 12, rows: int = 6) -> Drawing:
    """Give an image of which no two cells look the same."""
    size = columns * CELL[0], rows * CELL[1]
    content = BytesIO()
    pixels = random.Random(seed).randbytes(3 * size[0] * size[1])
    Image.frombytes("RGB", size, pixels).save(content, "PNG")
    shown = picture(content.getvalue(), columns)
    assert isinstance(shown, Picture)
    made = drawing(shown, CELL)
    assert made is not None
    assert (made.columns, made.rows) == (columns, rows)
    return made


class Screen:
    """What an app with an image on it sends to a terminal that has the protocol."""

    def __init__(self, spoken: Protocol) -> None:
        self.terminal = ImageScreen(COLUMNS, LINES)
        self.graphics = Graphics(spoken, self.send, lambda: CELL)
        self._canvas = Canvas(Palette(sgr_parameters("truecolor")), has_background_erase=True)
        self._canvas.fit(COLUMNS, LINES)
        if spoken is Protocol.ITERM2:
            self._canvas.strips = Strips(self.graphics)

    def send(self, text: str) -> None:
        self.terminal.feed(guard(text, has_images=True))

    def draw(self, number: int | None, rows: int = 6, *, first: int = 0, over: str = "") -> None:
        """Draw the screen with rows of an image on it, and a text over some of it."""
        strips = [Strip([Segment(f"row {y}".ljust(COLUMNS, "."))]) for y in range(LINES)]
        if number is not None:
            for row in range(first, rows):
                y = AT[1] + row - first
                cells = Segment(parts_text(number, row, 12), IMAGE_STYLE)
                end = strips[y].crop(AT[0] + 12)
                strips[y] = Strip([*strips[y].crop(0, AT[0]), cells, *end])
        if over:
            y, x = AT[1] + 1, AT[0] + 3
            end = strips[y].crop(x + len(over))
            strips[y] = Strip([*strips[y].crop(0, x), Segment(over), *end])
        update = LayoutUpdate([[strip] for strip in strips], Region(0, 0, COLUMNS, LINES))
        self._canvas.take(update)
        self.send(self._canvas.frame())

    def redraw(self) -> None:
        self._canvas.forget(is_clearing=True)
        self.send(self._canvas.frame())

    def sees(self, image: Drawing, rows: range) -> bool:
        """Tell whether exactly these rows of an image are seen."""
        whole = Image.open(BytesIO(image.whole)).convert("RGB")
        width, height = image.columns * CELL[0], len(rows) * CELL[1]
        wanted = whole.crop((0, rows.start * CELL[1], width, rows.stop * CELL[1]))
        x, y = AT[0] * CELL[0], AT[1] * CELL[1]
        seen = self.terminal.picture.crop((x, y, x + width, y + height))
        return (
            seen.tobytes() == wanted.tobytes()
            and len(self.terminal.image_cells) == len(rows) * image.columns
        )


@pytest.fixture(params=Protocol, ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    return Screen(request.param)


def test_an_image_is_seen_pixel_by_pixel_and_gone_when_its_cells_are(screen: Screen) -> None:
    image = noise(1)
    number = screen.graphics.show(image)
    screen.draw(number)
    assert screen.sees(image, range(6))
    assert screen.terminal.screen.display[3].startswith("row ")

    screen.draw(None)
    assert not screen.terminal.image_cells
    assert screen.terminal.screen.display[3] == "row 3".ljust(COLUMNS, ".")


def test_an_image_scrolls_and_another_takes_its_place(screen: Screen) -> None:
    first, second = noise(1), noise(2)
    number = screen.graphics.show(first)
    screen.draw(number)
    screen.draw(number, first=2)
    assert screen.sees(first, range(2, 6))

    screen.graphics.drop(number)
    screen.draw(screen.graphics.show(second))
    assert screen.sees(second, range(6))
    assert len(screen.terminal.sent) <= 1


def test_what_lies_over_an_image_is_seen_and_the_image_again_after_it(screen: Screen) -> None:
    image = noise(1)
    number = screen.graphics.show(image)
    screen.draw(number)
    screen.draw(number, over="dialog")
    assert "dialog" in screen.terminal.screen.display[AT[1] + 1]

    screen.draw(number)
    assert screen.sees(image, range(6))


def test_an_image_that_appears_below_something_is_whole_once_that_is_gone(screen: Screen) -> None:
    image = noise(1)
    number = screen.graphics.show(image)
    screen.draw(number, over="dialog")
    assert "dialog" in screen.terminal.screen.display[AT[1] + 1]

    screen.draw(number)
    assert screen.sees(image, range(6))


def test_a_terminal_that_forgot_everything_is_shown_the_image_again(screen: Screen) -> None:
    image = noise(1)
    screen.draw(screen.graphics.show(image))
    screen.terminal.sent.clear()
    screen.graphics.restart()
    screen.redraw()
    assert screen.sees(image, range(6))


def test_no_image_is_left_in_the_terminal_at_the_end(screen: Screen) -> None:
    for seed in range(3):
        screen.graphics.show(noise(seed))
    screen.graphics.leave()
    assert not screen.terminal.sent


def test_an_image_is_sent_once_and_a_frame_that_changes_nothing_sends_nothing() -> None:
    sent: list[str] = []
    graphics = Graphics(Protocol.KITTY, sent.append, lambda: CELL)
    number = graphics.show(noise(1))
    graphics.drop(number)
    graphics.drop(number)
    assert [text.count("a=t,") for text in sent] == [1, 0]
    assert [text.count("a=d,") for text in sent] == [0, 1]


def test_images_get_out_only_where_they_are_meant_to_and_only_as_they_are_written_here() -> None:
    sent: list[str] = []
    for spoken in Protocol:
        graphics = Graphics(spoken, sent.append, lambda: CELL)
        number = graphics.show(noise(3))
        cell = part(parts_text(number, 0, 1))
        assert cell is not None
        sent.append(graphics.strip(cell))
        graphics.leave()
    for text in filter(None, sent):
        assert guard(text, has_images=True) == text
        assert "\x1b" not in guard(text)


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b_Ga=T,f=100,t=f;L2V0Yy9wYXNzd2Q=\x1b\\",
        "\x1b_Ga=t,f=100,t=s,i=1,q=2,m=0;AAAA\x1b\\",
        "\x1b_Ga=q,i=1,q=2,m=0;AAAA\x1b\\",
        "\x1b_Ga=d,d=A\x1b\\",
        "\x1b_Gq=2,m=0;not base64!\x1b\\",
        "\x1b]1337;File=inline=0;name=eA==;size=3;width=1;height=1;preserveAspectRatio=0:AAAA\x07",
        "\x1b]1337;SetUserVar=a=AAAA\x07",
        "\x1b]1337;File=inline=1;size=3;width=1;height=1;preserveAspectRatio=0:\x1b[2J\x07",
        "\x1b]52;c;AAAA\x07",
    ],
    ids=ascii,
)
def test_with_images_nothing_else_gets_out_that_did_not_before(hostile: str) -> None:
    assert guard(hostile, has_images=True) == guard(hostile)


@pytest.mark.parametrize(
    ("wanted", "environ", "spoken"),
    [
        ("blocks", {"TERM": "xterm-kitty"}, None),
        ("auto", {"TERM": "xterm-kitty"}, Protocol.KITTY),
        ("auto", {"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, Protocol.KITTY),
        ("auto", {"TERM_PROGRAM": "ghostty"}, Protocol.KITTY),
        ("auto", {"TERM_PROGRAM": "WezTerm"}, Protocol.ITERM2),
        ("auto", {"LC_TERMINAL": "iTerm2"}, Protocol.ITERM2),
        ("auto", {"TERM_PROGRAM": "iTerm.app", "TMUX": "socket"}, None),
        ("auto", {"TERM": "xterm-256color"}, None),
        ("auto", {"TERM": "xterm-kitty", "NO_COLOR": "1"}, None),
        ("kitty", {"TERM": "xterm-256color"}, Protocol.KITTY),
        ("iterm2", {"TERM": "xterm-256color", "TMUX": "socket"}, Protocol.ITERM2),
    ],
)
def test_the_protocol_is_what_was_asked_for_and_the_terminal_is_known_to_have(
    wanted: str, environ: dict[str, str], spoken: Protocol | None
) -> None:
    assert protocol(wanted, environ, has_colours=True) is spoken


def test_the_protocol_that_needs_all_colours_is_not_used_with_fewer() -> None:
    assert protocol("kitty", {}, has_colours=False) is None
    assert protocol("iterm2", {}, has_colours=False) is Protocol.ITERM2


def test_a_placeholder_is_one_cell_and_says_where_it_belongs() -> None:
    assert len(set(MARKS)) == 297
    for number in range(0, 297, 7):
        text = PLACEHOLDER + MARKS[number] + MARKS[296 - number] + MARKS[number % 255]
        assert cell_len(text) == 1
        assert part(text) == (number % 255, number, 296 - number)
    assert part(PLACEHOLDER) is None
    assert part(f"{PLACEHOLDER}abc") is None
