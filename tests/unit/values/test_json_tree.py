import json
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvtui.values.formats import json_lenient, json_text
from kvtui.values.formats.json_tree import JsonTree, TreeLines
from kvtui.values.formats.notation import notation
from kvtui.values.json_places import JsonPlaces, path_text
from kvtui.values.looks import View
from kvtui.values.view import views
from tests.support.values import NASTY_JSON, texts_of

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
WIDTH = 300

json_values = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('ab ,{}[]":\\n'), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.sampled_from('ab"[{'), max_size=3), inner, max_size=5)
    ),
    max_leaves=40,
)


def tree_of(value: object) -> JsonTree:
    return JsonTree(json_text.pretty(json.dumps(value)) or "")


def shown(tree: JsonTree) -> list[str]:
    """Give the rows without their margin."""
    return [row[4:] for row in texts_of(tree.lines(WIDTH))]


def steps(path: tuple[str | int, ...]) -> list[str | int]:
    return [json.loads(step) if isinstance(step, str) else step for step in path]


def nodes(
    value: object, path: tuple[str | int, ...] = ()
) -> list[tuple[tuple[str | int, ...], object]]:
    """Give every node with its path, in the order of the text."""
    found = [(path, value)]
    if isinstance(value, dict):
        for name, member in value.items():
            found += nodes(member, (*path, name))
    if isinstance(value, list):
        for place, item in enumerate(value):
            found += nodes(item, (*path, place))
    return found


@given(json_values)
def test_every_line_knows_the_path_and_the_text_of_its_node(value: object) -> None:
    lines = tree_of(value).lines(WIDTH)
    expected = iter(nodes(value))
    for row in range(len(lines)):
        text = texts_of(lines)[row].strip()
        if re.search(r"^\d+ +[}\]],?$", text):
            continue
        path, node = next(expected)
        assert steps(lines.path(row)) == list(path)
        assert json.loads(lines.node_text(row)) == node
    assert next(expected, None) is None


@given(json_values, st.data())
def test_paths_are_the_same_in_whatever_order_they_are_asked_for(
    value: object, data: st.DataObject
) -> None:
    lines = tree_of(value).lines(WIDTH)
    rows = data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=20))
    asked = [lines.path(row) for row in rows]
    assert asked == [tree_of(value).lines(WIDTH).path(row) for row in rows]


@given(json_values, st.data(), st.integers(8, 60))
def test_folding_never_changes_the_text_and_unfolding_brings_all_of_it_back(
    value: object, data: st.DataObject, width: int
) -> None:
    tree = tree_of(value)
    before, text = texts_of(tree.lines(width)), tree.text
    for _ in range(data.draw(st.integers(0, 6))):
        lines = tree.lines(width)
        row = data.draw(st.integers(0, len(lines) - 1))
        first = tree.fold(lines.line_of(row))
        lines = tree.lines(width)
        assert lines.line_of(lines.row_of(first)) == first
        assert [lines.line_of(row) for row in range(len(lines))] == sorted(
            lines.line_of(row) for row in range(len(lines))
        )
    assert tree.text == text
    for line in range(len(tree.index)):
        tree.reveal(line)
        assert tree.lines(width).line_of(tree.lines(width).row_of(line)) == line
    for line in range(len(tree.index)):
        if tree.folds.last(line) is not None:
            tree.folds.unfold(line)
    assert texts_of(tree.lines(width)) == before


@given(json_values, st.integers(0, 4))
def test_folding_to_a_level_folds_what_is_that_deep(value: object, depth: int) -> None:
    tree = tree_of(value)
    tree.fold_to(depth)
    one_by_one = tree_of(value)
    for line in range(len(one_by_one.index)):
        start = one_by_one.start(line)
        is_first = one_by_one.places.container(start) is not None
        if is_first and one_by_one.places.depth(start) == depth:
            one_by_one.fold(line)
    assert shown(tree) == shown(one_by_one)


def test_a_folded_container_is_one_row_that_tells_how_much_it_holds() -> None:
    tree = tree_of({"users": [{"id": 1}, {"id": 2}], "one": [0], "none": []})
    tree.fold_to(1)
    assert shown(tree) == [
        "{",
        '  "users": [ 2 items ],',
        '  "one": [ 1 item ],',
        '  "none": []',
        "}",
    ]
    tree.fold(0)
    assert texts_of(tree.lines(WIDTH)) == ["  1+{ 3 members }"]


@pytest.mark.parametrize("needle", ["deep", "DEEP", "id"])
def test_what_is_found_in_a_fold_comes_into_sight(needle: str) -> None:
    tree = tree_of({"a": {"id": [1, {"DEEP": "deep"}]}, "z": 1})
    tree.fold_to(1)
    lines = tree.lines(WIDTH)
    row = lines.find(needle, 0)
    assert row is not None
    assert needle in texts_of(lines)[row]
    assert lines.find("nowhere", 0) is None


def test_a_search_backwards_looks_into_the_fold_it_begins_at() -> None:
    tree = tree_of([{"deep": 1}])
    tree.fold(0)
    lines = tree.lines(WIDTH)
    row = lines.find("deep", 0, is_backward=True)
    assert row is not None
    assert "deep" in texts_of(lines)[row]


def test_paths_are_spelled_with_the_names_as_stored() -> None:
    lines = JsonTree(json_text.pretty(r'{"a":[{"odd name":1,"\u00e9":2}]}') or "").lines(WIDTH)
    assert [path_text(lines.path(row)) for row in (0, 1, 2, 3, 4, 6)] == [
        "$",
        "$.a",
        "$.a[0]",
        '$.a[0]["odd name"]',
        r'$.a[0]["\u00e9"]',
        "$.a",
    ]


def test_members_of_one_name_have_different_paths() -> None:
    text = '{"a":1,"b":{"a":2},"a":3,"o o":4,"o o":5}'
    lines = JsonTree(json_text.pretty(text) or "").lines(WIDTH)
    paths = [path_text(lines.path(row)) for row in range(1, len(lines) - 1)]
    assert paths == ["$.a#1", "$.b", "$.b.a", "$.b", "$.a#2", '$["o o"]#1', '$["o o"]#2']


def test_of_json_lines_the_path_begins_with_the_number_of_the_document() -> None:
    lines = views(b'{"a":1}\n[2,3]\n4\n{"b":{}}\n', now=0).lines(View.JSON, WIDTH)
    assert isinstance(lines, TreeLines)
    paths = [path_text(lines.path(row)) for row in range(len(lines))]
    assert paths == [
        "$[0]",
        "$[0].a",
        "$[0]",
        "$[1]",
        "$[1][0]",
        "$[1][1]",
        "$[1]",
        "$[2]",
        "$[3]",
        "$[3].b",
        "$[3]",
    ]


def test_values_that_are_written_like_json_fold_and_have_paths_too() -> None:
    text = notation({1: {b"x": [1, 2]}, "s": 3})
    lines = JsonTree(text, is_notation=True).lines(WIDTH)
    assert [path_text(lines.path(row)) for row in range(1, 4)] == [
        "$[1]",
        "$[1][<1 byte: 78>]",
        "$[1][<1 byte: 78>][0]",
    ]


@pytest.mark.parametrize("name", ["lone surrogate", "NaN", "control in string", "bidi in string"])
def test_what_strict_parsers_refuse_is_laid_out_with_every_token_as_stored(name: str) -> None:
    text = NASTY_JSON[name].decode()
    found = json_lenient.laid_out(text)
    assert found is not None
    assert _TOKEN.findall(found) == _TOKEN.findall(text)
    assert views(NASTY_JSON[name], now=0).default is View.JSON


@given(json_values)
def test_the_lenient_layout_is_that_of_strict_json(value: object) -> None:
    text = json.dumps(value)
    assert json_lenient.laid_out(text) == json_text.pretty(text)


@pytest.mark.parametrize(
    "text", ['{"a":[1}', "[1", "]", "[1] 2", '{"a', '{"a":"\n"}', ",", "[" * 300 + "]" * 300]
)
def test_what_does_not_show_its_structure_is_not_laid_out(text: str) -> None:
    assert json_lenient.laid_out(text) is None


def test_a_path_is_the_same_whichever_nodes_were_asked_for_before() -> None:
    text = json.dumps([{"id": number, "tags": ["a", "b"]} for number in range(300)], indent=2)
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    places = JsonPlaces(text)
    for start in random.Random(1).choices(starts, k=400):
        assert places.path(start) == JsonPlaces(text).path(start)
