import pytest

from kvtui.values.json_check import json_problem


@pytest.mark.parametrize(
    "text",
    ['{"a": 1, "a": 2}', "[1e999, 123456789012345678901234567890]", '"x"', " null\n", "\ufeff{}"],
)
def test_json_is_fine(text: str) -> None:
    assert json_problem(text, "json") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{\n  "a": 1,\n}', "line 3, column 1"),
        ("", "line 1, column 1"),
        ("{'a': 1}", "line 1, column 2"),
        ("[NaN]", "line 1, column 2: NaN"),
        ("[-Infinity]", "line 1, column 2: -Infinity"),
        ('{"NaN":"\\"NaN",\n "a":NaN}', "line 2, column 6: NaN"),
        ("[1] x", "line 1, column 5"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_not_json_is_told_with_its_place(text: str, problem: str) -> None:
    assert problem in str(json_problem(text, "json"))


def test_a_number_of_any_length_is_a_number() -> None:
    assert json_problem("9" * 10_000, "json") is None


def test_json_lines_are_checked_one_by_one_and_may_be_empty() -> None:
    assert json_problem('{"a": 1}\n\n[2]\n', "jsonl") is None
    assert "line 3, column 2" in str(json_problem('{"a": 1}\n\n[', "jsonl"))
