"""One node of JSON is changed, and not one character elsewhere."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kvtui.values.json_edit import (
    JsonEditError,
    Node,
    added,
    changed,
    deleted,
    find_node,
    is_container,
    renamed,
)
from tests.support.values import NASTY_JSON

NO_JSON = {"cut short", "only spaces"}
WITH_MEMBER = {kind for kind, body in NASTY_JSON.items() if b'{"a' in body} - NO_JSON

names = some.text(alphabet='ab"\\ .é[]', max_size=4)
scalars = some.none() | some.booleans() | some.integers() | some.text(max_size=5)
documents: some.SearchStrategy[Any] = some.recursive(
    scalars,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
layouts: some.SearchStrategy[Callable[[Any], str]] = some.sampled_from(
    [
        json.dumps,
        lambda value: json.dumps(value, indent=2, ensure_ascii=False),
        lambda value: json.dumps(value, separators=(",", ":")),
        lambda value: " " + json.dumps(value, indent="\t", separators=(" ,", " : ")) + "\n",
    ]
)


def paths(value: Any, path: str = "$") -> list[tuple[str, list[Any]]]:
    """Give every path, with the steps that lead there."""

    def walk(value: Any, path: str, steps: list[Any]) -> list[tuple[str, list[Any]]]:
        found = [(path, steps)]
        if isinstance(value, dict):
            for name, inner in value.items():
                found += walk(inner, f"{path}[{json.dumps(name)}]", [*steps, name])
        if isinstance(value, list):
            for place, inner in enumerate(value):
                found += walk(inner, f"{path}[{place}]", [*steps, place])
        return found

    return walk(value, path, [])


def at(value: Any, steps: list[Any]) -> Any:
    for step in steps:
        value = value[step]
    return value


def outside(text: str, node: Node) -> tuple[str, str]:
    return text[: node.start], text[node.end :]


@given(documents, layouts, documents, some.data())
def test_a_change_reaches_its_node_alone(
    value: Any, layout: Callable[[Any], str], new: Any, data: some.DataObject
) -> None:
    text = layout(value)
    path, steps = data.draw(some.sampled_from(paths(value)))
    node = find_node(text, path)
    assert json.loads(text[node.start : node.end]) == at(value, steps)

    after = changed(text, node, json.dumps(new))

    assert (after[: node.start], after[len(after) - len(text) + node.end :]) == outside(text, node)
    assert at(json.loads(after), steps) == new
    assert find_node(after, path).start == node.start


@given(documents, layouts, some.data())
def test_a_deletion_takes_out_a_node_with_its_comma_alone(
    value: Any, layout: Callable[[Any], str], data: some.DataObject
) -> None:
    text = layout(value)
    inner = [found for found in paths(value) if found[1]]
    if not inner:
        return
    path, steps = data.draw(some.sampled_from(inner))

    after = deleted(text, find_node(text, path))

    del at(value, steps[:-1])[steps[-1]]
    assert json.loads(after) == value
    removed = len(text) - len(after)
    start = next((place for place, char in enumerate(after) if text[place] != char), len(after))
    assert any(after == text[:begin] + text[begin + removed :] for begin in range(start, -1, -1)), (
        "more than one part was taken out"
    )


@given(documents, layouts, documents, names, some.data())
def test_what_is_added_stands_at_the_end_and_moves_nothing(  # one property, five sources of chance
    value: Any, layout: Callable[[Any], str], new: Any, name: str, data: some.DataObject
) -> None:
    text = layout(value)
    holders = [found for found in paths(value) if isinstance(at(value, found[1]), dict | list)]
    if not holders:
        return
    path, steps = data.draw(some.sampled_from(holders))
    holder = at(value, steps)
    if isinstance(holder, dict) and name in holder:
        return

    is_object = isinstance(holder, dict)
    after = added(text, find_node(text, path), json.dumps(new), name if is_object else None)

    if isinstance(holder, dict):
        holder[name] = new
    else:
        holder.append(new)
    assert json.loads(after) == value
    grown = len(after) - len(text)
    assert any(text == after[:begin] + after[begin + grown :] for begin in range(len(text) + 1))


@given(documents, layouts, names, some.data())
def test_a_new_name_stands_where_the_old_one_stood(
    value: Any, layout: Callable[[Any], str], name: str, data: some.DataObject
) -> None:
    text = layout(value)
    members = [found for found in paths(value) if found[1] and isinstance(found[1][-1], str)]
    if not members:
        return
    path, steps = data.draw(some.sampled_from(members))
    if name in at(value, steps[:-1]):
        return
    node = find_node(text, path)
    assert node.name is not None

    after = renamed(text, node, name)

    assert after.startswith(text[: node.name[0]])
    assert after.endswith(text[node.name[1] :])
    assert at(json.loads(after), [*steps[:-1], name]) == at(value, steps)


def test_everything_else_stays_as_it_is_spelled() -> None:
    text = '{"a":1E2,"a":12345678901234567890.10,"b":"\\/\\u00e9\\ud800" , "n" : [ 1e999, -0 ]}'
    node = find_node(text, "b")
    assert changed(text, node, "[true]") == text.replace('"\\/\\u00e9\\ud800"', "[true]")
    assert deleted(text, find_node(text, "n[0]")) == text.replace("1e999, ", "")
    assert renamed(text, find_node(text, "a#2"), "c") == text.replace('"a":123', '"c":123')


def test_a_layout_of_lines_is_gone_on_with() -> None:
    text = '{\n  "a": 1,\n  "b": [\n    1\n  ]\n}\n'
    assert added(text, find_node(text, "$"), "2", "c") == (
        '{\n  "a": 1,\n  "b": [\n    1\n  ],\n  "c": 2\n}\n'
    )
    assert added(text, find_node(text, "$.b"), "2") == (
        '{\n  "a": 1,\n  "b": [\n    1,\n    2\n  ]\n}\n'
    )
    assert deleted(text, find_node(text, "b")) == '{\n  "a": 1\n}\n'
    assert added("{}", find_node("{}", "$"), "1", "a") == '{"a":1}'


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("c", "there is no c"),
        ("a.b", "b is asked for, and it is in no object"),
        ("list[2]", "there is no item 2"),
        ("a[0]", "an item is asked for, and it is no list"),
        ("twice", "2 have the name twice: #1 is the first of them"),
        ("twice#3", "there is no twice"),
        ("a..b", "..b is no step of a path"),
        ("a[x]", "[x] is no step of a path"),
        ('["\\x"]', '"\\x" is no name'),
    ],
)
def test_a_path_that_leads_nowhere_is_told_why(path: str, why: str) -> None:
    with pytest.raises(JsonEditError) as refusal:
        find_node('{"a":1,"list":[1,2],"twice":1,"twice":2}', path)
    assert str(refusal.value) == why


@pytest.mark.parametrize(
    "act",
    [
        lambda text: changed(text, find_node(text, "a"), "{"),
        lambda text: changed(text, find_node(text, "a"), "NaN"),
        lambda text: changed(text, find_node(text, "a"), "1 2"),
        lambda text: renamed(text, find_node(text, "a"), "b"),
        lambda text: renamed(text, find_node(text, "$"), "b"),
        lambda text: deleted(text, find_node(text, "$")),
        lambda text: added(text, find_node(text, "$"), "1"),
        lambda text: added(text, find_node(text, "$"), "1", "a"),
        lambda text: added(text, find_node(text, "b"), "1", "a"),
        lambda text: added(text, find_node(text, "a"), "1"),
    ],
)
def test_a_change_that_would_break_the_json_is_refused(act: Callable[[str], str]) -> None:
    with pytest.raises(JsonEditError):
        act('{"a":1,"b":[]}')


@pytest.mark.parametrize("kind", sorted(NASTY_JSON.keys() - NO_JSON))
def test_the_outermost_node_is_all_but_the_blanks_around_it(kind: str) -> None:
    text = NASTY_JSON[kind].decode()
    node = find_node(text, "$")
    assert outside(text, node)[0].strip("\ufeff \n") == ""
    assert isinstance(is_container(text, node), bool)


@pytest.mark.parametrize("kind", sorted(NO_JSON))
def test_what_is_no_json_is_refused(kind: str) -> None:
    with pytest.raises(JsonEditError):
        find_node(NASTY_JSON[kind].decode(), "$")


def test_a_document_of_a_sequence_is_chosen_by_its_place() -> None:
    text = '{"a":1}\n{"a":2}\n'
    node = find_node(text, "$[1].a", is_sequence=True)
    assert changed(text, node, "3") == '{"a":1}\n{"a":3}\n'
    with pytest.raises(JsonEditError, match="there is no document 2"):
        find_node(text, "$[2]", is_sequence=True)
    with pytest.raises(JsonEditError, match="say which document first"):
        find_node(text, "$.a", is_sequence=True)


@pytest.mark.parametrize("kind", sorted(WITH_MEMBER))
def test_one_token_of_nasty_json_is_changed_and_no_other_byte(kind: str) -> None:
    stored = NASTY_JSON[kind]
    text = stored.decode()
    path = {"duplicate names": "$.a#2", "quotes and backslashes": '$["a\\\\"]'}.get(kind, "$.a")
    node = find_node(text, path)

    after = changed(text, node, '"new"').encode()

    before, rest = text[: node.start].encode(), text[node.end :].encode()
    assert after == before + b'"new"' + rest
    assert stored.startswith(before)
    assert stored.endswith(rest)
