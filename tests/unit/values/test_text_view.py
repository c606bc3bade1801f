import pytest

from kvtui.values.formats.highlight import MAX_CHARACTERS
from kvtui.values.lines import Kind
from kvtui.values.looks import View
from kvtui.values.view import views
from tests.support.values import kinds_of, texts_of


def test_source_text_is_coloured_by_what_it_is_written_in() -> None:
    lines = views(b"name: value  # note\nlist:\n  - 12\n", now=0).lines(View.TEXT, 60)
    kinds = kinds_of(lines.row(0))
    assert kinds["# note"] is Kind.COMMENT
    assert kinds["name"] is Kind.NAME
    assert kinds_of(lines.row(1))["list"] is Kind.NAME


def test_colours_do_not_depend_on_the_order_in_which_rows_are_asked_for() -> None:
    content = b'a = "x"\n# note\nb = """\nlong\n"""\n[table]\nc = 1\n' * 50
    found = views(content, "application/toml", now=0)
    forward = found.lines(View.TEXT, 60)
    backward = views(content, "application/toml", now=0).lines(View.TEXT, 60)
    numbers = range(len(forward))
    expected = [forward.row(number) for number in numbers]
    assert [backward.row(number) for number in reversed(numbers)] == expected[::-1]


def test_long_source_text_keeps_one_colour() -> None:
    content = b"name: value\n" * (MAX_CHARACTERS // 12 + 1)
    lines = views(content, now=0).lines(View.TEXT, 60)
    assert set(kinds_of(lines.row(0)).values()) == {Kind.LINE_NUMBER, Kind.TEXT}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_text_is_shown_whatever_its_encoding(encoding: str) -> None:
    found = views("grüße an alle\nund ümlaute\n".encode(encoding), now=0)
    assert texts_of(found.lines(View.TEXT, 40)) == ["  1 grüße an alle", "  2 und ümlaute"]


def test_no_language_is_blamed_for_what_it_does_not_understand() -> None:
    lines = views(b"\x0b<<<>>> ??? `", "text/x-python", now=0).lines(View.TEXT, 60)
    assert Kind.WARNING not in kinds_of(lines.row(0)).values()


def test_windows_line_endings_are_not_shown_but_stray_returns_are() -> None:
    assert texts_of(views(b"a\r\nb\r\n", now=0).lines(View.TEXT, 40)) == ["  1 a", "  2 b"]
    assert texts_of(views(b"a\rb\n", now=0).lines(View.TEXT, 40)) == ["  1 a␍b"]
