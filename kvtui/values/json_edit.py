"""Changing one node of JSON text: every character outside of it stays as it is.

Nothing is parsed and written again, so numbers, escapes, repeated names and layout cannot change.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from kvtui.values.json_check import json_problem

_SPACE: Final = re.compile("[ \t\r\n\ufeff]*")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SCALAR: Final = re.compile(r'[^\s,:"\[\]{}]+')
_NESTING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_CLOSERS: Final = {"{": "}", "[": "]"}
_STEP: Final = re.compile(
    r'(?:\.?(?P<name>[^\W\d][\w-]*)|\[(?P<place>\d+)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\])'
    r"(?:#(?P<which>\d+))?"
)


class JsonEditError(Exception):
    """A node that is not there, or a change that cannot be made; the message says why."""


class Step(NamedTuple):
    """One step of a path: a member by its name, or an item by its place from 0."""

    name: str | None
    place: int
    """Of an item; of a member, which one of those with its name, from 1; 0 where that is open."""


@dataclass(frozen=True, slots=True)
class Node:
    """Where a node stands in the text, and what is around it."""

    start: int
    end: int
    name: tuple[int, int] | None = None
    """From where to where its name stands, if it is a member."""
    container: int | None = None
    """Where the list or object begins that holds it; None for the outermost node."""

    @property
    def whole_start(self) -> int:
        """Where it begins, its name included."""
        return self.name[0] if self.name else self.start


def find_node(text: str, path: str, *, is_sequence: bool = False) -> Node:
    """Find the node at a path such as `$.users[3]["odd name"]`; `#2` is the second of a name.

    In a sequence of documents the first step is the place of one of them.
    """
    wanted, document = steps(path), 0
    if is_sequence:
        if not wanted or wanted[0].name is not None:
            raise JsonEditError("say which document first, as in $[0]")
        document = wanted.pop(0).place
    node = _document(text, document)
    for step in wanted:
        node = _child(text, node, step)
    return node


def _document(text: str, number: int) -> Node:
    start = _after_space(text, 0)
    for _ in range(number):
        start = _after_space(text, _value_end(text, start))
        if start == len(text):
            raise JsonEditError(f"there is no document {number}")
    return Node(start, _value_end(text, start))


def steps(path: str) -> list[Step]:
    """Take a path apart."""
    rest = path.strip().removeprefix("$")
    found, at = [], 0
    while at < len(rest):
        step = _STEP.match(rest, at)
        if step is None:
            raise JsonEditError(f"{rest[at:]} is no step of a path")
        found.append(_step(step))
        at = step.end()
    return found


def changed(text: str, node: Node, new: str) -> str:
    """Put `new`, which must be JSON, in place of a node."""
    return text[: node.start] + _checked(new) + text[node.end :]


def renamed(text: str, node: Node, name: str) -> str:
    """Give a member another name, which must not be there yet."""
    if node.name is None or node.container is None:
        raise JsonEditError("only the members of an object have names")
    _refuse_name(text, node.container, name)
    return text[: node.name[0]] + _quoted(name) + text[node.name[1] :]


def deleted(text: str, node: Node) -> str:
    """Take a node out, with its name and one comma."""
    if node.container is None:
        raise JsonEditError("the outermost node can be changed, not deleted")
    siblings = list(_children(text, node.container))
    place = siblings.index(node)
    if place + 1 < len(siblings):
        return text[: node.whole_start] + text[siblings[place + 1].whole_start :]
    if place:
        return text[: siblings[place - 1].end] + text[node.end :]
    return text[: node.container + 1] + text[_close(text, node.container) :]


def added(text: str, node: Node, new: str, name: str | None = None) -> str:
    """Add to the end of a list, or (with `name`) of an object, laid out as its neighbour is."""
    is_object = text[node.start] == "{"
    if not is_container(text, node) or is_object != (name is not None):
        raise JsonEditError("only an object takes a member, and only a list an item")
    if name is not None:
        _refuse_name(text, node.start, name)
    body = _checked(new)
    siblings = list(_children(text, node.start))
    if name is not None:
        body = _quoted(name) + _colon(text, siblings) + body
    at, before = node.start + 1, ""
    if siblings:
        at, last = siblings[-1].end, siblings[-1].whole_start
        comma = text.index(",", siblings[-2].end) if len(siblings) > 1 else node.start
        before = "," + text[comma + 1 : last]
    return text[:at] + before + body + text[at:]


def is_container(text: str, node: Node) -> bool:
    """Tell a list or an object from other nodes."""
    return text[node.start] in _CLOSERS


def _step(found: re.Match[str]) -> Step:
    which = int(found["which"] or 0)
    if found["place"] is not None:
        return Step(None, int(found["place"]))
    return Step(found["name"] or _name(found["quoted"]), which)


def _child(text: str, node: Node, step: Step) -> Node:
    wanted = "[" if step.name is None else "{"
    if text[node.start] != wanted:
        raise JsonEditError(
            "an item is asked for, and it is no list"
            if step.name is None
            else f"{step.name} is asked for, and it is in no object"
        )
    children = _children(text, node.start)
    if step.name is None:
        found = next((child for at, child in enumerate(children) if at == step.place), None)
        if found is None:
            raise JsonEditError(f"there is no item {step.place}")
        return found
    named = [child for child in children if _name_of(text, child) == step.name]
    return _chosen(named, step)


def _chosen(named: list[Node], step: Step) -> Node:
    if not named or step.place > len(named):
        raise JsonEditError(f"there is no {step.name}")
    if len(named) > 1 and not step.place:
        raise JsonEditError(f"{len(named)} have the name {step.name}: #1 is the first of them")
    return named[max(0, step.place - 1)]


def _children(text: str, container: int) -> Iterator[Node]:
    """Give what a list or an object holds, in order."""
    closer = _CLOSERS[text[container]]
    at = _after_space(text, container + 1)
    while text[at : at + 1] != closer:
        name = None
        if closer == "}":
            name = at, _token_end(text, at, _STRING)
            at = _after_space(text, _expected(text, _after_space(text, name[1]), ":"))
        child = Node(at, _value_end(text, at), name, container)
        yield child
        at = _after_space(text, child.end)
        if text[at : at + 1] != closer:
            at = _after_space(text, _expected(text, at, ","))


def _close(text: str, container: int) -> int:
    return _value_end(text, container) - 1


def _value_end(text: str, start: int) -> int:
    first = text[start : start + 1]
    if first == '"':
        return _token_end(text, start, _STRING)
    if first not in _CLOSERS:
        return _token_end(text, start, _SCALAR)
    depth = 0
    for token in _NESTING.finditer(text, start):
        depth += (token[0] in _CLOSERS) - (token[0] in "]}")
        if depth == 0:
            return token.end()
    raise JsonEditError("the JSON is cut short")


def _token_end(text: str, start: int, token: re.Pattern[str]) -> int:
    found = token.match(text, start)
    if found is None:
        raise JsonEditError(f"this is no JSON at character {start + 1:,}")
    return found.end()


def _expected(text: str, at: int, mark: str) -> int:
    if not text.startswith(mark, at):
        raise JsonEditError(f"this is no JSON at character {at + 1:,}: {mark} is missing")
    return at + 1


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _name_of(text: str, child: Node) -> str | None:
    return _name(text[slice(*child.name)]) if child.name else None


def _name(token: str) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError as error:
        raise JsonEditError(f"{token} is no name") from error


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _colon(text: str, siblings: list[Node]) -> str:
    """Give what stands between a name and its value, as next to it or else in the whole text."""
    if siblings and (name := siblings[-1].name):
        return text[name[1] : siblings[-1].start]
    return ": " if '": ' in text else ":"


def _refuse_name(text: str, container: int, name: str) -> None:
    if any(_name_of(text, child) == name for child in _children(text, container)):
        raise JsonEditError(f"there is a {name} already")


def _checked(new: str) -> str:
    if problem := json_problem(new, "json"):
        raise JsonEditError(f"not JSON: {problem}")
    return new.strip()
