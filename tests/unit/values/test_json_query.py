import json

import pytest

from kvtui.values.detect import detect
from kvtui.values.formats.json_query import JsonQuery, QueryError
from tests.support.values import JSON, KINDS, NASTY_JSON, texts_of


def found(content: bytes, expression: str) -> str:
    return JsonQuery(detect(content)).find(expression).text


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("name", '"Alice"'), ("tags[1]", '"b"'), ("nothing", "null"), ("length(tags)", "2")],
)
def test_an_expression_finds_parts_of_a_value(expression: str, expected: str) -> None:
    assert found(JSON, expression) == expected


@pytest.mark.parametrize("number", ["1E2", "0.10", "-0", "1e-400", "12345678901234567890123"])
def test_numbers_are_shown_as_they_are_stored(number: str) -> None:
    assert found(f'{{"a":[{number}]}}'.encode(), "a") == f"[\n  {number}\n]"


def test_numbers_can_be_computed_with() -> None:
    content = b'[{"n":1.50},{"n":2},{"n":0.5}]'
    assert found(content, "sum([].n)") == "4.0"
    assert found(content, "sort_by(@, &n)[0].n") == "0.5"
    assert found(content, "[?n > `1`].n") == "[\n  1.50,\n  2\n]"


def test_json_lines_are_asked_as_a_list() -> None:
    assert found(b'{"a":1}\n{"a":2}\n', "[1].a") == "2"


def test_what_is_found_can_be_folded() -> None:
    tree = JsonQuery(detect(b'{"a":{"b":[1,2]}}')).find("a")
    tree.fold_to(1)
    assert texts_of(tree.lines(60)) == ["  1 {", '  2+  "b": [ 2 items ]', "  6 }"]


@pytest.mark.parametrize(
    "expression", ["", "a[", "a.", "||", "sum(@)", "nope(@)", "[?a > ", "to_number(@)+", "\x00"]
)
def test_an_expression_that_means_nothing_says_why(expression: str) -> None:
    with pytest.raises(QueryError, match=r"^[^\n]+$"):
        JsonQuery(detect(JSON)).find(expression)


def test_a_value_that_is_no_json_says_so() -> None:
    with pytest.raises(QueryError, match="not JSON"):
        JsonQuery(detect(KINDS["text"]))


@pytest.mark.parametrize("name", NASTY_JSON)
def test_unkind_values_are_asked_or_refused(name: str) -> None:
    detection = detect(NASTY_JSON[name], "application/json")
    try:
        query = JsonQuery(detection)
    except QueryError:
        return
    assert query.find("@").text


def test_a_deep_result_is_cut_not_refused() -> None:
    content = json.dumps(json.loads("[" * 400 + "]" * 400)).encode()
    assert "too deep" in found(content, "@")
