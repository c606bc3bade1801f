"""The table of commands and the classes that carry them out belong together."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

import kvtui.ui
from kvtui.ui.commands import COMMANDS, Command, Scope

for module in pkgutil.walk_packages(kvtui.ui.__path__, "kvtui.ui."):
    importlib.import_module(module.name)


def subclasses(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


def bindings_of(kind: type[DOMNode]) -> list[Binding]:
    """Give the bindings that a class itself declares."""
    declared = vars(kind).get("BINDINGS", ())
    return [binding for binding in declared if isinstance(binding, Binding)]


NODES = [kind for kind in subclasses(DOMNode) if kind.__module__.startswith("kvtui.")]


def carriers(scope: Scope) -> set[type[DOMNode]]:
    ids = {command.id for command in COMMANDS if command.scope is scope}
    return {kind for kind in NODES if ids & {binding.id for binding in bindings_of(kind)}}


def method(command: Command) -> str:
    return f"action_{command.action.removeprefix('screen.').partition('(')[0]}"


def test_no_two_commands_share_an_id() -> None:
    ids = [command.id for command in COMMANDS]
    assert len(ids) == len(set(ids))


def test_no_key_has_two_meanings_in_one_place_unless_the_place_tells_them_apart() -> None:
    for kind in NODES:
        if "check_action" in vars(kind):
            continue
        keys = [key for binding in bindings_of(kind) for key in binding.key.split(",")]
        assert sorted(keys) == sorted(set(keys)), kind


@pytest.mark.parametrize("scope", Scope)
def test_every_scope_is_bound_somewhere(scope: Scope) -> None:
    assert carriers(scope)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_a_command_is_carried_out_where_it_is_bound(command: Command) -> None:
    if command.action.startswith("screen."):
        assert any(hasattr(kind, method(command)) for kind in NODES if issubclass(kind, Screen))
    else:
        unable = [kind for kind in carriers(command.scope) if not hasattr(kind, method(command))]
        assert unable == []
