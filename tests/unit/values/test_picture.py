from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kvtui.values.formats.picture import Picture, drawing, picture
from kvtui.values.looks import View
from kvtui.values.view import views
from tests.support.values import png, texts_of

RED, BLUE, CLEAR = (255, 0, 0, 255), (0, 0, 255, 255), (0, 0, 0, 0)


def image_of(size: tuple[int, int], colours: list[tuple[int, ...]], form: str = "PNG") -> bytes:
    drawn = Image.new("RGBA", size)
    drawn.putdata([colours[at % len(colours)] for at in range(size[0] * size[1])])
    content = BytesIO()
    (drawn if form in {"PNG", "WEBP"} else drawn.convert("RGB")).save(content, form)
    return content.getvalue()


def drawn(content: bytes, width: int) -> Picture:
    found = picture(content, width)
    assert isinstance(found, Picture), found
    return found


def test_a_cell_shows_two_pixels_one_above_the_other() -> None:
    found = drawn(image_of((1, 4), [RED, BLUE]), 10)
    assert len(found) == 2
    assert found.cells(0) == [((255, 0, 0), (0, 0, 255))]


@pytest.mark.parametrize(("level", "lit"), [(0, 0), (64, 4), (128, 8), (255, 16)])
def test_without_colours_a_brighter_image_has_more_dots(level: int, lit: int) -> None:
    grey = (level, level, level, 255)
    found = drawn(image_of((4, 4), [grey]), 4)
    halves = {" ": 0, "▄": 1, "▀": 1, "█": 2}
    assert sum(halves[cell] for row in range(2) for cell in found.dots(row)) == lit


def test_without_colours_an_odd_last_line_is_the_upper_half() -> None:
    assert drawn(image_of((2, 1), [(255, 255, 255, 255)]), 10).dots(0) == "▀▀"


def test_nothing_is_drawn_below_the_last_line_of_pixels() -> None:
    found = drawn(image_of((2, 3), [RED]), 10)
    assert [len(found.cells(row)) for row in range(len(found))] == [2, 2]
    assert found.cells(1)[0] == ((255, 0, 0), None)


def test_an_image_is_made_to_fit_the_rows_too() -> None:
    found = drawn(image_of((40, 120), [RED]), 40)
    assert len(found) == 60
    assert len(found.fitting(15)) == 15
    assert found.fitting(15).width == 10
    assert found.fitting(60) is found.fitting(100) is found


def test_a_drawing_is_a_png_for_all_cells_and_one_for_each_row() -> None:
    found = drawn(image_of((20, 16), [RED, BLUE]), 20)
    made = drawing(found, (10, 20))
    assert made is not None
    assert (made.columns, made.rows, len(made.strips)) == (20, 8, 8)
    assert Image.open(BytesIO(made.whole)).size == (200, 160)
    assert {Image.open(BytesIO(strip)).size for strip in made.strips} == {(200, 20)}


def test_nothing_of_a_file_is_handed_on_but_its_pixels() -> None:
    written = BytesIO()
    note = PngInfo()
    note.add_text("Comment", "not for the terminal")
    Image.new("RGB", (4, 4)).save(written, "PNG", pnginfo=note)
    made = drawing(drawn(written.getvalue(), 20), (10, 20))
    assert made is not None
    assert b"not for the terminal" in written.getvalue()
    assert b"not for the terminal" not in made.whole


def test_the_ground_shines_through_where_the_image_is_clear() -> None:
    assert drawn(image_of((1, 2), [CLEAR]), 10).cells(0)[0].upper == (0x30, 0x30, 0x30)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_every_type_of_image_is_made_to_fit(form: str) -> None:
    found = drawn(image_of((300, 150), [RED, BLUE], form), 40)
    assert len(found) == 10
    assert len(found.cells(0)) == 40


def test_a_small_image_is_not_blown_up() -> None:
    assert len(drawn(image_of((3, 2), [RED]), 40).cells(0)) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (png(64, 64), "damaged"),
        (image_of((64, 64), [RED, BLUE])[:-40], "damaged"),
        (png(100_000, 100_000), "pixels"),
        (b"GIF89a" + b"\x01\0\x01\0", "damaged"),
    ],
)
def test_what_cannot_be_drawn_says_why_and_what_it_is(content: bytes, reason: str) -> None:
    found = views(content, now=0)
    assert found.default is View.IMAGE
    rows = "\n".join(texts_of(found.lines(View.IMAGE, 60)))
    assert reason in rows
    assert "pixels" in rows
