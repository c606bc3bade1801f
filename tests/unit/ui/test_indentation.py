import pytest

from kvtui.ui.widgets.indentation import Indentation


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ('{\n  "a": 1\n}', "  "),
        ("a:\n    b: 1\n", "    "),
        ("a\n\tb\n", "\t"),
        ("", "  "),
        ("no indent\nat all", "  "),
        ("a\n" + " " * 20 + "far", "  "),
    ],
)
def test_a_text_is_indented_as_it_is_already(text: str, step: str) -> None:
    assert Indentation.of(text).step == step


def test_lines_go_in_and_out_by_one_step_and_empty_ones_stay() -> None:
    indentation = Indentation("  ")
    assert indentation.moved_in("a") == "  a"
    assert indentation.moved_in("") == ""
    assert indentation.moved_out("   a") == " a"
    assert indentation.moved_out(" a") == "a"
    assert indentation.moved_out("\ta") == "a"
    assert indentation.moved_out("a") == "a"


def test_a_new_line_keeps_the_indent_only_where_structure_is_made_of_lines() -> None:
    assert Indentation.of("", "json").of_new_line("    [") == "    "
    assert Indentation.of("", "").of_new_line("    a") == ""
