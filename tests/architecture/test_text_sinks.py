"""Text reaches widgets only through `kvtui.ui.text` and `kvtui.values.display`."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "kvtui" / "ui"
DOORS = {"line", "plain", "show", "show_line", "show_in_place", "show_spans"}
OURS = {"age", "count", "exact_size", "hint_line", "len", "plural", "spell_lifetime"}
"""Words and numbers of the program itself."""
TEXTS = {"Content", "Text", "Static", "Label"}
FRAMES = {"border_title", "border_subtitle", "tooltip", "sub_title", "placeholder"}
MAKERS = {"Content", "assemble", "join", "styled"}
SAME_TEXT = {"removesuffix", "truncate", "title"}
MARKUP = {"from_markup", "from_text", "from_ansi", "from_rich_text"}
NUMERIC = re.compile("[,xXbd]")
"""In a format: nothing but a number takes it."""
REVIEWED = {
    "(arrow, 'bold')": "▸ or >",
    "path": "parts that came through the door, shortened",
    "f'RW armed {minutes}:{seconds:02}'": "numbers",
    "f'rate limit: {place.wait_seconds} s'": "a number",
    "flight": "a symbol and a number",
    "place": "numbers",
    "pane.value.title()": "the names of the three panes",
    "state.problem": "one constant sentence",
    "text if len(text) <= width else _EXACT_SIZE.sub('', text, count=1)": "came through the door",
    "(key, 'bold')": "the name of a key of the keyboard",
    "(key, 'bold $text-accent')": "the name of a key of the keyboard",
    "f' {word}'": "a word from the table of commands",
    "f' {word} '": "a word from the table of commands",
    "self._body": "content by its type; what makes it is looked at there",
    "(self._what_happened(), 'bold $text-warning')": "one of four sentences",
    "(self._expiry(), 'bold $text-warning')": "sentences and numbers",
    "self._notes_line()": "came through the door",
    "title": "one of the titles of the three versions",
    "RequestRows.HEADING": "a constant",
    "(entry.method, 'bold')": "one of four methods, as sent",
    "text": "the word on a button, written where the button is made",
    "Content.from_text(self.label, markup=False)": "the word on a button again",
    "opening": "a bracket",
    "closing": "a bracket",
    "f'valid {name}'": "the name of a syntax",
    "f'not {name}: {line(state.problem)}'": "the name of a syntax",
    "refusal": "one of three sentences",
    "f'{visible} ' if end == len(raw) else visible": "came through `show_in_place`",
    "f'[{view}]'": "the name of a view",
    "f'{side}{view}{side}'": "the name of a view",
    "f'[{name}]'": "the name of a layer or a format",
    "name": "the name of a layer or a format",
    "((entry.key, entry) for entry in page)": "not a widget: a dictionary",
    "range(self._wanted.lines)": "not a widget: a set",
}
"""What cannot be told by the code around it, and why it is harmless all the same."""


Assigned = dict[str, list[ast.expr]]


def first_of(text: ast.expr) -> Sequence[ast.expr] | None:
    """Give the text beside its style, or what a part was cut from."""
    match text:
        case ast.Tuple(elts=[part, *_]) | ast.Subscript(value=part):
            return [part]
        case _:
            return None


def parts_of(text: ast.expr) -> Sequence[ast.expr] | None:
    """Give what a text is put together of; nothing for numbers and for what is written here."""
    match text:
        case ast.FormattedValue(value=part, format_spec=spec):
            return [] if spec is not None and NUMERIC.search(ast.unparse(spec)) else [part]
        case ast.Constant() | ast.BinOp(ast.Constant(), ast.Mult()):
            return []
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            return parts
        case ast.IfExp(body=left, orelse=right) | ast.BinOp(left=left, right=right):
            return [left, right]
        case _:
            return first_of(text)


@dataclass(frozen=True)
class Scope:
    """A function, by what its names were given."""

    assigned: Assigned
    made: frozenset[str]
    """Functions that give content: what they make it of is looked at where they are."""
    resolved: frozenset[str] = frozenset()

    def is_harmless(self, text: ast.expr) -> bool:
        if isinstance(text, ast.Name):
            return text.id.isupper() or self._is_harmless_name(text.id)
        if isinstance(text, ast.Call):
            name = called(text)
            is_same = name in SAME_TEXT and self.is_harmless(receiver(text))
            return is_same or name in DOORS | OURS | MAKERS | self.made
        parts = parts_of(text)
        return parts is not None and all(map(self.is_harmless, parts))

    def _is_harmless_name(self, name: str) -> bool:
        if name in self.resolved:  # it is made of itself, and of what else is looked at
            return True
        values = self.assigned.get(name, [])
        inner = Scope(self.assigned, self.made, self.resolved | {name})
        return bool(values) and all(map(inner.is_harmless, values))


def assigned_in(function: ast.AST) -> Assigned:
    """Give what every name of a function was given."""
    assigned: Assigned = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                names = [name]
            case _:
                continue
        for name in names:
            assigned.setdefault(name, []).append(value)
    return assigned


def called(node: ast.Call) -> str:
    """Give the last part of the name of what is called."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def receiver(node: ast.Call) -> ast.expr:
    """Give what a method is called on."""
    return node.func.value if isinstance(node.func, ast.Attribute) else node.func


def sunk(node: ast.Call) -> Iterator[ast.expr]:
    """Give what a call makes text of on the screen."""
    name = called(node)
    owner = receiver(node)
    is_of_content = isinstance(owner, ast.Name) and owner.id in {"Content", "Text"}
    is_first = name in TEXTS or name == "notify" or (name == "styled" and is_of_content)
    is_all = (name == "update" and not node.keywords) or (name == "assemble" and is_of_content)
    if is_of_content and name in MARKUP:
        yield node
    yield from node.args[:1] if is_first else node.args if is_all else []
    yield from (word.value for word in node.keywords if word.arg in FRAMES)


def framed(node: ast.Assign) -> Iterator[ast.expr]:
    """Give what an assignment puts into a frame or a tooltip."""
    if any(isinstance(target, ast.Attribute) and target.attr in FRAMES for target in node.targets):
        yield node.value


def content_makers() -> frozenset[str]:
    """Give the names of all functions that say they give content, and are looked at here."""
    return frozenset(
        node.name
        for path in UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns) in {"Content", "Content | None"}
    )


def findings(source: str, made: frozenset[str] = frozenset()) -> list[str]:
    """Give every text that reaches a widget and came through no door."""
    found: list[str] = []

    def look(node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            scope = Scope(assigned_in(node), made)
        texts = sunk(node) if isinstance(node, ast.Call) else ()
        texts = framed(node) if isinstance(node, ast.Assign) else texts
        found.extend(ast.unparse(text) for text in texts if not scope.is_harmless(text))
        for child in ast.iter_child_nodes(node):
            look(child, scope)

    look(ast.parse(source), Scope({}, made))
    return found


def all_findings() -> dict[str, list[str]]:
    """Give the texts in question, each with the modules that it stands in."""
    made = content_makers()
    found: dict[str, list[str]] = {}
    for path in sorted(UI.rglob("*.py")):
        for text in findings(path.read_text(), made):
            found.setdefault(text, []).append(path.relative_to(UI).as_posix())
    return found


def test_every_text_comes_through_a_door_or_was_looked_at() -> None:
    found = all_findings()
    assert {text: places for text, places in found.items() if text not in REVIEWED} == {}
    assert set(REVIEWED) - set(found) == set()


@pytest.mark.parametrize(
    "source",
    [
        "Content(key)",
        "Content(f'Key {key}')",
        "Content.assemble('Key ', (key, 'bold'))",
        "Content.styled(error.detail, 'bold')",
        "Content.from_markup('[b]x[/]')",
        "Static(str(error))",
        "Static(f'{name:<20}')",
        "self.query_one(Static).update(value)",
        "self.notify(f'{name} is gone', markup=False)",
        "frame.border_title = namespace.name",
        "Input(placeholder=name)",
        "def show(name):\n    text = line('a')\n    text = name\n    Static(text)",
        "Text.from_ansi(value)",
    ],
)
def test_a_text_that_comes_through_no_door_is_found(source: str) -> None:
    assert len(findings(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "Content('Delete key')",
        "Content(line(key))",
        "Content(f'Key {line(key)} of {size:,}')",
        "Static(plain(value) if value else Content(''))",
        "self.notify(line(text), markup=False)",
        "def show(name):\n    text = f'at {line(name)}'\n    Static(text)",
    ],
)
def test_a_text_that_comes_through_a_door_is_none(source: str) -> None:
    assert findings(source) == []
